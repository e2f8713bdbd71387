"""The page behind the link of a verification mail.

Opening the link proves nothing yet, since mail scanners open links too: the person presses the button.
"""

from flask import Blueprint, Response, make_response, render_template, request

from marketplace.api.platform.pages import PLAIN, protect
from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.errors import BadToken
from marketplace.extensions import limiter

ATTEMPTS = "30/minute"

blueprint = Blueprint("verification", __name__, template_folder="templates")
blueprint.after_request(protect)


@blueprint.get("/verify-email")
def ask() -> Response:
    """Ask the person to confirm their address."""
    return _page(token=request.args.get("token", ""), outcome="asked")


@blueprint.post("/verify-email")
@limiter.limit(ATTEMPTS)
def confirm() -> Response:
    """Take the token."""
    accounts.verify_email(request.form.get("token", ""))
    return _page(outcome="confirmed")


@blueprint.errorhandler(BadToken)
def refuse(_: BadToken) -> Response:
    """Say to the person, not in JSON, that the token is no good."""
    return _page(outcome="refused", status=400)


def _page(*, outcome: str, token: str = "", status: int = 200) -> Response:
    response = make_response(render_template("platform/verification.html", outcome=outcome, token=token))
    response.status_code = status
    response.headers["Content-Security-Policy"] = PLAIN.replace("form-action 'none'", "form-action 'self'")
    response.cache_control.no_store = True
    return response
