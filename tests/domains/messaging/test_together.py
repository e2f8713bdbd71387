"""What several say at the same moment is said in one transaction."""

import pytest
import sqlalchemy as sa

from marketplace.domains.messaging import errors
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.models import MessageRow
from marketplace.domains.messaging.service import together as saying
from marketplace.domains.messaging.service.together import Saying
from marketplace.domains.notifications.models import NotificationRow
from marketplace.kernel.pages import PageRequest
from marketplace.kernel.reading import reading
from marketplace.kernel.unit_of_work import on_commit, unit_of_work
from tests.factories.people import person
from tests.query_count import counted_queries
from tests.together import together

REPEATS = 50


@pytest.fixture
def rooms(sara, omar):
    """Three conversations of the same two."""
    opened = [
        messaging.open_direct(actor=sara, participant_id=omar.id, subject=f"task:{number}")
        for number in (1, 2, 3)
    ]
    return [conversation.id for conversation, _ in opened]


def say(*sayings):
    """Say these together: the bodies and numbers, or the refusals."""
    asked = [Saying(sender_id=sender.id, room_id=room_id, body=body) for sender, room_id, body in sayings]
    answers = saying._say_together(asked)
    return [
        type(answer) if isinstance(answer, Exception) else (answer.room_id, answer.seq, answer.body)
        for answer in answers
    ]


def test_each_room_numbers_its_own_messages_in_the_order_they_came(sara, omar, rooms):
    one, other, _ = rooms
    said = say((sara, one, "a"), (omar, other, "b"), (omar, one, "c"), (sara, one, "d"), (sara, other, "e"))
    assert said == [(one, 1, "a"), (other, 1, "b"), (one, 2, "c"), (one, 3, "d"), (other, 2, "e")]
    page = messaging.list_messages(person_id=sara.id, room_id=one, request=PageRequest())
    assert [(message.body, message.sender.username) for message in page.items] == [
        ("a", "sara"),
        ("c", "omar"),
        ("d", "sara"),
    ]
    assert messaging.find_gaps() == []


def test_who_may_not_speak_is_refused_and_holds_up_nobody(sara, omar, rooms):
    one, other, _ = rooms
    stranger = person(username="mallory")
    with unit_of_work() as unit:
        unit.session.execute(sa.text("UPDATE rooms SET is_active = false WHERE id = :id"), {"id": other})
    said = say(
        (stranger, one, "x"), (sara, one, "a"), (sara, other, "y"), (sara, 4711, "z"), (omar, one, "b")
    )
    assert said == [errors.RoomNotFound, (one, 1, "a"), errors.RoomClosed, errors.RoomNotFound, (one, 2, "b")]
    assert say((stranger, one, "x"), (stranger, 4711, "y")) == [errors.RoomNotFound] * 2


def test_everybody_is_told_once_of_what_they_have_not_read(sara, omar, rooms):
    one, other, _ = rooms
    say((sara, one, "a"), (sara, one, "b"), (omar, other, "c"))
    with reading() as connection:
        told = connection.execute(
            sa.select(NotificationRow.person_id, NotificationRow.message).order_by(NotificationRow.id)
        ).all()
    assert sorted((person_id, "a" in text.split()[-1]) for person_id, text in told) == [
        (sara.id, False),
        (omar.id, True),
    ]


def test_ten_cost_as_many_statements_as_one(sara, omar, rooms):
    say(*[(sara, room_id, "first") for room_id in rooms])
    counts = []
    for many in (1, 10):
        with counted_queries() as queries:
            say(*[(sara, rooms[number % 3], "hello") for number in range(many)])
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_crowd_in_many_rooms_loses_nothing_and_leaves_no_gap(sara, omar, rooms):
    def talk(sender, number):
        return lambda: [
            messaging.send(actor=sender, room_id=rooms[(number + turn) % 3], body=f"{number}:{turn}").seq
            for turn in range(REPEATS)
        ]

    together(*[talk((sara, omar)[number % 2], number) for number in range(8)])
    assert messaging.find_gaps() == []
    with reading() as connection:
        bodies = connection.scalars(sa.select(MessageRow.body)).all()
    assert sorted(bodies) == sorted(f"{number}:{turn}" for number in range(8) for turn in range(REPEATS))


def test_what_belongs_into_a_transaction_of_somebody_else_is_said_there(sara, rooms):
    def fail():
        with unit_of_work():
            messaging.send(actor=sara, room_id=rooms[0], body="never")
            raise ZeroDivisionError

    def refuse(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with on_commit(refuse), pytest.raises(ZeroDivisionError):
        messaging.send(actor=sara, room_id=rooms[0], body="never")
    assert messaging.missed(person_id=sara.id, room_id=rooms[0], after_seq=0) == []


def test_several_things_are_said_one_after_the_other(sara, rooms):
    stored = messaging.send_all(actor=sara, room_id=rooms[0], bodies=["a", "b", "c"])
    assert [(message.seq, message.body) for message in stored] == [(1, "a"), (2, "b"), (3, "c")]
    (refusal,) = messaging.send_all(actor=sara, room_id=4711, bodies=["x"])
    assert isinstance(refusal, errors.RoomNotFound)
