"""The commands of recommendations, a module per use case."""
