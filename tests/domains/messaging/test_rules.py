import pytest

from marketplace.domains.messaging.errors import AttachmentUnfit, NotAnEmoji
from marketplace.domains.messaging.rules import check_attachment, check_emoji, direct_key
from marketplace.domains.messaging.types import MessageKind

A_FAMILY = "👨\u200d👩\u200d👧\u200d👦"


def test_a_pair_has_one_key_whoever_opens():
    assert direct_key(7, 3, None) == direct_key(3, 7, None) == "direct:3:7"


def test_a_subject_makes_another_key():
    assert direct_key(7, 3, "task:42") == "direct:3:7:task:42"


@pytest.mark.parametrize("text", ["👍", "❤", "❤️", "👍🏿", "🇪🇬", "1️⃣", "©️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", A_FAMILY])
def test_an_emoji_is_one_whatever_it_is_made_of(text):
    check_emoji(text)


@pytest.mark.parametrize(
    "text", ["", " ", "a", "1", ":thumbsup:", "👍👍", "👍 ", "🇪", "\u200d", "<b>", "─", "👍" * 17]
)
def test_whatever_else_is_none(text):
    with pytest.raises(NotAnEmoji):
        check_emoji(text)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        (MessageKind.FILE, "application/pdf"),
        (MessageKind.FILE, "image/png"),
        (MessageKind.IMAGE, "image/png"),
        (MessageKind.VOICE, "audio/webm"),
    ],
)
def test_a_file_that_is_what_the_message_says_will_do(kind, media_type):
    check_attachment(kind, media_type, field="attachment_file")


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        (MessageKind.IMAGE, "application/pdf"),
        (MessageKind.VOICE, "image/png"),
        (MessageKind.VOICE, "text/plain"),
    ],
)
def test_another_is_refused_in_the_field_it_came_by(kind, media_type):
    with pytest.raises(AttachmentUnfit) as refused:
        check_attachment(kind, media_type, field="attachment_file")
    assert refused.value.of_field == "attachment_file"
