"""The rules of listings: pure."""

import re
from collections.abc import Collection
from datetime import date

from marketplace.domains.listings.errors import NotARange, NotDeletable
from marketplace.domains.listings.types import Kind, Listing, Status, Word
from marketplace.kernel.money import Money
from marketplace.kernel.process import Process, action

OWNER = "owner"
CLIENT = "client"
FREELANCER = "freelancer"
HOUSE = "house"

TASK = Process(
    "task",
    initial=Status.OPEN,
    actions={
        "apply": action(Status.OPEN, to=Status.OPEN, by={FREELANCER}),
        "update": action(Status.OPEN, to=Status.OPEN, by={OWNER}),
        "start": action(Status.OPEN, to=Status.IN_PROGRESS, by={OWNER}),
        "complete": action(Status.IN_PROGRESS, to=Status.COMPLETED, by={OWNER}),
        "cancel": action(Status.OPEN, Status.IN_PROGRESS, to=Status.CANCELLED, by={OWNER}),
        "delete": action(Status.OPEN, Status.CANCELLED, to=Status.DELETED, by={OWNER}),
    },
)
GIG = Process(
    "gig",
    initial=Status.OPEN,
    actions={
        "order": action(Status.OPEN, to=Status.OPEN, by={CLIENT}),
        "update": action(Status.OPEN, to=Status.OPEN, by={OWNER}),
        "delete": action(Status.OPEN, to=Status.DELETED, by={OWNER}),
    },
)
PROPOSAL = Process(
    "proposal",
    initial=Status.OPEN,
    actions={
        "apply": action(Status.OPEN, to=Status.OPEN, by={FREELANCER}),
        "update": action(Status.OPEN, to=Status.OPEN, by={OWNER}),
        "start": action(Status.OPEN, to=Status.IN_PROGRESS, by={OWNER}),
        # The chosen freelancer's order was cancelled, by either side.
        "reopen": action(Status.IN_PROGRESS, to=Status.OPEN, by={HOUSE}),
        "complete": action(Status.IN_PROGRESS, to=Status.COMPLETED, by={HOUSE}),
        "delete": action(Status.OPEN, Status.IN_PROGRESS, Status.COMPLETED, to=Status.DELETED, by={OWNER}),
    },
)
PROCESSES = {Kind.TASK: TASK, Kind.GIG: GIG, Kind.PROPOSAL: PROPOSAL}
# Who answers a listing of a kind.
ANSWERED_BY = {Kind.TASK: FREELANCER, Kind.GIG: CLIENT, Kind.PROPOSAL: FREELANCER}
# Work may still be done: a deadline means something.
AHEAD = frozenset({Status.OPEN, Status.IN_PROGRESS})
MAX_WORDS = 10
# Where a slip of the pen is looked for: shorter words have too many neighbours, in longer ones two slips
# are one typist's. Numbers mean what they say.
LEAST_SPELT = 5
LONG = 9
MOST_SPELT = 39
# An index of three letters at a time finds nothing for a word that has no three of them together.
_THREE = re.compile("[a-z0-9]{3}")
_RUNS = re.compile("[a-z0-9]+")


def is_overdue(listing: Listing, today: date) -> bool:
    """Whether the deadline has passed and something may still happen."""
    return listing.deadline is not None and listing.deadline < today and listing.status in AHEAD


def is_unfinished(listing: Listing) -> bool:
    """Whether it is open, or work on it is in progress."""
    return listing.status in AHEAD


def is_open(listing: Listing) -> bool:
    """Whether people may still answer it."""
    return is_open_state(listing.status)


def is_open_state(status: str) -> bool:
    """Whether a listing in this state may be answered."""
    return status == Status.OPEN


def actors_towards(person_id: int, listing: Listing) -> set[str]:
    """What a person is to a listing, in the words of its life cycle."""
    return {OWNER} if person_id == listing.owner_id else {ANSWERED_BY[listing.kind]}


