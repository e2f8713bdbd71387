"""What the house asks of a provider of orders: one order for each amount that somebody is to pay.

An order moves no money by itself, and nobody can pay one whose reference was never told. The provider takes
no idempotency key for it: what was made by a call that broke is found by its receipt, our own name for it.
Calls end as those of `marketplace.providers.payments` do.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from marketplace.kernel.money import Money
from marketplace.providers.payments import Event


@dataclass(frozen=True, kw_only=True)
class Order:
    """An amount to be paid; somebody may have tried in vain before it `is_paid`."""

    reference: str
    amount: Money
    is_paid: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Payment:
    """Money that arrived for an order."""

    reference: str
    amount: Money


class OrderProvider(Protocol):
    """A provider whose checkout page pays orders."""

    name: str
    # Without keys nothing can be asked of it: production may do without.
    is_set_up: bool
    public_key: str

    def create_order(self, amount: Money, *, receipt: str) -> Order:
        """Make an order, whose payment is taken as soon as it is made."""
        ...

    def find_order(self, *, receipt: str) -> Order | None:
        """The newest order with this receipt, where there is one."""
        ...

    def get_order(self, reference: str) -> Order:
        """Look an order up."""
        ...

    def find_payment(self, order_reference: str) -> Payment | None:
        """The payment that has paid an order, where one has."""
        ...

    def is_proven(self, *, order_reference: str, payment_reference: str, signature: str) -> bool:
        """Whether the provider signed that this payment has paid this order."""
        ...

    def read_event(self, body: bytes, signature: str, *, event_id: str) -> Event:
        """Verify a webhook's signature on its raw body and read it; its id comes beside the body.

        Refuses with `SignatureInvalid`, or with `NotAnEvent` what is signed and makes no sense.
        """
        ...
