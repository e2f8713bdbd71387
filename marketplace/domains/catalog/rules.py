"""The rules of the catalogue: pure."""

import unicodedata

_SEPARATORS = ("C", "P", "S", "Z")


def fold(name: str) -> str:
    """A name as it is compared: without case, accents and punctuation: `Saint-Étienne` is `saint etienne`."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bare = (letter for letter in decomposed if not unicodedata.combining(letter))
    spaced = (" " if unicodedata.category(letter).startswith(_SEPARATORS) else letter for letter in bare)
    return " ".join("".join(spaced).split())
