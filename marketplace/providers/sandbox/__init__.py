"""The sandbox's twins: they play the outside parties, in development only, and keep their state in tables."""
