"""The rules of messaging: pure."""


def direct_key(one_id: int, other_id: int, subject: str | None) -> str:
    """The natural key of two people's room about a subject, whoever of them opens it."""
    low, high = sorted((one_id, other_id))
    return f"direct:{low}:{high}" if subject is None else f"direct:{low}:{high}:{subject}"
