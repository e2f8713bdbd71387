"""The rules of the catalogue: pure."""

import unicodedata
from collections.abc import Iterator, Sequence

from marketplace.domains.catalog.types import Named

# A city's own name counts for more than one that it has in another language or had in former times.
OWN_NAME = 10
# Of fewer letters too many names are near; a longer word may have a second slip.
LEAST_SPELT, LONG = 3, 7
_SEPARATORS = ("C", "P", "S", "Z")


class _Letters(dict[int, str | None]):
    """What a letter is compared as, looked up once: the gazetteer has hundreds of thousands of names."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        if unicodedata.combining(letter):
            self[code] = None
        else:
            self[code] = " " if unicodedata.category(letter).startswith(_SEPARATORS) else letter
        return self[code]


_letters = _Letters()


def fold(name: str) -> str:
    """A name as it is compared: without case, accents and punctuation: `Saint-Étienne` is `saint etienne`."""
    return " ".join(unicodedata.normalize("NFKD", name.casefold()).translate(_letters).split())


def plain(name: str) -> str:
    """A name in the letters that people type: `Morādābād` is `Moradabad`."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def suggest(typed: str, cities: Sequence[Named], *, most: int) -> list[str]:
    """The plain names of cities that somebody may be about to type, the likeliest first.

    First those that begin so, then those that hold it, then those that begin nearly so; the larger first.
    """
    typed = fold(typed)
    if not typed:
        return []
    found: dict[str, None] = {}
    for names in (_begun(typed, cities), _held(typed, cities), _near(typed, cities)):
        found |= dict.fromkeys(map(plain, names))
        if len(found) >= most:
            break
    return list(found)[:most]


def slips(typed: str, name: str, *, most: int) -> int:
    """How many slips of the fingers lie between what is typed and how a name begins; `most` + 1 is more.

    A slip is a letter that is another, is missing or too many, or has changed places with the next.
    """
    before, above = [0], list(range(len(name) + 1))
    for row_number, letter in enumerate(typed, start=1):
        row = [row_number]
        for place, other in enumerate(name):
            least = min(above[place + 1] + 1, row[place] + 1, above[place] + (letter != other))
            if row_number > 1 and place > 0 and (letter, typed[row_number - 2]) == (name[place - 1], other):
                least = min(least, before[place - 1] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return min(above)


def _begun(typed: str, cities: Sequence[Named]) -> Iterator[str]:
    begun = [city for city in cities if any(form.startswith(typed) for form in city.forms)]
    begun.sort(key=lambda city: -city.population * (OWN_NAME if city.forms[0].startswith(typed) else 1))
    return (city.name for city in begun)


def _held(typed: str, cities: Sequence[Named]) -> Iterator[str]:
    return (city.name for city in cities if any(typed in form for form in city.forms))


def _near(typed: str, cities: Sequence[Named]) -> Iterator[str]:
    if len(typed) < LEAST_SPELT:
        return
    most = 2 if len(typed) >= LONG else 1
    letters, length = set(typed), len(typed) + most
    found = []
    for city in cities:
        # whoever misspells a name begins with the right letter, and each slip brings one strange letter
        likely = {
            form[:length]
            for form in city.forms
            if form[0] == typed[0] and len(letters.difference(form)) <= most
        }
        least = min((slips(typed, form, most=most) for form in likely), default=most + 1)
        if least <= most:
            found.append((least, city.name))
    # the sort keeps the larger first
    yield from (name for _, name in sorted(found, key=lambda near: near[0]))
