"""People, their roles, their codes and their sessions."""
