"""What listings does right after a fact."""

from marketplace.domains.listings.events import TaskPosted, TaskUpdated
from marketplace.domains.listings.service.words import learn_words

WITH_WORDS = frozenset({"title", "description"})


def learn_posted(fact: TaskPosted) -> None:
    """Learn the words of a new task."""
    learn_words(listing_id=fact.task_id)


def learn_updated(fact: TaskUpdated) -> None:
    """Learn the words of a task that says something else."""
    if not WITH_WORDS.isdisjoint(fact.changed):
        learn_words(listing_id=fact.task_id)
