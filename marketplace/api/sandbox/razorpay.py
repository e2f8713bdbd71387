"""Razorpay's HTTP API, as far as the house uses it, spoken by the twin."""

import hmac

from flask import Blueprint, Response, request

from marketplace.api.sandbox.bodies import answer
from marketplace.providers.sandbox.razorpay import orders, store
from marketplace.providers.sandbox.razorpay.errors import NOT_FOUND, UNAUTHORIZED, RazorpayRefusal
from marketplace.providers.sandbox.razorpay.house import house

blueprint = Blueprint("sandbox_razorpay", __name__, url_prefix="/sandbox/razorpay/v1")


@blueprint.post("/orders")
def create_order() -> Response:
    """Make an order."""
    return answer(orders.create(request.get_data()))


@blueprint.get("/orders")
def list_orders() -> Response:
    """List the newest orders, of one receipt or of all."""
    return answer(orders.list_orders(request.args.get("receipt")))


@blueprint.get("/orders/<order>")
def retrieve_order(order: str) -> Response:
    """Look an order up."""
    return answer(store.retrieve("order", order))


@blueprint.get("/orders/<order>/payments")
def list_payments(order: str) -> Response:
    """List the payments of an order."""
    return answer(orders.list_payments(order))


@blueprint.get("/payments/<payment>")
def retrieve_payment(payment: str) -> Response:
    """Look a payment up."""
    return answer(store.retrieve("payment", payment))


@blueprint.route("/<path:rest>", methods=["GET", "POST", "PATCH", "DELETE"])
def unknown(rest: str) -> Response:
    """Say that the twin does not know this part of Razorpay."""
    raise RazorpayRefusal(f"The requested URL was not found: {request.method} /v1/{rest}", status=NOT_FOUND)


@blueprint.before_request
def authenticate() -> None:
    """Let in whoever shows the house's own key and its secret."""
    shown = request.authorization
    given = f"{shown.username}:{shown.password}" if shown else ""
    if not hmac.compare_digest(given.encode(), ":".join(house.keys).encode()):
        raise RazorpayRefusal("Authentication failed", status=UNAUTHORIZED)


@blueprint.errorhandler(RazorpayRefusal)
def refuse(refusal: RazorpayRefusal) -> Response:
    """Render a refusal as Razorpay does."""
    return answer(refusal.body(), refusal.status)
