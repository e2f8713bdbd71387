"""Talks on the real database: their order, their limits, who may see them."""

import pytest
import sqlalchemy as sa

from marketplace.domains.accounts.public import Person
from marketplace.domains.chatbot import errors
from marketplace.domains.chatbot import public as chatbot
from marketplace.domains.chatbot.service import talk
from marketplace.domains.chatbot.types import Author, Mode, Slot
from marketplace.domains.deals import public as deals
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.pages import PageRequest
from marketplace.kernel.process import WrongState
from marketplace.kernel.tokens import TokenNotValid
from tests.factories.people import PASSWORD, person
from tests.query_count import counted_queries
from tests.together import together


@pytest.fixture
def sara(app):
    return person(username="sara")


def say(actor: Person, message: str, session_id=None):
    return chatbot.chat(actor=actor, message=message, session_id=session_id, currency="USD")


def extract(actor, session_id):
    return chatbot.extract_task(actor=actor, session_id=session_id, currency="USD")


def session_of(exchange):
    return exchange.question.session_id


def test_a_talk_numbers_what_both_sides_say(sara):
    first = say(sara, "I need a plumber in Cairo")
    second = say(sara, "300", session_of(first))
    session, messages = chatbot.get_talk(person_id=sara.id, session_id=session_of(first))
    assert [(one.seq, one.author) for one in messages] == [
        (1, Author.USER),
        (2, Author.ASSISTANT),
        (3, Author.USER),
        (4, Author.ASSISTANT),
    ]
    assert (session.message_count, session.title) == (4, "I need a plumber in Cairo")
    assert second.mode is Mode.RULES


def test_eight_who_speak_at_once_in_one_talk_keep_an_order(sara):
    session_id = session_of(say(sara, "I need a plumber"))
    said = together(
        *(lambda number=number: say(sara, f"budget {number} dollars", session_id) for number in range(1, 9))
    )
    assert {exchange.question.body for exchange in said} == {
        f"budget {number} dollars" for number in range(1, 9)
    }
    _, messages = chatbot.get_talk(person_id=sara.id, session_id=session_id)
    assert [message.seq for message in messages] == list(range(1, 19))
    last = [message for message in messages if message.author is Author.USER][-1]
    assert extract(sara, session_id).draft.budget.message_id == last.id


def test_a_talk_that_ends_while_something_is_said_in_it_loses_nothing(sara):
    session_id = session_of(say(sara, "I need a plumber"))
    said, ended = together(
        lambda: say(sara, "300 dollars", session_id), lambda: chatbot.end(actor=sara, session_id=session_id)
    )
    session, messages = chatbot.get_talk(person_id=sara.id, session_id=session_id)
    assert session.ended_at == ended.ended_at
    assert len(messages) == (2 if isinstance(said, WrongState) else 4)


