"""Stripe's HTTP API, as far as the house uses it, spoken by the twin."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from marketplace.api.sandbox.bodies import answer
from marketplace.providers.sandbox.stripe import accounts, customers, forms, onboarding, payments, store
from marketplace.providers.sandbox.stripe.calls import Act, Call, Operation, carry_out
from marketplace.providers.sandbox.stripe.errors import NOT_FOUND, UNAUTHORIZED, StripeRefusal

KEY_PREFIX = "sk_test_"

blueprint = Blueprint("sandbox_stripe", __name__, url_prefix="/sandbox/stripe/v1")


@blueprint.post("/payment_intents")
def create_payment_intent() -> Response:
    """Open an intent."""
    return _carry_out(payments.create, Operation.PAYMENT)


@blueprint.get("/payment_intents/<intent>")
def retrieve_payment_intent(intent: str) -> Response:
    """Look an intent up."""
    return _retrieve("payment_intent", intent)


@blueprint.post("/payment_intents/<intent>")
def update_payment_intent(intent: str) -> Response:
    """Change an unpaid intent."""
    return _carry_out(payments.update, Operation.PAYMENT, {"intent": intent})


@blueprint.post("/payment_intents/<intent>/cancel")
def cancel_payment_intent(intent: str) -> Response:
    """Cancel an unpaid intent."""
    return _carry_out(payments.cancel, Operation.PAYMENT, {"intent": intent})


@blueprint.post("/refunds")
def create_refund() -> Response:
    """Send a payment's money back."""
    return _carry_out(payments.refund, Operation.REFUND)


@blueprint.get("/refunds")
def list_refunds() -> Response:
    """The refunds of a payment, newest first."""
    found = store.list_of_payment("refund", request.args.get("payment_intent", ""))
    return answer({"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"})


@blueprint.get("/refunds/<refund>")
def retrieve_refund(refund: str) -> Response:
    """Look a refund up."""
    return _retrieve("refund", refund)


@blueprint.post("/customers")
def create_customer() -> Response:
    """Make a customer."""
    return _carry_out(customers.create)


@blueprint.get("/customers/<customer>")
def retrieve_customer(customer: str) -> Response:
    """Look a customer up."""
    return _retrieve("customer", customer)


@blueprint.get("/payment_methods/<method>")
def retrieve_payment_method(method: str) -> Response:
    """Look a card up."""
    return _retrieve("payment_method", method)


@blueprint.post("/payment_methods/<method>/attach")
def attach_payment_method(method: str) -> Response:
    """Keep a card for a customer."""
    return _carry_out(customers.attach, Operation.CARD, {"method": method})


@blueprint.post("/payment_methods/<method>/detach")
def detach_payment_method(method: str) -> Response:
    """Keep a card no longer."""
    return _carry_out(customers.detach, Operation.CARD, {"method": method})


@blueprint.post("/accounts")
def create_account() -> Response:
    """Open a connected account."""
    return _carry_out(accounts.create)


@blueprint.get("/accounts/<account>")
def retrieve_account(account: str) -> Response:
    """Look an account up."""
    return _retrieve("account", account)


@blueprint.post("/account_links")
def create_account_link() -> Response:
    """Make a link where an account's holder completes it."""
    return _carry_out(onboarding.create_link)


@blueprint.post("/transfers")
def create_transfer() -> Response:
    """Move money to a connected account."""
    return _carry_out(accounts.transfer, Operation.TRANSFER)


@blueprint.get("/transfers/<transfer>")
def retrieve_transfer(transfer: str) -> Response:
    """Look a transfer up."""
    return _retrieve("transfer", transfer)


@blueprint.post("/transfers/<transfer>/reversals")
def reverse_transfer(transfer: str) -> Response:
    """Take a transfer back."""
    return _carry_out(accounts.reverse_transfer, Operation.TRANSFER, {"transfer": transfer})


@blueprint.post("/payouts")
def create_payout() -> Response:
    """Send a connected account's money to its bank."""
    return _carry_out(accounts.pay_out, Operation.PAYOUT)


@blueprint.get("/payouts/<payout>")
def retrieve_payout(payout: str) -> Response:
    """Look a payout of a connected account up."""
    return _retrieve("payout", payout, account=_account())


@blueprint.route("/<path:rest>", methods=["GET", "POST", "DELETE"])
def unknown(rest: str) -> Response:
    """Say that the twin does not know this part of Stripe."""
    raise StripeRefusal(f"Unrecognized request URL ({request.method}: /v1/{rest}).", status=NOT_FOUND)


@blueprint.before_request
def authenticate() -> None:
    """Let in whoever shows a key of Stripe's test mode."""
    shown = request.authorization
    key = (shown.token or shown.username or "") if shown else ""
    if not key.startswith(KEY_PREFIX):
        raise StripeRefusal("Invalid API Key provided: the sandbox takes sk_test_ keys.", status=UNAUTHORIZED)


@blueprint.errorhandler(StripeRefusal)
def refuse(refusal: StripeRefusal) -> Response:
    """Render a refusal as Stripe does."""
    return answer(refusal.body(), refusal.status)


@blueprint.after_request
def sign(response: Response) -> Response:
    """Number the request, as Stripe does."""
    response.headers["Request-Id"] = f"req_{store.random_word(14)}"
    return response


def _carry_out(
    act: Act, operation: Operation | None = None, ids: Mapping[str, str] | None = None
) -> Response:
    key = request.headers.get("Idempotency-Key")
    call = Call(
        path=request.path,
        params=forms.nested(request.form.items(multi=True)),
        ids=ids or {},
        account=_account(),
        idempotency_key=key,
    )
    result = carry_out(call, act, operation)
    response = answer(result.body, result.status)
    if key is not None:
        response.headers["Idempotency-Key"] = key
    if result.is_replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _retrieve(kind: str, reference: str, *, account: str | None = None) -> Response:
    return answer(store.retrieve(kind, reference, account=account))


def _account() -> str | None:
    return request.headers.get("Stripe-Account") or None
