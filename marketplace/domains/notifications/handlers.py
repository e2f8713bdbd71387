"""What notifications makes of the facts of others: rows in inboxes, and mails."""

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.events import VerificationAsked
from marketplace.domains.accounts.public import Brief
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.events import MessageSent
from marketplace.domains.notifications import queries, rules
from marketplace.domains.notifications.events import NotificationCreated
from marketplace.domains.notifications.service import notify
from marketplace.domains.notifications.types import Type
from marketplace.kernel.links import links
from marketplace.providers import mail
from marketplace.providers.mail import Mail

VERIFICATION = """Hello {name},

please confirm your address by opening this link:

{link}

If you are asked for a token, copy this one:

{token}

If you did not ask for this mail, ignore it.
"""
NOTIFICATION = """Hello {name},

{message}

You get this mail because mails are switched on in your notification preferences.
"""


def tell_of_message(fact: MessageSent) -> None:
    """Tell everybody who has yet to read the message, once until they have read the room."""
    message = messaging.get_message(fact.message_id)
    words = {"person": _name_of(message.sender), "excerpt": rules.excerpt(message.body)}
    for reader in messaging.yet_to_read(fact.message_id):
        notify(
            Type.NEW_MESSAGE,
            person_id=reader.person_id,
            actor_id=fact.sender_id,
            key=f"{fact.room_id}:{reader.last_read_seq}",
            words=words,
            data={"conversation_id": fact.room_id, "message_id": fact.message_id},
        )


def mail_verification(fact: VerificationAsked) -> None:
    """Mail the link that proves an address."""
    account = accounts.get_account(person_id=fact.person_id)
    token = accounts.verification_token(fact.code_id)
    link = links.to("/verify-email", token=token)
    mail.send(
        Mail(
            to=account.email,
            subject="Confirm your address",
            text=VERIFICATION.format(name=account.first_name or account.username, link=link, token=token),
            message_id=f"verification.{fact.code_id}",
        )
    )


def mail_notification(fact: NotificationCreated) -> None:
    """Mail what is new to whoever wants mails, unless they have deleted it since."""
    notification = queries.find_notification(fact.notification_id)
    if notification is None or not queries.get_preferences(person_id=fact.person_id).mail:
        return
    account = accounts.get_account(person_id=fact.person_id)
    mail.send(
        Mail(
            to=account.email,
            subject=notification.title,
            text=NOTIFICATION.format(
                name=account.first_name or account.username, message=notification.message
            ),
            message_id=f"notification.{fact.notification_id}",
        )
    )


def _name_of(person: Brief) -> str:
    return f"{person.first_name} {person.last_name}".strip() or person.username
