"""Facts: what happened, in the past tense, and who reacts to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self, TypeVar

import msgspec
from typing_extensions import override


class Fact:
    """Something that happened: a frozen keyword-only dataclass of ids and plain values."""

    name: ClassVar[str]
    known: ClassVar[dict[str, type["Fact"]]] = {}

    @override
    def __init_subclass__(cls) -> None:
        """Name the fact by its domain and class, as it is stored: `deals.ApplicationSubmitted`."""
        cls.name = f"{cls.__module__.split('.')[-2]}.{cls.__name__}"
        Fact.known[cls.name] = cls

    def payload(self) -> dict[str, Any]:
        """The fact as JSON values."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        return values

    @classmethod
    def load(cls, payload: dict[str, Any]) -> Self:
        """The fact that a payload tells."""
        return msgspec.convert(payload, cls)


F = TypeVar("F", bound=Fact)


class Mode(StrEnum):
    """How a reaction is carried out."""

    WRITE = "write"  # rows of this database, in one transaction with the receipt: exactly once
    SEND = "send"  # leaves the house right after the commit: at least once
    JOB = "job"  # leaves the house from a worker: at least once


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """One handler of one fact; one that hears all takes all such facts of a commit at once."""

    name: str
    handler: Callable[[Any], None]
    mode: Mode
    hears_all: bool = False

    def hear(self, facts: Sequence[Fact]) -> None:
        """Hand the handler what has happened: all at once where it hears all."""
        if self.hears_all:
            self.handler(facts)
            return
        for fact in facts:
            self.handler(fact)


class Reactions:
    """Who reacts to which fact; filled by `marketplace.wiring` alone."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._by_fact: dict[str, list[Reaction]] = {}
        self._by_name: dict[str, Reaction] = {}

    def write(self, fact: type[F], handler: Callable[[F], None]) -> None:
        """Let `handler` write rows, exactly once, right after the commit."""
        self._add(fact, handler, Mode.WRITE)

    def send(self, fact: type[F], handler: Callable[[F], None]) -> None:
        """Let `handler` reach outside right after the commit; it may run twice after a crash."""
        self._add(fact, handler, Mode.SEND)

    def job(self, fact: type[F], handler: Callable[[F], None]) -> None:
        """Let a worker run `handler`; it may run twice after a crash."""
        self._add(fact, handler, Mode.JOB)

    def of(self, fact: str) -> list[Reaction]:
        """The reactions to a fact, in the order of the wiring."""
        return self._by_fact.get(fact, [])

    def named(self, name: str) -> Reaction | None:
        """One reaction, or `None` when the wiring no longer has it."""
        return self._by_name.get(name)

    def write_all(self, fact: type[F], handler: Callable[[Sequence[F]], None]) -> None:
        """The same as `write` for every such fact of some commits, in one transaction."""
        self._add(fact, handler, Mode.WRITE, hears_all=True)

    def send_all(self, fact: type[F], handler: Callable[[Sequence[F]], None]) -> None:
        """The same as `send` for all such facts of some commits; it may wait for nobody outside."""
        self._add(fact, handler, Mode.SEND, hears_all=True)

    def clear(self) -> None:
        """Forget all; the wiring fills it again."""
        self._by_fact.clear()
        self._by_name.clear()

    def __iter__(self) -> Iterator[tuple[str, Reaction]]:
        """Every (fact, reaction) pair."""
        for fact, reactions_of_fact in self._by_fact.items():
            for reaction in reactions_of_fact:
                yield fact, reaction

    def _add(
        self, fact: type[Fact], handler: Callable[[Any], None], mode: Mode, *, hears_all: bool = False
    ) -> None:
        name = f"{_owner(handler)}.{handler.__name__}:{fact.name}"
        if name in self._by_name:
            message = f"{name} is wired twice"
            raise ValueError(message)
        reaction = Reaction(name=name, handler=handler, mode=mode, hears_all=hears_all)
        self._by_name[name] = reaction
        self._by_fact.setdefault(fact.name, []).append(reaction)


def _owner(handler: Callable[[Any], None]) -> str:
    parts = handler.__module__.split(".")
    return parts[-2] if len(parts) > 1 else parts[-1]


reactions = Reactions()
