"""The commands of messaging, a module per use case."""
