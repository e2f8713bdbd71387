"""The commands of profiles, a module per use case."""
