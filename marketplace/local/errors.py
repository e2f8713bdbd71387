"""What stops a start."""


class LocalError(Exception):
    """Something a person has to mend before the house can start; the message is one clear line."""


class StopRequested(Exception):
    """Somebody asked the supervisor to end while it was waiting for something."""
