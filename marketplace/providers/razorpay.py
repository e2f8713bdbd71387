"""Razorpay, spoken to through its own client: the real one, or in development the sandbox's twin."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec
import razorpay
import requests
from razorpay.errors import BadRequestError, GatewayError, ServerError, SignatureVerificationError
from typing_extensions import override

from marketplace.kernel.money import Money
from marketplace.kernel.settings import Settings
from marketplace.kernel.tokens import Tokens
from marketplace.providers.orders import Order, OrderProvider, Payment
from marketplace.providers.payments import Event, OutcomeUnknown, Refused
from marketplace.providers.razorpay_webhooks import read_event

API_BASE = "https://api.razorpay.com"
SANDBOX_PATH = "/sandbox/razorpay"
SANDBOX_KEY = "rzp_test_sandbox"
CONNECT_TIMEOUT_S = 3.05
READ_TIMEOUT_S = 20
_PAID = frozenset({"paid"})
_CAPTURED = frozenset({"captured"})


class _OrderBody(msgspec.Struct):
    id: str
    amount: int
    currency: str
    status: str
    created_at: int
    receipt: str | None = None


class _PaymentBody(msgspec.Struct):
    id: str
    amount: int
    currency: str
    status: str


class _Orders(msgspec.Struct):
    items: list[_OrderBody]


class _Payments(msgspec.Struct):
    items: list[_PaymentBody]


class RazorpayProvider(OrderProvider):
    """The provider that `marketplace.providers.orders` describes."""

    name = "razorpay"

    def __init__(self, settings: Settings) -> None:
        """Ask `RAZORPAY_API_BASE`, Razorpay, or without a key the sandbox's twin; production has none."""
        self.is_set_up = not (settings.razorpay_is_sandbox and settings.is_production)
        self.public_key = settings.razorpay_key_id or SANDBOX_KEY
        self._webhook_secret = webhook_secret(settings)
        twin = settings.public_url + SANDBOX_PATH if settings.razorpay_is_sandbox else API_BASE
        self._base = (settings.razorpay_api_base or twin).rstrip("/")
        self._keys = (self.public_key, key_secret(settings) or "")

    @override
    def create_order(self, amount: Money, *, receipt: str) -> Order:
        asked = {
            "amount": amount.minor,
            "currency": amount.currency,
            "receipt": receipt,
            "payment_capture": True,
        }
        with self._asking() as client:
            return _order(_read(client.order.create(asked), _OrderBody))

    @override
    def find_order(self, *, receipt: str) -> Order | None:
        with self._asking() as client:
            found = _read(client.order.all({"receipt": receipt}), _Orders).items
        ours = [order for order in found if order.receipt == receipt]
        return _order(max(ours, key=lambda order: order.created_at)) if ours else None

    @override
    def get_order(self, reference: str) -> Order:
        with self._asking() as client:
            return _order(_read(client.order.fetch(reference), _OrderBody))

    @override
    def find_payment(self, order_reference: str) -> Payment | None:
        with self._asking() as client:
            found = _read(client.order.payments(order_reference), _Payments).items
        captured = (payment for payment in found if payment.status in _CAPTURED)
        return next((_payment(payment) for payment in captured), None)

    @override
    def is_proven(self, *, order_reference: str, payment_reference: str, signature: str) -> bool:
        told = {
            "razorpay_order_id": order_reference,
            "razorpay_payment_id": payment_reference,
            "razorpay_signature": signature,
        }
        client = razorpay.Client(auth=self._keys)
        try:
            return self.is_set_up and bool(client.utility.verify_payment_signature(told))
        # Beside its own error, Razorpay's code lets what is no ASCII fail as it may.
        except (SignatureVerificationError, TypeError, ValueError):
            return False

    @override
    def read_event(self, body: bytes, signature: str, *, event_id: str) -> Event:
        return read_event(body, signature, event_id=event_id, secret=self._webhook_secret)

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        """Razorpay's client for one conversation; how it fails becomes one of the two ways that we know."""
        with _Session() as session:
            try:
                yield razorpay.Client(session=session, auth=self._keys, base_url=self._base)
            except BadRequestError as error:
                raise Refused(str(error)) from error
            except (GatewayError, ServerError) as error:
                raise OutcomeUnknown(str(error)) from error


class _Session(requests.Session):
    """What Razorpay's client asks with: for a limited time, and never with its own list of authorities.

    That list is of 2015. Whatever is no answer of Razorpay's is an unknown outcome before the client sees it.
    """

    @override
    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        options = {
            **kwargs,
            "timeout": (CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
            "verify": True,
            "allow_redirects": False,
        }
        try:
            response = super().request(*args, **options)
            body = response.json()
        except requests.RequestException as error:
            raise OutcomeUnknown(repr(error)) from error
        if not isinstance(body, dict) or not _means_something(response.status_code, body):
            raise OutcomeUnknown(f"Razorpay answered {response.status_code}, which is no answer")
        return response


def _means_something(status: int, body: Mapping[str, Any]) -> bool:
    """Whether it is a thing, or a no with its reason."""
    if status < HTTPStatus.BAD_REQUEST:
        return status < HTTPStatus.MULTIPLE_CHOICES
    return status < HTTPStatus.INTERNAL_SERVER_ERROR and isinstance(body.get("error"), dict)


def key_secret(settings: Settings) -> str | None:
    """What checkouts are signed with; in development a secret that comes from `SECRET_KEY` stands in."""
    return settings.razorpay_key_secret or _own(settings, "razorpay-key")


def webhook_secret(settings: Settings) -> str | None:
    """What webhooks are signed with; in development another such secret stands in."""
    return settings.razorpay_webhook_secret or _own(settings, "razorpay-webhook")


def _own(settings: Settings, purpose: str) -> str | None:
    if settings.is_production:
        return None
    own = Tokens()
    own.configure(settings)
    return own.sign(purpose, "secret")


class _Configured:
    """The provider of this process."""

    def __init__(self) -> None:
        self.configure(Settings())

    def configure(self, settings: Settings) -> None:
        """Speak to Razorpay as the settings say."""
        self._provider: OrderProvider = RazorpayProvider(settings)

    def provider(self) -> OrderProvider:
        """The provider."""
        return self._provider

    @contextmanager
    def replaced(self, provider: OrderProvider) -> Iterator[None]:
        """Let a test's own provider stand in."""
        before, self._provider = self._provider, provider
        try:
            yield
        finally:
            self._provider = before


_configured = _Configured()
configure = _configured.configure
provider = _configured.provider
replaced = _configured.replaced


def _read(body: Mapping[str, Any], kind: type[Any]) -> Any:
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        raise OutcomeUnknown(f"Razorpay's answer makes no sense: {error}") from error


def _order(body: _OrderBody) -> Order:
    return Order(
        reference=body.id,
        amount=Money(body.amount, body.currency),
        is_paid=body.status in _PAID,
        created_at=datetime.fromtimestamp(body.created_at, UTC),
    )


def _payment(body: _PaymentBody) -> Payment:
    return Payment(reference=body.id, amount=Money(body.amount, body.currency))
