"""What notifications makes of the facts of others: rows in inboxes, and mails."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from babel.numbers import format_currency

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.events import (
    AccountDeleted,
    DigitsAsked,
    PasswordChanged,
    PasswordResetAsked,
    VerificationAsked,
)
from marketplace.domains.accounts.public import Purpose
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.events import (
    AboutDeal,
    DealAccepted,
    DealCancelled,
    DealCompleted,
    DealOpened,
    DealRejected,
    DealRemoved,
    DealWithdrawn,
    ReviewGiven,
    TaskCancelled,
)
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.events import ListingDeleted
from marketplace.domains.listings.public import Listing
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.events import MessageSent
from marketplace.domains.notifications import queries, rules
from marketplace.domains.notifications.events import NotificationCreated
from marketplace.domains.notifications.service import Telling, forget, forget_inbox, notify, notify_all
from marketplace.domains.notifications.types import Type
from marketplace.domains.payments.events import (
    PaymentHeld,
    PaymentRefunded,
    PaymentReleased,
    WithdrawalCompleted,
    WithdrawalFailed,
)
from marketplace.kernel.clock import clock
from marketplace.kernel.links import links
from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers import mail
from marketplace.providers.mail import Mail

DIGITS_SUBJECTS = {
    Purpose.VERIFY_EMAIL: "Your verification code",
    Purpose.RESET_PASSWORD: "Your code for a new password",
}
DIGITS = """Hello {name},

your code is

{digits}

It is good for ten minutes. Somebody who asks you for it is not us.
"""
VERIFICATION = """Hello {name},

please confirm your address by opening this link:

{link}

If you are asked for a token, copy this one:

{token}

If you did not ask for this mail, ignore it.
"""
RESET = """Hello {name},

somebody asked for a new password for your account. Open this link within an hour to choose one:

{link}

If you are asked for a token, copy this one:

{token}

If that was not you, ignore this mail: your password stays as it is.
"""
NOTIFICATION = """Hello {name},

{message}

