"""The tools of tests and demos: the mailbox, the clock, the payer, the provider's troubles."""

from flask import Blueprint, Response, request

from marketplace.api.sandbox import bodies
from marketplace.api.sandbox.bodies import answer
from marketplace.kernel.clock import clock
from marketplace.providers.sandbox import mailbox, payers, timeline
from marketplace.providers.sandbox.stripe import calls

blueprint = Blueprint("sandbox_tools", __name__, url_prefix="/sandbox")


@blueprint.get("/mail")
def list_mails() -> Response:
    """The mails sent to an address, or to all, newest first."""
    return answer({"messages": mailbox.list_mails(to=request.args.get("to"))})


@blueprint.post("/clock")
def advance_clock() -> Response:
    """Move the clock forward and run all timers that fell due, oldest first."""
    body = bodies.read(bodies.Advance)
    return answer({"now": timeline.advance(body.advance_seconds)})


@blueprint.get("/clock")
def read_clock() -> Response:
    """What time it is here."""
    return answer({"now": clock.now()})


@blueprint.delete("/clock")
def reset_clock() -> Response:
    """Return to real time."""
    return answer({"now": clock.reset()})


@blueprint.post("/payments/<reference>")
def act(reference: str) -> Response:
    """Let the payer pay, the holder complete the account, or the bank settle; or let it fail."""
    acted = payers.act(reference, bodies.read(bodies.Act).outcome)
    webhook = {"status": acted.webhook_status}
    return answer(
        {"reference": acted.reference, "status": acted.status, "webhook": webhook, **acted.checkout}
    )


@blueprint.post("/stripe/faults")
def set_fault() -> Response:
    """Let the next calls of an operation go wrong."""
    body = bodies.read(bodies.FaultIn)
    calls.set_fault(body.operation, body.fault, body.times)
    return answer(body)
