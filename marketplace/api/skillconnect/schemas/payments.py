"""Payment requests as SkillConnect shows and takes them, and what Razorpay's page needs and proves."""

from typing import Annotated, Any

import msgspec
from marshmallow import fields, post_load

from marketplace.api.fields import Identifier, Text
from marketplace.api.shapes import Id, Timestamp, timestamp
from marketplace.api.skillconnect.dialect import Input, Rupees, rupees
from marketplace.api.skillconnect.fields import AmountDue
from marketplace.api.skillconnect.schemas.messaging import PaymentStatus
from marketplace.domains.deals.public import RequestView
from marketplace.domains.payments.public import Checkout

MAX_DESCRIPTION = 2000
Description = Annotated[str, msgspec.Meta(examples=["Final payment due"])]


class PaymentRequestOut(msgspec.Struct, kw_only=True, frozen=True):
    """What a freelancer asks of a client."""

    id: Id
    contract: Id | None
    conversation_id: Id
    amount: Rupees
    description: Description
    status: PaymentStatus
    created_at: Timestamp

    @classmethod
    def of(cls, view: RequestView) -> "PaymentRequestOut":
        """A request in its conversation."""
        request = view.request
        return cls(
            id=request.id,
            contract=view.contract_id,
            conversation_id=view.room_id,
            amount=rupees(request.amount),
            description=request.description,
            status=request.status.value,
            created_at=timestamp(request.created_at),
        )


class CheckoutOut(msgspec.Struct, kw_only=True, frozen=True):
    """What Razorpay's page needs; the amount is in paise."""

    order_id: Annotated[str, msgspec.Meta(examples=["order_Qx3b8Vt0pLk2Zd"])]
    razorpay_key: Annotated[str, msgspec.Meta(examples=["rzp_test_xxxxxxxxx"])]
    amount: Annotated[int, msgspec.Meta(examples=[2000000])]
    currency: Annotated[str, msgspec.Meta(examples=["INR"])]
    description: Description

    @classmethod
    def of(cls, checkout: Checkout) -> "CheckoutOut":
        """An order of Razorpay's."""
        return cls(
            order_id=checkout.order_reference,
            razorpay_key=checkout.key,
            amount=checkout.amount.minor,
            currency=checkout.amount.currency,
            description=checkout.description,
        )


class PaidOut(msgspec.Struct, kw_only=True, frozen=True):
    """The request is paid."""

    success: bool = True


class PaymentRequestIn(Input):
    """What is asked, in which conversation; how it stands is not for the sender to say, and ignored."""

    conversation_id = Identifier(required=True, metadata={"example": 15})
    contract = Identifier(allow_none=True, metadata={"example": 9})
    amount = AmountDue(required=True, metadata={"example": 20000})
    description = Text(
        most=MAX_DESCRIPTION, blank=True, strip=False, metadata={"example": "Final payment due"}
    )

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What `deals.request_payment` takes."""
        return {
            "room_id": data["conversation_id"],
            "contract_id": data.get("contract"),
            "amount": data["amount"],
            "description": data.get("description", ""),
        }


def _told(example: str) -> fields.Raw:
    return fields.Raw(allow_none=True, metadata={"type": "string", "example": example})


class ProofIn(Input):
    """What Razorpay's page was told; what is missing or no text proves nothing."""

    razorpay_order_id = _told("order_Qx3b8Vt0pLk2Zd")
    razorpay_payment_id = _told("pay_Qx3c2Hn5rTm8Wf")
    razorpay_signature = _told("9ef4dffbfd84f1318f6739a3ce19f9d8")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, str]:
        """What `payments.verify_razorpay_payment` takes."""
        told = {name: value for name, value in data.items() if isinstance(value, str)}
        return {
            "order_reference": told.get("razorpay_order_id", ""),
            "payment_reference": told.get("razorpay_payment_id", ""),
            "signature": told.get("razorpay_signature", ""),
        }
