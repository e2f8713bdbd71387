"""One call to the twin: faults, idempotency keys, and the transaction in which it acts."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers.sandbox.models import SandboxAnswer, SandboxFault
from marketplace.providers.sandbox.stripe.errors import StripeRefusal, hung_up, outcome
from marketplace.providers.sandbox.stripe.store import PROVIDER

OK = 200
MAX_KEY = 255
KEPT_FOR = timedelta(hours=24)  # Stripe forgets a key after a day: asked again then, it acts again


class Operation(StrEnum):
    """What a fault can be made to strike."""

    PAYMENT = "payment"
    CARD = "card"
    REFUND = "refund"
    TRANSFER = "transfer"
    PAYOUT = "payout"


class Fault(StrEnum):
    """What can be made to go wrong."""

    TIMEOUT_BEFORE = "timeout_before"  # hangs up without acting
    TIMEOUT_AFTER = "timeout_after"  # acts, then hangs up
    REFUSE = "refuse"
    PENDING = "pending"  # a refund that waits for its bank


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that changes something; `ids` are the objects that its path names."""

    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    is_slow: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the call came to."""

    status: int
    body: Mapping[str, Any]
    is_replayed: bool = False


Act = Callable[[UnitOfWork, Call], dict[str, Any]]


def carry_out(call: Call, act: Act, operation: Operation | None = None) -> Answer:
    """Act once for an idempotency key, in one transaction, and answer the same each time it is asked."""
    fault = _strike(operation) if operation else None
    if fault is Fault.TIMEOUT_BEFORE:
        raise hung_up()
    call = replace(call, is_slow=fault is Fault.PENDING)
    with unit_of_work() as unit:
        answer = _claim(unit, call)
        if answer is None:
            answer = _act(unit, call, _refuse if fault is Fault.REFUSE else act)
            _keep(unit, call, answer)
    if fault is Fault.TIMEOUT_AFTER:
        raise hung_up()
    return answer


def set_fault(operation: Operation, fault: Fault, times: int) -> None:
    """Let the next `times` calls of an operation go wrong; 0 lets none."""
    row = {"provider": PROVIDER, "operation": operation, "fault": fault, "remaining": times}
    upsert = (
        insert(SandboxFault)
        .values(row)
        .on_conflict_do_update(index_elements=["provider", "operation"], set_=row)
    )
    with unit_of_work() as unit:
        unit.session.execute(upsert)


def _strike(operation: Operation) -> Fault | None:
    hit = (
        update(SandboxFault)
        .where(
            SandboxFault.provider == PROVIDER,
            SandboxFault.operation == operation,
            SandboxFault.remaining > 0,
        )
        .values(remaining=SandboxFault.remaining - 1)
        .returning(SandboxFault.fault)
    )
    with unit_of_work() as unit:
        fault = unit.session.scalar(hit)
    return Fault(fault) if fault else None


def _refuse(_unit: UnitOfWork, _call: Call) -> dict[str, Any]:
    raise outcome("The sandbox refused on purpose.", "sandbox_refused")


def _act(unit: UnitOfWork, call: Call, act: Act) -> Answer:
    try:
        with unit.session.begin_nested():
            return Answer(status=OK, body=act(unit, call))
    except StripeRefusal as refusal:
        if not refusal.is_kept:
            raise
        return Answer(status=refusal.status, body=refusal.body())


def _claim(unit: UnitOfWork, call: Call) -> Answer | None:
    if call.idempotency_key is None:
        return None
    if len(call.idempotency_key) > MAX_KEY:
        raise StripeRefusal(f"Idempotency keys have at most {MAX_KEY} characters.", kind="idempotency_error")
    too_old = SandboxAnswer.created_at < clock.now() - KEPT_FOR
    unit.session.execute(delete(SandboxAnswer).where(*_is(call), too_old))
    # A twin of this request waits here until the first one's transaction ends.
    new = (
        insert(SandboxAnswer)
        .values(
            provider=PROVIDER,
            account=call.account or "",
            key=call.idempotency_key,
            request_hash=_hash(call),
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(SandboxAnswer.key)
    )
    if unit.session.scalar(new) is not None:
        return None
    kept = unit.session.execute(select(SandboxAnswer.__table__).where(*_is(call))).one()
    if kept.request_hash != _hash(call):
        raise StripeRefusal(
            "Keys for idempotent requests can only be used with the same parameters they were first used "
            f"with. Try using a key other than '{call.idempotency_key}'.",
            kind="idempotency_error",
        )
    return Answer(status=kept.status, body=kept.body, is_replayed=True)


def _keep(unit: UnitOfWork, call: Call, answer: Answer) -> None:
    if call.idempotency_key is None or answer.is_replayed:
        return
    unit.session.execute(
        update(SandboxAnswer).where(*_is(call)).values(status=answer.status, body=dict(answer.body))
    )


def _is(call: Call) -> tuple[Any, ...]:
    return (
        SandboxAnswer.provider == PROVIDER,
        SandboxAnswer.account == (call.account or ""),
        SandboxAnswer.key == call.idempotency_key,
    )


def _hash(call: Call) -> str:
    request = msgspec.json.encode([call.path, call.params], order="deterministic")
    return hashlib.sha256(request).hexdigest()