def is_completed(listing: Listing) -> bool:
    """Whether the work was taken as done."""
    return listing.status is Status.COMPLETED


def check_range(least: Money, most: Money) -> None:
    """Refuse a range of prices that ends below its beginning."""
    if most < least:
        raise NotARange


def decide_deletion(listing: Listing, *, actors: Collection[str]) -> str:
    """The state that a deletion leads to; where it is refused, says what can be done instead."""
    process = PROCESSES[listing.kind]
    allowed = process.allowed(state=listing.status, actors=actors)
    if "cancel" in allowed and "delete" not in allowed:
        raise NotDeletable(f"Cannot delete this {process.name}: it is {listing.status}. Cancel it instead.")
    return process.decide("delete", state=listing.status, actors=actors)


def average(total: int, count: int) -> int:
    """The average of whole numbers, rounded to the nearest; 0 of none."""
    return (2 * total + count) // (2 * count) if count else 0


def words_of(search: str) -> tuple[str, ...]:
    """The words that must all occur; a search of very many words is cut."""
    return tuple(search.split()[:MAX_WORDS])


def beginnings(form: str) -> str | None:
    """What a very short word of plain letters begins with, as PostgreSQL asks for words: `'c' & 'tv':*`.

    `None` where its letters can be found by themselves, or where it has none. A run of letters that
    something else ends (`c` in `c++`) is a whole word.
    """
    if not form.isascii() or _THREE.search(form):
        return None
    runs = [f"'{run[0]}'" if run.end() < len(form) else _beginning(run[0]) for run in _RUNS.finditer(form)]
    return " & ".join(runs) or None


def holding_all(words: Collection[Word]) -> str:
    """What holds every one of these words, as PostgreSQL asks for words: `('oven' | 'ovens') & ('clean')`."""
    return " & ".join("(" + " | ".join(f"'{known}'" for known in word.holding) + ")" for word in words)


def containing(part: str) -> str:
    """The pattern of what contains a text, as LIKE and ILIKE read it."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", part) + "%"


def is_found_by_letters(form: str) -> bool:
    """Whether three letters of a word stand together, or it is not of plain letters."""
    return not form.isascii() or _THREE.search(form) is not None


def can_be_misspelt(part: str) -> bool:
    """Whether a word that nobody used may be meant as another one."""
    return LEAST_SPELT <= len(part) <= MOST_SPELT and part.isalpha()


def swaps(part: str) -> list[str]:
    """The word with each two neighbouring letters swapped, which trigrams hardly recognise."""
    return [
        part[:place] + part[place + 1] + part[place] + part[place + 2 :] for place in range(len(part) - 1)
    ]


def meanings(parts: Collection[str], known: Collection[str]) -> str:
    """The known words that the parts of a word may be meant as, as PostgreSQL asks for words.

    Words that begin with them will do, and what cannot be misspelt is meant as it is:
    `('wardrobe':* | 'wardrobes':*) & ('2024')`. Empty where a part means nothing, or none can be misspelt.
    """
    spelt = [
        [_beginning(one) for one in known if may_mean(part, one)] if can_be_misspelt(part) else [f"'{part}'"]
        for part in parts
    ]
    if not all(spelt) or not any(map(can_be_misspelt, parts)):
        return ""
    return " & ".join(f"({' | '.join(each)})" for each in spelt)


def may_mean(part: str, known: str) -> bool:
    """Whether a word is another one with a slip of the pen in it, or with two where it is long."""
    return slips(part, known) <= (1 if len(part) < LONG else 2)


def slips(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            is_swap = row > 1 < column and (letter, wanted) == (other[column - 2], one[row - 2])
            current.append(min(cost, before[column - 2] + 1) if is_swap else cost)
        before, last = last, current
    return last[-1]


def _beginning(letters: str) -> str:
    return f"'{letters}':*"
