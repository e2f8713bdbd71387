"""`/files/`: what people have uploaded, served so that a browser shows it and does nothing else with it."""

from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, request

from marketplace.domains.files import public as files
from marketplace.domains.files.public import Opened, Variant

# Nothing in a file may run, load or be framed, whatever a browser takes it for.
SEALED = "default-src 'none'; sandbox; frame-ancestors 'none'"
A_YEAR_S = 365 * 24 * 3600

blueprint = Blueprint("files", __name__, url_prefix="/files")


@blueprint.get("/<uuid:public_id>")
def show(public_id: UUID) -> Response:
    """Answer a file; a private one needs the whole link."""
    expires, signature = request.args.get("expires", ""), request.args.get("signature", "")
    return _response(files.open_file(public_id, expires=expires, signature=signature))


@blueprint.get("/<uuid:public_id>/thumbnail")
def show_thumbnail(public_id: UUID) -> Response:
    """Answer the small form of a picture."""
    expires, signature = request.args.get("expires", ""), request.args.get("signature", "")
    opened = files.open_file(public_id, Variant.THUMBNAIL, expires=expires, signature=signature)
    return _response(opened)


def _response(opened: Opened) -> Response:
    response = Response(opened.content, mimetype=opened.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SEALED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
    # as RFC 8187 has it: a name may be of any script
    shown = "inline" if opened.is_picture else "attachment"
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(opened.name, safe='')}"
    if opened.is_public:
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.cache_control.max_age = A_YEAR_S
    else:
        response.cache_control.private = True
        response.cache_control.max_age = opened.fresh_s
    response.set_etag(opened.version)
    # a voice message is played from where the listener moves to
    response.make_conditional(request, accept_ranges=True, complete_length=len(opened.content))
    return response
