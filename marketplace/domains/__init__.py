"""The business. Knows no HTTP."""
