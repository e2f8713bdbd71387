"""Rooms and the messages in them; a room knows the subject it is about as a text, such as `task:42`."""
