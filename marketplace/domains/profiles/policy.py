"""Who may do what with a profile."""

from marketplace.domains.accounts.public import Person
from marketplace.domains.profiles.types import Item


def may_change(actor: Person, item: Item) -> bool:
    """Whether an item is the actor's own."""
    return actor.id == item.owner_id
