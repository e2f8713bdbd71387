"""What is offered or asked for: tasks."""
