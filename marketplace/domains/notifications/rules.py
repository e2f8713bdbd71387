"""The rules of notifications: what each type says, and what may be switched off. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.domains.notifications.errors import AlwaysOn
from marketplace.domains.notifications.types import ABOUT_MONEY, Changes, Preferences, Type

MOST_EXCERPT = 140
NEW_PASSWORD = {
    "title": "Password changed",
    "text": "Your password was changed. If that was not you, choose a new one at once.",
}


@dataclass(frozen=True)
class Template:
    """A title and a message with the words that they need in braces.

    Where the message `begins_with_name`, what is stored follows the name of whoever did it; the name is added
    whenever it is read, so that it is the one they have then.
    """

    title: str
    message: str
    begins_with_name: bool = False

    def fill(self, words: Mapping[str, str]) -> tuple[str, str]:
        """The title and the message, with each word in its place."""
        return self.title.format_map(words), self.message.format_map(words)


TEMPLATES: Mapping[Type, Template] = {
    Type.NEW_APPLICATION: Template(
        "New application", " applied to your {thing} “{title}”.", begins_with_name=True
    ),
    Type.APPLICATION_ACCEPTED: Template(
        "Application accepted", "Your application to “{title}” was accepted."
    ),
    Type.APPLICATION_REJECTED: Template(
        "Application rejected", "Your application to “{title}” was not accepted."
    ),
    Type.NEW_ORDER: Template("New order", " ordered “{title}”.", begins_with_name=True),
    Type.ORDER_ACCEPTED: Template("Order accepted", "Your order of “{title}” was accepted."),
    Type.ORDER_REJECTED: Template("Order rejected", "Your order of “{title}” was not accepted."),
    Type.ORDER_CANCELLED: Template("Order cancelled", "The order of “{title}” was cancelled."),
    Type.TASK_COMPLETED: Template("Task completed", "The {thing} “{title}” is completed."),
    Type.TASK_CANCELLED: Template("Task cancelled", "The task “{title}” was cancelled."),
    Type.NEW_MESSAGE: Template("New message", ": {excerpt}", begins_with_name=True),
    Type.REVIEW_RECEIVED: Template(
        "New review", " rated you {rating} of 5 for “{title}”.", begins_with_name=True
    ),
    Type.PAYMENT_HELD: Template("Payment held", "{amount} for “{title}” is paid and held in escrow."),
    Type.PAYMENT_RELEASED: Template(
        "Payment released", "{amount} for “{title}” was released to your wallet."
    ),
    Type.PAYMENT_REFUNDED: Template(
        "Payment refunded", "{amount} for “{title}” is on its way back to {whom}."
    ),
    Type.WITHDRAWAL_COMPLETED: Template("Withdrawal completed", "Your withdrawal of {amount} was paid out."),
    Type.WITHDRAWAL_FAILED: Template(
        "Withdrawal failed", "Your withdrawal of {amount} failed and is back in your wallet: {reason}"
    ),
    Type.SYSTEM: Template("{title}", "{text}"),
}

# What a deal of a kind is about, and what the other side is told of it: that there is one, a yes and a no.
THINGS = {"application": "task", "gig_order": "service", "proposal_order": "project"}
OPENED = {
    "application": Type.NEW_APPLICATION,
    "gig_order": Type.NEW_ORDER,
    "proposal_order": Type.NEW_APPLICATION,
}
ACCEPTED = {
    "application": Type.APPLICATION_ACCEPTED,
    "gig_order": Type.ORDER_ACCEPTED,
    "proposal_order": Type.APPLICATION_ACCEPTED,
}
REJECTED = {
    "application": Type.APPLICATION_REJECTED,
    "gig_order": Type.ORDER_REJECTED,
    "proposal_order": Type.APPLICATION_REJECTED,
}


def excerpt(body: str) -> str:
    """The beginning of a message on one line."""
    line = " ".join(body.split())
    return line if len(line) <= MOST_EXCERPT else f"{line[: MOST_EXCERPT - 1]}…"


def change(preferences: Preferences, changes: Changes) -> Preferences:
    """The preferences after the changes; refuses to switch off what is about money."""
    off = {kind for kind, wanted in changes.types.items() if not wanted}
    for kind in sorted(off & ABOUT_MONEY):
        raise AlwaysOn(field=kind)
    return Preferences(
        mail=preferences.mail if changes.mail is None else changes.mail,
        push=preferences.push if changes.push is None else changes.push,
        muted=preferences.muted - changes.types.keys() | off,
    )
