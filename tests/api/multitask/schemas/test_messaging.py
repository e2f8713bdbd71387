from datetime import UTC, datetime

import pytest
from marshmallow import ValidationError

from marketplace.api.multitask.schemas.messaging import ChatFrameIn, OpenIn, message_frame
from marketplace.domains.accounts.public import Brief
from marketplace.domains.messaging.public import Message, MessageKind

SARA = Brief(id=3, username="sara", first_name="Sara", last_name="Haddad", avatar=None)


def test_a_frame_is_as_documented():
    message = Message(
        id=7,
        room_id=99,
        seq=2,
        sender=SARA,
        kind=MessageKind.TEXT,
        body="hello",
        file=None,
        about=None,
        reactions={},
        is_read=False,
        created_at=datetime(2026, 2, 10, 16, 32, 0, 123456, tzinfo=UTC),
        edited_at=None,
    )
    assert message_frame(message) == {
        "type": "chat_message",
        "message": {
            "id": 7,
            "message_id": 7,
            "conversation_id": 99,
            "seq": 2,
            "sender": {
                "id": 3,
                "username": "sara",
                "first_name": "Sara",
                "last_name": "Haddad",
                "avatar": None,
            },
            "sender_id": 3,
            "sender_username": "sara",
            "content": "hello",
            "is_read": False,
            "created_at": "2026-02-10T16:32:00Z",
        },
    }


def test_a_clients_frame_carries_its_text_under_either_name():
    frame = {"type": "chat_message", "message": " hello ", "content": "other", "client_msg_id": "a1"}
    assert ChatFrameIn().load(frame) == {"body": "hello", "client_msg_id": "a1"}
    assert ChatFrameIn().load({"content": "other"}) == {"body": "other", "client_msg_id": None}


@pytest.mark.parametrize("frame", [{}, {"message": " "}, {"message": "x" * 5001}, {"message": {}}])
def test_a_clients_frame_without_a_text_is_refused(frame):
    with pytest.raises(ValidationError) as refused:
        ChatFrameIn().load(frame)
    assert list(refused.value.messages) == ["message"]


@pytest.mark.parametrize(
    ("body", "task_id"),
    [
        ({"participant_id": "7"}, None),
        ({"participant_id": 7, "task_id": None}, None),
        ({"participant_id": 7, "task_id": "42"}, 42),
    ],
)
def test_a_conversation_is_opened_with_a_person_and_perhaps_a_task(body, task_id):
    assert OpenIn().load(body) == {"participant_id": 7, "task_id": task_id}
