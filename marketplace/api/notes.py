"""What is noted with a view, for the document that is made of it."""

from typing import Any


def note(view: Any, **notes: Any) -> None:
    """Note something with a view, beside what is noted already; what it was made from stays as it is."""
    view._apidoc = {**getattr(view, "_apidoc", {}), **notes}  # noqa: SLF001 - flask-smorest reads it there
