"""What happens to listings."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ListingPosted(Fact):
    """A listing was posted."""

    listing_id: int
    kind: str
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class ListingUpdated(Fact):
    """The owner changed a listing that is open; `changed` names what, in the words of `Changes`."""

    listing_id: int
    kind: str
    owner_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ListingSaved(Fact):
    """Somebody keeps an eye on a listing."""

    listing_id: int
    kind: str
    person_id: int


@dataclass(frozen=True, kw_only=True)
class ListingDeleted(Fact):
    """The owner took a listing away: from now on there is no such listing."""

    listing_id: int
    kind: str
    title: str
    owner_id: int
