"""The catalogue: categories of work."""
