"""What people say of themselves and of what they look for: skills, preferences."""
