"""A page on which two people chat: the realtime side of MultiTask in a real browser."""

from flask import Blueprint, Response, make_response, render_template

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

blueprint = Blueprint(
    "demo", __name__, url_prefix="/demo", template_folder="templates", static_folder="static"
)


@blueprint.get("/")
def show() -> Response:
    """Show two people side by side, who meet when the button is pressed."""
    return make_response(render_template("sandbox/demo.html"))


@blueprint.after_request
def protect(response: Response) -> Response:
    """Let the page load from and speak to this server alone."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
