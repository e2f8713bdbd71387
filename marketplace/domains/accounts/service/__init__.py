"""The commands of accounts, a module per use case."""
