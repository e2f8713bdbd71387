"""What listings does right after a fact."""

from marketplace.domains.listings.events import ListingPosted, ListingUpdated
from marketplace.domains.listings.service.words import learn_words

WITH_WORDS = frozenset({"title", "description"})


def learn_posted(fact: ListingPosted) -> None:
    """Learn the words of a new listing."""
    learn_words(listing_id=fact.listing_id)


def learn_updated(fact: ListingUpdated) -> None:
    """Learn the words of a listing that says something else."""
    if not WITH_WORDS.isdisjoint(fact.changed):
        learn_words(listing_id=fact.listing_id)
