"""The commands of payments, a module per use case."""