def test_a_crash_before_the_answer_leaves_a_talk_that_goes_on(sara, monkeypatch):
    session_id = session_of(say(sara, "I need a plumber in Cairo"))

    def crash(*_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(talk, "think", crash)
        with pytest.raises(SystemExit):
            say(sara, "300 dollars", session_id)
    _, messages = chatbot.get_talk(person_id=sara.id, session_id=session_id)
    assert [message.body for message in messages][2:] == ["300 dollars"]
    after = say(sara, "by Friday", session_id)
    assert after.question.seq == 4
    assert str(extract(sara, session_id).price) == "300.00"
    assert extract(sara, session_id).missing == []


def test_tomorrow_is_that_of_the_person(sara, monkeypatch):
    with database.autocommit.connect() as connection:
        connection.execute(sa.text("UPDATE users SET time_zone = 'Pacific/Kiritimati', locale = 'fr-FR'"))
    noon = clock.now().replace(hour=12)
    monkeypatch.setattr(type(clock), "now", lambda _: noon)
    exchange = say(sara, "2")
    assert exchange.answer.body.startswith("Je n'ai pas compris.")
    say(sara, "I need a plumber tomorrow", session_of(exchange))
    days = extract(sara, session_of(exchange)).draft.deadline.value - noon.date()
    assert days.days == 2


def test_a_zone_that_nobody_knows_is_utc(sara):
    with database.autocommit.connect() as connection:
        connection.execute(sa.text("UPDATE users SET time_zone = '../etc/passwd', locale = 'tlh'"))
    assert say(sara, "hello").answer.body.startswith("Hello!")


def test_a_talk_has_an_end_of_its_room(sara, monkeypatch):
    monkeypatch.setattr(talk, "MOST_MESSAGES", 4)
    session_id = session_of(say(sara, "one"))
    say(sara, "two", session_id)
    with pytest.raises(errors.SessionFull):
        say(sara, "three", session_id)
    assert chatbot.get_talk(person_id=sara.id, session_id=session_id)[0].message_count == 4


def test_an_ended_talk_takes_nothing_and_can_be_read(sara):
    session_id = session_of(say(sara, "I need a plumber"))
    ended = chatbot.end(actor=sara, session_id=session_id)
    assert chatbot.end(actor=sara, session_id=session_id) == ended
    with pytest.raises(WrongState):
        say(sara, "hello", session_id)
    assert extract(sara, session_id).draft.title.value == "Plumber"


def test_a_talk_in_which_nothing_was_said_has_no_draft(sara):
    with database.autocommit.connect() as connection:
        insert = (
            "INSERT INTO chat_sessions (person_id, title, created_at, updated_at) "
            "VALUES (:id, '', now(), now()) RETURNING id"
        )
        session_id = connection.scalar(sa.text(insert), {"id": sara.id})
    with pytest.raises(errors.SessionEmpty):
        extract(sara, session_id)


def test_a_draft_is_counted_once_and_only_when_it_says_something(sara):
    session_id = session_of(say(sara, "hello"))
    extract(sara, session_id)
    assert chatbot.statistics(person_id=sara.id).tasks_extracted == 0
    say(sara, "I need a plumber", session_id)
    for _ in range(2):
        extract(sara, session_id)
    assert chatbot.statistics(person_id=sara.id).tasks_extracted == 1


def test_a_stranger_learns_nothing_of_a_talk(sara):
    exchange = say(sara, "I need a plumber")
    stranger = person(username="lina")
    for session_id in (session_of(exchange), 999):
        for call in (
            lambda session_id=session_id: say(stranger, "hello", session_id),
            lambda session_id=session_id: chatbot.get_talk(person_id=stranger.id, session_id=session_id),
            lambda session_id=session_id: chatbot.end(actor=stranger, session_id=session_id),
            lambda session_id=session_id: extract(stranger, session_id),
        ):
            with pytest.raises(errors.SessionNotFound):
                call()
    for message_id in (exchange.answer.id, exchange.question.id, 999):
        with pytest.raises(errors.ChatMessageNotFound):
            chatbot.rate(actor=stranger, message_id=message_id, rating=5, feedback="")


def test_a_later_rating_replaces_the_earlier_and_one_rates_the_assistant_alone(sara):
    exchange = say(sara, "hello")
    chatbot.rate(actor=sara, message_id=exchange.answer.id, rating=5, feedback="Good.")
    rated = chatbot.rate(actor=sara, message_id=exchange.answer.id, rating=2, feedback="")
    assert (rated.rating, rated.feedback) == (2, "")
    with pytest.raises(errors.NotAnAnswer):
        chatbot.rate(actor=sara, message_id=exchange.question.id, rating=5, feedback="")
    assert chatbot.statistics(person_id=sara.id).average_rating == 2.0


def test_the_database_refuses_a_number_twice_and_a_rated_question(sara):
    say(sara, "hello")
    for statement, constraint in (
        ("UPDATE chat_messages SET seq = 1", "uq_chat_messages_session_id_seq"),
        ("UPDATE chat_messages SET rating = 5", "ck_chat_messages_rated"),
        ("UPDATE chat_messages SET rating = 6 WHERE seq = 2", "ck_chat_messages_rating"),
        ("UPDATE chat_sessions SET status = 'ended'", "ck_chat_sessions_ended"),
    ):
        with (
            database.autocommit.connect() as connection,
            pytest.raises(sa.exc.IntegrityError, match=constraint),
        ):
            connection.execute(sa.text(statement))


@pytest.mark.parametrize("rows", [3, 30])
def test_lists_and_talks_cost_the_same_however_long_they_are(sara, rows):
    session_id = session_of(say(sara, "I need a plumber"))
    for number in range(rows):
        say(sara, f"budget {number + 1} dollars", session_id)
        say(sara, "hello")
    for call, most in (
        (lambda: chatbot.list_sessions(person_id=sara.id, request=PageRequest(size=100)), 2),
        (lambda: chatbot.get_talk(person_id=sara.id, session_id=session_id), 2),
        (lambda: chatbot.statistics(person_id=sara.id), 1),
        (lambda: extract(sara, session_id), 5),
        (lambda: say(sara, "in Cairo", session_id), 16),
    ):
        with counted_queries() as queries:
            call()
        assert len(queries) <= most


def test_what_is_missing_is_what_the_talk_asks_for(sara):
    session_id = session_of(say(sara, "I need a plumber in Cairo"))
    assert extract(sara, session_id).missing == [Slot.BUDGET, Slot.DEADLINE]


def count_of_messages():
    with database.autocommit.connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM chat_messages"))


def test_who_leaves_takes_their_talks_along_and_nobody_elses(sara):
    say(person(username="lina"), "hello")
    say(sara, "I need a plumber")
    deals.delete_account(actor=sara, password=PASSWORD, is_confirmed=True)
    relay.sweep()
    assert count_of_messages() == 2
    with pytest.raises(TokenNotValid):
        say(sara, "hello")


def test_who_leaves_while_they_speak_leaves_nothing_behind(app):
    for _ in range(10):
        leaver = person()
        session_id = session_of(say(leaver, "I need a plumber"))
        together(
            lambda leaver=leaver: deals.delete_account(actor=leaver, password=PASSWORD, is_confirmed=True),
            lambda leaver=leaver, session_id=session_id: say(leaver, "in Cairo", session_id),
            lambda leaver=leaver: say(leaver, "I need a logo"),
        )
        relay.sweep()
        assert count_of_messages() == 0


def test_an_answer_to_somebody_who_has_left_is_not_found(sara, monkeypatch):
    def leave(*arguments):
        deals.delete_account(actor=sara, password=PASSWORD, is_confirmed=True)
        relay.sweep()
        return think(*arguments)

    think = talk.think
    monkeypatch.setattr(talk, "think", leave)
    with pytest.raises(errors.SessionNotFound):
        say(sara, "hello")
