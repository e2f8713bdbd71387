"""The rules of the catalogue: pure."""

import unicodedata

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
