"""`/webhooks/`: what providers tell that no face's document has an address for."""

import msgspec
from flask import Blueprint, Response, request

from marketplace.domains.payments import public as payments

SIGNATURE = "X-Razorpay-Signature"
EVENT_ID = "X-Razorpay-Event-Id"

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")


@blueprint.post("/razorpay/")
def receive_from_razorpay() -> Response:
    """Take an event of Razorpay in; its signature is checked on the raw body."""
    payments.receive_razorpay_webhook(
        body=request.get_data(),
        signature=request.headers.get(SIGNATURE, ""),
        event_id=request.headers.get(EVENT_ID, ""),
    )
    return Response(msgspec.json.encode({"received": True}), mimetype="application/json")
