"""The commands of listings, a module per use case."""