You get this mail because mails are switched on in your notification preferences.
"""


def tell_of_messages(facts: Sequence[MessageSent]) -> None:
    """Tell everybody who has yet to read these messages, once until they have read the room."""
    notify_all(
        Type.NEW_MESSAGE,
        [
            Telling(
                person_id=unread.person_id,
                actor_id=unread.sender_id,
                key=f"{unread.room_id}:{unread.last_read_seq}",
                words={"excerpt": rules.excerpt(unread.in_words)},
                data={"conversation_id": unread.room_id, "message_id": unread.message_id},
            )
            for unread in messaging.yet_to_read([fact.message_id for fact in facts])
        ],
    )


def tell_of_openings(facts: Sequence[DealOpened]) -> None:
    """Tell whoever is to answer that somebody applied or ordered."""
    by_type: dict[Type, list[DealOpened]] = {}
    for fact in facts:
        by_type.setdefault(rules.OPENED[fact.kind], []).append(fact)
    for kind in sorted(by_type):
        _tell_of_deals(kind, by_type[kind])


def tell_of_acceptance(fact: DealAccepted) -> None:
    """Tell whoever applied or ordered of the yes."""
    _tell_of_deals(rules.ACCEPTED[fact.kind], [fact])


def tell_of_rejection(fact: DealRejected | DealRemoved) -> None:
    """Tell whoever applied or ordered of the no."""
    _tell_of_deals(rules.REJECTED[fact.kind], [fact])


def tell_of_cancelled_order(fact: DealCancelled) -> None:
    """Tell the other side, or both where neither did it, that an order is off."""
    _tell_of_deals(Type.ORDER_CANCELLED, [fact])


def forget_listing(fact: ListingDeleted) -> None:
    """Let what people were told of a deleted listing lead nowhere."""
    people = {fact.owner_id, *deals.parties_of(fact.listing_id)}
    forget(people, about={_name_of(fact.kind): fact.listing_id})


def forget_application(fact: DealWithdrawn) -> None:
    """Let what an owner was told of an application that is gone lead nowhere."""
    forget({fact.buyer_id}, about={"application_id": fact.deal_id})


def forget_person(fact: AccountDeleted) -> None:
    """Empty the inbox of somebody who has deleted their account."""
    forget_inbox(person_id=fact.person_id)


def tell_of_completion(fact: DealCompleted) -> None:
    """Tell a freelancer that their work was taken as done."""
    notify(
        Type.TASK_COMPLETED,
        person_id=fact.seller_id,
        actor_id=fact.buyer_id,
        key=str(fact.listing_id),
        words={"title": fact.title, "thing": rules.THINGS[fact.kind]},
        data=_ids(fact.listing_id),
    )


def tell_of_cancellation(fact: TaskCancelled) -> None:
    """Tell the chosen freelancer, where there is one, that the task was called off."""
    if fact.freelancer_id is not None:
        notify(
            Type.TASK_CANCELLED,
            person_id=fact.freelancer_id,
            actor_id=fact.owner_id,
            key=str(fact.task_id),
            words={"title": fact.title},
            data=_ids(fact.task_id),
        )


def tell_of_review(fact: ReviewGiven) -> None:
    """Tell somebody what the other side thinks of them."""
    notify(
        Type.REVIEW_RECEIVED,
        person_id=fact.reviewee_id,
        actor_id=fact.reviewer_id,
        key=str(fact.review_id),
        words={"title": fact.title, "rating": str(fact.rating)},
        data={"task_id": fact.task_id, "review_id": fact.review_id},
    )


def tell_of_payment_held(fact: PaymentHeld) -> None:
    """Tell both sides that the money is in escrow."""
    for person_id in (fact.payer_id, fact.payee_id):
        _tell_of_hold(Type.PAYMENT_HELD, fact, person_id)


def tell_of_payment_released(fact: PaymentReleased) -> None:
    """Tell a payee of their money."""
    _tell_of_hold(Type.PAYMENT_RELEASED, fact, fact.payee_id)


def tell_of_payment_refunded(fact: PaymentRefunded) -> None:
    """Tell a payer that their money is on its way back, and a payee that it no longer waits for them."""
    _tell_of_hold(Type.PAYMENT_REFUNDED, fact, fact.payer_id, whom="you")
    _tell_of_hold(Type.PAYMENT_REFUNDED, fact, fact.payee_id, whom="the client")


def tell_of_password(fact: PasswordChanged) -> None:
    """Tell somebody that they have a new password, in case that was not them."""
    notify(
        Type.SYSTEM,
        person_id=fact.person_id,
        actor_id=None,
        key=f"password:{clock.now().isoformat()}",
        words=rules.NEW_PASSWORD,
        data={},
    )


def tell_of_withdrawal_completed(fact: WithdrawalCompleted) -> None:
    """Tell somebody that their money has left for their bank."""
    _tell_of_withdrawal(Type.WITHDRAWAL_COMPLETED, fact, reason="")


def tell_of_withdrawal_failed(fact: WithdrawalFailed) -> None:
    """Tell somebody that their money is back in the wallet, and why."""
    _tell_of_withdrawal(Type.WITHDRAWAL_FAILED, fact, reason=fact.reason)


def mail_verification(fact: VerificationAsked) -> None:
    """Mail the link that proves an address."""
    token = accounts.verification_token(fact.code_id)
    _mail(
        fact.person_id,
        "Confirm your address",
        VERIFICATION,
        message_id=f"verification.{fact.code_id}",
        words={"link": links.to("/verify-email", token=token), "token": token},
    )


def mail_digits(fact: DigitsAsked) -> None:
    """Mail the digits that prove an address, or that reset a password."""
    purpose = Purpose(fact.purpose)
    _mail(
        fact.person_id,
        DIGITS_SUBJECTS[purpose],
        DIGITS,
        message_id=f"digits.{fact.code_id}",
        words={"digits": accounts.digits_of(fact.code_id, purpose)},
    )


def mail_reset(fact: PasswordResetAsked) -> None:
    """Mail the link that leads to a new password, if somebody has the address that was asked about."""
    opened = None if fact.person_id is None else accounts.open_reset(person_id=fact.person_id)
    if fact.person_id is None or opened is None:
        return
    code_id, token = opened
    _mail(
        fact.person_id,
        "Choose a new password",
        RESET,
        message_id=f"reset.{code_id}",
        words={"link": links.to("/reset-password", token=token), "token": token},
    )


def mail_notification(fact: NotificationCreated) -> None:
    """Mail what is new to whoever wants mails, unless they have deleted it since."""
    notification = queries.find_notification(fact.notification_id)
    if notification is None or not queries.get_preferences(person_id=fact.person_id).mail:
        return
    _mail(
        fact.person_id,
        notification.title,
        NOTIFICATION,
        message_id=f"notification.{fact.notification_id}",
        words={"message": notification.message},
    )


def _mail(person_id: int, subject: str, template: str, *, message_id: str, words: Mapping[str, str]) -> None:
    """Mail somebody, unless they have left: then there is no address any more."""
    account = accounts.get_account(person_id=person_id)
    if accounts.has_left(account.status):
        return
    text = template.format(name=account.first_name or account.username, **words)
    mail.send(Mail(to=account.email, subject=subject, text=text, message_id=message_id))


def _tell_of_deals(kind: Type, facts: Sequence[AboutDeal]) -> None:
    with unit_of_work():
        # what a listing is about is told unless it is deleted, which waits for these rows
        there = listings.keep_listings({fact.listing_id for fact in facts})
        notify_all(
            kind,
            [
                Telling(
                    person_id=person_id,
                    actor_id=fact.buyer_id if person_id == fact.seller_id else fact.seller_id,
                    key=str(fact.deal_id),
                    words={"title": fact.title, "thing": rules.THINGS[fact.kind]},
                    data=_about(there.get(fact.listing_id), fact),
                )
                for fact in facts
                for person_id in sorted(deals.told_of(fact))
            ],
        )


def _about(listing: Listing | None, fact: AboutDeal) -> dict[str, int]:
    name = "application_id" if fact.kind == "application" else "order_id"
    return {} if listing is None else {_name_of(listing.kind): listing.id, name: fact.deal_id}


def _ids(listing_id: int) -> dict[str, int]:
    """The id of what a notification is about; none once its listing is deleted, which waits for this row."""
    found = listings.keep_listings([listing_id])
    return {_name_of(listing.kind): listing.id for listing in found.values()}


def _name_of(kind: str) -> str:
    """How a notification calls the id of a listing of this kind: `task_id`."""
    return f"{kind}_id"


def _tell_of_hold(
    kind: Type, fact: PaymentHeld | PaymentReleased | PaymentRefunded, person_id: int, *, whom: str = ""
) -> None:
    title, ids = _paid_for(fact.subject)
    minor = fact.amount_minor - fact.fee_minor if kind is Type.PAYMENT_RELEASED else fact.amount_minor
    notify(
        kind,
        person_id=person_id,
        actor_id=None,
        key=str(fact.hold_id),
        words={
            "amount": _money(minor, fact.currency),
            "title": title,
            "whom": whom,
        },
        data={**ids, "escrow_id": fact.hold_id},
    )


def _paid_for(subject: str) -> tuple[str, dict[str, int]]:
    """What the subject of a payment is called, and its id: a task, or an order of another kind."""
    kind, _, number = subject.partition(":")
    if kind == listings.Kind.TASK:
        return listings.get_listing(int(number), listings.Kind.TASK).title, {"task_id": int(number)}
    deal = deals.get_order(int(number), deals.Kind(kind))
    return deal.title, {"order_id": deal.id}


def _tell_of_withdrawal(kind: Type, fact: WithdrawalCompleted | WithdrawalFailed, *, reason: str) -> None:
    notify(
        kind,
        person_id=fact.person_id,
        actor_id=None,
        key=str(fact.withdrawal_id),
        words={"amount": _money(fact.amount_minor, fact.currency), "reason": reason},
        data={"withdrawal_id": fact.withdrawal_id},
    )


def _money(minor: int, currency: str) -> str:
    return format_currency(Decimal(str(Money(minor, currency))), currency, locale="en")
