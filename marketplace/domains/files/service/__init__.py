"""The commands of files, a module per use case."""
