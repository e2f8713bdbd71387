"""Opening a conversation about a task."""

from marketplace.domains.accounts.public import Person
from marketplace.domains.listings.errors import NobodysTask, UnknownTask
from marketplace.domains.listings.service.post import keep_listings
from marketplace.domains.listings.types import Kind
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.public import Conversation
from marketplace.kernel.unit_of_work import unit_of_work


def talk_about(*, actor: Person, participant_id: int, task_id: int | None) -> tuple[Conversation, bool]:
    """Open the conversation of two people, or find it; a task it is about must belong to one of them."""
    if task_id is None:
        return messaging.open_direct(actor=actor, participant_id=participant_id)
    with unit_of_work():
        listing = keep_listings([task_id]).get(task_id)
        if listing is None or listing.kind is not Kind.TASK:
            raise UnknownTask
        if listing.owner_id not in {actor.id, participant_id}:
            raise NobodysTask
        return messaging.open_direct(actor=actor, participant_id=participant_id, subject=listing.subject)
