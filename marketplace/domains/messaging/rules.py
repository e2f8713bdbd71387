"""The rules of messaging: pure."""

from collections.abc import Mapping

from emoji import is_emoji

from marketplace.domains.messaging.errors import AttachmentUnfit, NotAnEmoji

# What a file must be to be sent as this kind of message, and what is said of one that is not.
_WANTED: Mapping[str, tuple[str, str]] = {
    "image": ("image/", "Upload an image."),
    "voice": ("audio/", "Upload a sound recording."),
}
MOST_EMOJI = 16


def direct_key(one_id: int, other_id: int, subject: str | None) -> str:
    """The natural key of two people's room about a subject, whoever of them opens it."""
    low, high = sorted((one_id, other_id))
    return f"direct:{low}:{high}" if subject is None else f"direct:{low}:{high}:{subject}"


def deal_key(subject: str) -> str:
    """The natural key of the room of a deal's two sides."""
    return f"deal:{subject}"


def check_attachment(kind: str, media_type: str, *, field: str) -> None:
    """Refuse a file that is not what the message says it is; one that says no more may be any."""
    beginning, sentence = _WANTED.get(kind, ("", ""))
    if not media_type.startswith(beginning):
        raise AttachmentUnfit(sentence, field=field)


def check_emoji(text: str) -> None:
    """Refuse what is not exactly one emoji."""
    if len(text) > MOST_EMOJI or not is_emoji(text):
        raise NotAnEmoji
