"""The unit of work: one transaction, the facts it records, and what follows its commit.

Nothing else in the code commits or rolls back. A command that is called by another command joins its unit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from psycopg import Cursor
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.kernel import outbox
from marketplace.kernel.database import database
from marketplace.kernel.errors import DomainError
from marketplace.kernel.facts import Fact
from marketplace.kernel.reading import open_session
from marketplace.kernel.statements import Row, Statement


class UnitOfWork:
    """An open transaction."""

    def __init__(self, session: Session) -> None:
        """Wrap the session that holds the transaction."""
        self.session = session
        self._deliveries: list[outbox.Planned] = []

    def record(self, *facts: Fact, due_at: datetime | None = None) -> None:
        """Store facts with the rows they tell of; with `due_at` they are timers, heard at that moment."""
        self.session.flush()
        if facts:
            self._deliveries += outbox.store(self.session.connection(), facts, due_at=due_at)

    def run(
        self, statement: Statement, refusals: Mapping[str, type[DomainError]] | None = None, **values: Any
    ) -> Cursor[Row]:
        """Run a statement; a violated constraint that `refusals` names becomes that refusal."""
        self.session.flush()
        with _refusing(refusals):
            return statement.run(self.session.connection(), **values)

    def flush(self, refusals: Mapping[str, type[DomainError]] | None = None) -> None:
        """Write what is pending; a violated constraint that `refusals` names becomes that refusal."""
        with _refusing(refusals):
            self.session.flush()

    @property
    def planned(self) -> list[outbox.Planned]:
        """The deliveries that this unit's facts call for."""
        return self._deliveries


_current: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)
_after_commit: list[Callable[[Sequence[outbox.Planned]], None]] = []
_commit_hooks: ContextVar[tuple[Callable[[Session], None], ...]] = ContextVar("commit_hooks", default=())


@contextmanager
def unit_of_work(*, plans_once: bool = False) -> Iterator[UnitOfWork]:
    """Open a transaction or join the open one; the outermost commits, an exception rolls back.

    One that is made of `Statement`s may take a connection on which those are planned once.
    """
    joined = _current.get()
    if joined is not None:
        yield joined
        return
    with Session(database.pool(plans_once=plans_once).engine, expire_on_commit=False) as session:
        unit = UnitOfWork(session)
        token, session_token = _current.set(unit), open_session.set(session)
        try:
            yield unit
            for hook in _commit_hooks.get():
                hook(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _current.reset(token)
            open_session.reset(session_token)
    for listener in _after_commit:
        listener(unit.planned)


def is_bound() -> bool:
    """Whether what is written here belongs into the open unit of work, or into one that is waited for."""
    return _current.get() is not None or bool(_commit_hooks.get())


def after_every_commit(listener: Callable[[Sequence[outbox.Planned]], None]) -> None:
    """Call `listener` with the planned deliveries of each unit of work, once it is committed."""
    if listener not in _after_commit:
        _after_commit.append(listener)


@contextmanager
def on_commit(hook: Callable[[Session], None]) -> Iterator[None]:
    """Let `hook` write into every unit of work that commits inside, in the same transaction."""
    token = _commit_hooks.set((*_commit_hooks.get(), hook))
    try:
        yield
    finally:
        _commit_hooks.reset(token)


@contextmanager
def _refusing(refusals: Mapping[str, type[DomainError]] | None) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        refusal = (refusals or {}).get(_constraint_name(error))
        if refusal is None:
            raise
        raise refusal from error


def _constraint_name(error: IntegrityError) -> str:
    diagnostics = getattr(error.orig, "diag", None)
    return str(getattr(diagnostics, "constraint_name", "") or "")
