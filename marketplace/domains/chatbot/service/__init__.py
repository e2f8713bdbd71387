"""The commands of the chatbot, a module per use case."""
