"""The sandbox's pages for people."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirection

from marketplace.api.sandbox import bodies
from marketplace.kernel.clock import clock
from marketplace.providers.sandbox import mailbox, payers, timeline
from marketplace.providers.sandbox.acts import Outcome
from marketplace.providers.sandbox.stripe import onboarding, people, store

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
MOST = 30
GONE = 410

blueprint = Blueprint(
    "sandbox",
    __name__,
    url_prefix="/sandbox",
    template_folder="templates",
    static_folder="static",
    static_url_path="/assets",
)


class ActForm(bodies.Act, frozen=True):
    """A button of the page: who acts, and how it ends."""

    reference: str


@blueprint.get("/")
def home() -> Response:
    """Show the mails, the open payments, the payouts and the clock."""
    return _page(
        "home.html",
        now=clock.now(),
        offset=clock.offset(),
        mails=mailbox.list_mails(most=MOST),
        payments=payers.list_payments(MOST),
        accounts=store.list_newest("account", MOST),
        payouts=people.list_payouts(MOST),
        outcomes=Outcome,
    )


@blueprint.post("/act")
def act() -> Redirection:
    """Let somebody act, from a button of the page."""
    form = bodies.read_form(ActForm)
    payers.act(form.reference, form.outcome)
    return _back()


@blueprint.post("/travel")
def travel() -> Redirection:
    """Move the clock, from the form of the page."""
    timeline.advance(bodies.read_form(bodies.Advance).advance_seconds)
    return _back()


@blueprint.post("/return")
def return_to_real_time() -> Redirection:
    """Return to real time, from the button of the page."""
    bodies.read_form(dict[str, str])
    clock.reset()
    return _back()


@blueprint.get("/stripe/onboarding/<account>")
def onboard(account: str) -> Response:
    """Complete a connected account, and show the way back."""
    visit = onboarding.visit(account, request.args.get("token", ""))
    response = _page("onboarding.html", visit=visit)
    response.status_code = response.status_code if visit.is_complete else GONE
    return response


@blueprint.after_request
def protect(response: Response) -> Response:
    """Let a page load from this server alone, and tell no other site where its reader came from."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = (
        "same-origin"  # with none at all a form would not say that it is ours
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(template: str, **context: object) -> Response:
    return make_response(render_template(f"sandbox/{template}", **context))


def _back() -> Redirection:
    return redirect(url_for("sandbox.home"), 303)
