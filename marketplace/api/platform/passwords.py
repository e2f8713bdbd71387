"""The page behind the link of a mail that resets a password."""

from flask import Blueprint, Response, make_response, render_template, request

from marketplace.api.platform.pages import PLAIN, protect
from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.errors import BadToken, WeakPassword
from marketplace.extensions import limiter

ATTEMPTS = "30/minute"

blueprint = Blueprint("passwords", __name__, template_folder="templates")
blueprint.after_request(protect)


@blueprint.get("/reset-password")
def ask() -> Response:
    """Ask for the new password."""
    return _page(token=request.args.get("token", ""), outcome="asked")


@blueprint.post("/reset-password")
@limiter.limit(ATTEMPTS)
def reset() -> Response:
    """Take the token and the new password."""
    accounts.reset_password(token=request.form.get("token", ""), new=request.form.get("password", ""))
    return _page(outcome="changed")


@blueprint.errorhandler(BadToken)
def refuse(_: BadToken) -> Response:
    """Say to the person, not in JSON, that the token is no good."""
    return _page(outcome="refused", status=400)


@blueprint.errorhandler(WeakPassword)
def ask_again(error: WeakPassword) -> Response:
    """Say what is wrong with the password, and ask for another."""
    return _page(token=request.form.get("token", ""), outcome="asked", complaint=error.sentence, status=400)


def _page(*, outcome: str, token: str = "", complaint: str = "", status: int = 200) -> Response:
    words = {"outcome": outcome, "token": token, "complaint": complaint}
    response = make_response(render_template("platform/password.html", **words))
    response.status_code = status
    response.headers["Content-Security-Policy"] = PLAIN.replace("form-action 'none'", "form-action 'self'")
    response.cache_control.no_store = True
    return response
