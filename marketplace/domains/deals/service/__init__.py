"""The commands of deals, a module per use case."""
