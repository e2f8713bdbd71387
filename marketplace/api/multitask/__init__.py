"""MultiTask: tasks, applications, escrow, wallet."""
