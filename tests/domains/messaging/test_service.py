from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from marketplace.domains.messaging import errors
from marketplace.domains.messaging import public as messaging
from marketplace.kernel.database import database
from marketplace.kernel.pages import PageRequest
from tests.factories.people import person
from tests.query_count import counted_queries


def facts_told():
    with database.autocommit.connect() as connection:
        query = "SELECT payload FROM outbox_facts WHERE name = 'messaging.MessageSent' ORDER BY id"
        return connection.scalars(sa.text(query)).all()


def test_a_pair_has_one_conversation_a_subject(sara, omar):
    first, is_new = messaging.open_direct(actor=sara, participant_id=omar.id)
    again, is_new_again = messaging.open_direct(actor=omar, participant_id=sara.id)
    about, is_new_about = messaging.open_direct(actor=omar, participant_id=sara.id, subject="task:42")
    assert (is_new, is_new_again, is_new_about) == (True, False, True)
    assert first.id == again.id != about.id
    assert (first.subject, about.subject) == (None, "task:42")
    assert (first.other.username, again.other.username) == ("omar", "sara")
    assert [one.username for one in again.participants] == ["sara", "omar"]


def test_nobody_talks_to_themselves_or_to_nobody(sara):
    with pytest.raises(errors.TalkingToOneself):
        messaging.open_direct(actor=sara, participant_id=sara.id)
    with pytest.raises(errors.ParticipantUnknown):
        messaging.open_direct(actor=sara, participant_id=999)


def test_eight_who_open_at_once_make_one_conversation(sara, omar):
    def open_one(number):
        actor, other = (sara, omar) if number % 2 else (omar, sara)
        return messaging.open_direct(actor=actor, participant_id=other.id, subject="task:42")

    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(open_one, range(8)))
    assert len({conversation.id for conversation, _ in opened}) == 1
    assert [is_new for _, is_new in opened].count(True) == 1
    page = messaging.list_conversations(person_id=sara.id, request=PageRequest())
    assert page.total == 1


def test_eight_senders_number_a_room_without_a_gap(sara, omar, room_id):
    def say(number):
        actor = sara if number % 2 else omar
        return [messaging.send(actor=actor, room_id=room_id, body=f"{number}:{turn}") for turn in range(25)]

    with ThreadPoolExecutor(8) as pool:
        said = [message for messages in pool.map(say, range(8)) for message in messages]
    assert sorted(message.seq for message in said) == list(range(1, 201))
    heard = messaging.missed(person_id=sara.id, room_id=room_id, after_seq=0)
    assert [message.seq for message in heard] == list(range(1, 201))
    assert {message.body for message in heard} == {f"{one}:{turn}" for one in range(8) for turn in range(25)}
    assert sorted(fact["seq"] for fact in facts_told()) == list(range(1, 201))


def test_a_message_is_known_by_its_senders_own_name_for_it(sara, omar, room_id):
    first = messaging.send(actor=sara, room_id=room_id, body="hello", client_msg_id="a1")
    again = messaging.send(actor=sara, room_id=room_id, body="hello", client_msg_id="a1")
    other = messaging.send(actor=omar, room_id=room_id, body="hello", client_msg_id="a1")
    assert (first.id, first.seq) == (again.id, again.seq)
    assert (other.seq, other.sender.username) == (2, "omar")
    assert len(facts_told()) == 2


def test_a_message_repeated_by_eight_at_once_is_sent_once(sara, room_id):
    with ThreadPoolExecutor(8) as pool:
        said = list(
            pool.map(
                lambda _: messaging.send(actor=sara, room_id=room_id, body="hello", client_msg_id="a1"),
                range(8),
            )
        )
    assert {(message.id, message.seq) for message in said} == {(said[0].id, 1)}


def test_a_stranger_learns_nothing_of_a_room(room_id):
    stranger = person(username="lina")
    for unknown in (room_id, 999):
        with pytest.raises(errors.RoomNotFound):
            messaging.require_member(person_id=stranger.id, room_id=unknown)
        with pytest.raises(errors.RoomNotFound):
            messaging.send(actor=stranger, room_id=unknown, body="hello")
        with pytest.raises(errors.RoomNotFound):
            messaging.mark_read(actor=stranger, room_id=unknown)
        with pytest.raises(errors.RoomNotFound):
            messaging.missed(person_id=stranger.id, room_id=unknown, after_seq=0)
        with pytest.raises(errors.RoomNotFound):
            messaging.get_conversation(person_id=stranger.id, room_id=unknown)


def test_who_comes_back_gets_what_was_missed(sara, omar, room_id):
    for number in range(1, 6):
        messaging.send(actor=sara, room_id=room_id, body=str(number))
    assert messaging.require_member(person_id=omar.id, room_id=room_id) == 5
    assert [
        message.body for message in messaging.missed(person_id=omar.id, room_id=room_id, after_seq=3)
    ] == ["4", "5"]
    assert messaging.missed(person_id=omar.id, room_id=room_id, after_seq=5) == []


def test_reading_marks_what_was_received_alone(sara, omar, room_id):
    for actor in (sara, omar, sara):
        messaging.send(actor=actor, room_id=room_id, body="hello")
    assert messaging.mark_read(actor=omar, room_id=room_id) == 2
    assert messaging.mark_read(actor=omar, room_id=room_id) == 0
    heard = messaging.missed(person_id=sara.id, room_id=room_id, after_seq=0)
    assert [message.is_read for message in heard] == [True, False, True]
    assert messaging.get_conversation(person_id=omar.id, room_id=room_id).unread_count == 0
    assert messaging.get_conversation(person_id=sara.id, room_id=room_id).unread_count == 1


def test_who_has_yet_to_read_is_never_the_sender(sara, omar, room_id):
    message = messaging.send(actor=sara, room_id=room_id, body="hello")
    (reader,) = messaging.yet_to_read([message.id])
    assert (reader.person_id, reader.last_read_seq) == (omar.id, 0)
    messaging.mark_read(actor=omar, room_id=room_id)
    assert messaging.yet_to_read([message.id]) == []


def test_a_message_that_does_not_exist_is_refused(app):
    with pytest.raises(errors.MessageNotFound):
        messaging.get_message(999)


def test_the_database_refuses_a_second_message_of_the_same_number(sara, room_id):
    messaging.send(actor=sara, room_id=room_id, body="hello")
    copy = sa.text(
        "INSERT INTO messages (room_id, seq, sender_id, body, created_at) "
        "SELECT room_id, seq, sender_id, body, created_at FROM messages"
    )
    with (
        database.autocommit.connect() as connection,
        pytest.raises(sa.exc.IntegrityError, match="uq_messages_room_id_seq"),
    ):
        connection.execute(copy)


@pytest.mark.parametrize("rows", [10, 200])
def test_lists_cost_the_same_however_long_they_are(sara, omar, rows):
    for number in range(rows):
        messaging.open_direct(actor=sara, participant_id=omar.id, subject=f"task:{number}")
    conversation, _ = messaging.open_direct(actor=sara, participant_id=omar.id)
    for _ in range(rows):
        messaging.send(actor=omar, room_id=conversation.id, body="hello")
    request = PageRequest(size=100)
    with counted_queries() as queries:
        messaging.list_conversations(person_id=sara.id, request=request)
    assert len(queries) == 3
    with counted_queries() as queries:
        messaging.list_messages(person_id=sara.id, room_id=conversation.id, request=request)
    assert len(queries) == 3
    with counted_queries() as queries:
        messaging.statistics(person_id=sara.id)
    assert len(queries) == 1
