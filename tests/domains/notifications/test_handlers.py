import re

import pytest
import sqlalchemy as sa

from marketplace.domains.accounts import public as accounts
from marketplace.domains.messaging import public as messaging
from marketplace.domains.notifications import public as notifications
from marketplace.domains.notifications.public import Changes, Filter, Type
from marketplace.kernel import relay
from marketplace.kernel.database import database
from marketplace.kernel.pages import PageRequest
from marketplace.providers.sandbox import mailbox
from tests.factories.people import person


@pytest.fixture
def sara(app):
    return person(username="sara", first_name="Sara", last_name="Haddad")


@pytest.fixture
def omar(app):
    return person(username="omar")


@pytest.fixture
def room_id(sara, omar):
    conversation, _ = messaging.open_direct(actor=sara, participant_id=omar.id)
    return conversation.id


def mailed():
    """What a worker has mailed, oldest first."""
    relay.sweep()
    return list(reversed(mailbox.list_mails()))


def inbox(reader):
    page = notifications.list_notifications(person_id=reader.id, wanted=Filter(), request=PageRequest())
    return list(page.items)


def deliver_everything_again():
    with database.autocommit.connect() as connection:
        connection.execute(sa.text("UPDATE outbox_deliveries SET done_at = NULL"))
    relay.sweep()


def test_a_message_is_told_to_the_other_and_not_to_its_sender(sara, omar, room_id):
    message = messaging.send(actor=sara, room_id=room_id, body="Draft\nuploaded.")
    (told,) = inbox(omar)
    assert (told.type, told.title, told.message) == (
        Type.NEW_MESSAGE,
        "New message",
        "Sara Haddad: Draft uploaded.",
    )
    assert told.data == {"conversation_id": room_id, "message_id": message.id}
    assert inbox(sara) == []


def test_a_sender_without_names_goes_by_their_username(sara, omar, room_id):
    messaging.send(actor=omar, room_id=room_id, body="hello")
    assert inbox(sara)[0].message == "omar: hello"


def test_a_burst_is_told_once_until_it_is_read(sara, omar, room_id):
    for _ in range(5):
        messaging.send(actor=sara, room_id=room_id, body="hello")
    messaging.send(actor=omar, room_id=room_id, body="answered, but did not read")
    messaging.send(actor=sara, room_id=room_id, body="hello")
    assert len(inbox(omar)) == 1
    assert [one.to for one in mailed()] == ["omar@example.com", "sara@example.com"]
    messaging.mark_read(actor=omar, room_id=room_id)
    messaging.send(actor=sara, room_id=room_id, body="hello again")
    assert [told.message for told in inbox(omar)] == ["Sara Haddad: hello again", "Sara Haddad: hello"]


def test_a_fact_delivered_three_times_is_one_row_and_one_mail(sara, omar, room_id):
    messaging.send(actor=sara, room_id=room_id, body="hello")
    relay.sweep()
    for _ in range(2):
        deliver_everything_again()
    assert len(inbox(omar)) == 1
    assert len(mailed()) == 1


def test_a_message_that_was_read_meanwhile_is_not_told(sara, omar, room_id):
    messaging.send(actor=sara, room_id=room_id, body="hello")
    messaging.mark_read(actor=omar, room_id=room_id)
    notifications.delete_notification(actor=omar, notification_id=inbox(omar)[0].id)
    deliver_everything_again()
    assert inbox(omar) == []


def test_a_muted_type_makes_no_row_and_no_mail(sara, omar, room_id):
    notifications.change_preferences(actor=omar, changes=Changes(types={Type.NEW_MESSAGE: False}))
    messaging.send(actor=sara, room_id=room_id, body="hello")
    assert (inbox(omar), mailed()) == ([], [])


def test_who_wants_no_mails_gets_none(sara, omar, room_id):
    notifications.change_preferences(actor=omar, changes=Changes(mail=False, types={}))
    messaging.send(actor=sara, room_id=room_id, body="hello")
    assert (len(inbox(omar)), mailed()) == (1, [])


def test_what_is_deleted_before_its_mail_is_not_mailed(sara, omar, room_id):
    messaging.send(actor=sara, room_id=room_id, body="hello")
    notifications.delete_notification(actor=omar, notification_id=inbox(omar)[0].id)
    assert mailed() == []


def test_who_wants_no_pushes_is_pushed_nothing(sara, omar, room_id):
    messaging.send(actor=sara, room_id=room_id, body="hello")
    (told,) = inbox(omar)
    assert notifications.find_pushed([told.id]) == [told]
    notifications.change_preferences(actor=omar, changes=Changes(push=False, types={}))
    assert notifications.find_pushed([told.id]) == []
    assert notifications.find_pushed([999]) == []


def test_a_notification_is_mailed_with_its_text(sara, omar, room_id):
    messaging.send(actor=sara, room_id=room_id, body="hello {name}")
    (one,) = mailed()
    assert (one.to, one.subject) == ("omar@example.com", "New message")
    assert one.text.startswith("Hello omar,\n\nSara Haddad: hello {name}\n")


def test_the_verification_mail_holds_the_link_and_the_bare_token(client):
    joined = client.post(
        "/api/auth/register/", {"username": "lina", "email": "lina@example.com", "password": "StrongPass123"}
    )
    (one,) = mailed()
    (token,) = re.findall(r"^(\d+\.[0-9a-f]{64})$", one.text, re.MULTILINE)
    assert (one.to, one.subject) == ("lina@example.com", "Confirm your address")
    assert re.search(
        rf"^http://127\.0\.0\.1:\d+/verify-email\?token={re.escape(token)}$", one.text, re.MULTILINE
    )
    assert client.post("/api/auth/verify-email/", {"token": token}).status_code == 200
    assert accounts.get_account(person_id=joined.json["user"]["id"]).email_verified


def test_each_verification_is_a_mail_of_its_own(client):
    session = client.post(
        "/api/auth/register/", {"username": "lina", "email": "lina@example.com", "password": "StrongPass123"}
    ).json
    client.signed_in(session).post("/api/auth/resend-verification/", {})
    relay.sweep()
    deliver_everything_again()
    assert [one.to for one in mailed()] == ["lina@example.com"] * 2
