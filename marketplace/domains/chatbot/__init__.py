"""The chatbot: it turns a talk into the draft of a task, and answers questions about the platform."""
