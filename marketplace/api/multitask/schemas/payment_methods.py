"""Cards as MultiTask shows them, and as it does not take them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from marshmallow import ValidationError, post_load, pre_load, validate

from marketplace.api.fields import Flag, Text
from marketplace.api.multitask.dialect import Id, Input, Timestamp, timestamp
from marketplace.domains.payments.public import PaymentMethod

MOST_REFERENCE = 255
NAMES = ("payment_method_id", "stripe_payment_method_id")
# Where a client would send what only the provider's own form may take.
RAW = ("number", "card_number", "card", "cvc", "cvv", "exp_month", "exp_year")
NO_NUMBERS = "Card details are not taken here: send the id that the provider's form gives for them."


class PaymentMethodOut(msgspec.Struct, kw_only=True, frozen=True):
    """A card that one keeps."""

    id: Id
    payment_method_id: Annotated[str, msgspec.Meta(examples=["pm_1NqYx2"])]
    type: Literal["card"]
    brand: Annotated[str, msgspec.Meta(examples=["visa"])]
    last4: Annotated[str, msgspec.Meta(examples=["4242"])]
    exp_month: Annotated[int, msgspec.Meta(examples=[12])]
    exp_year: Annotated[int, msgspec.Meta(examples=[2034])]
    is_default: bool
    created_at: Timestamp

    @classmethod
    def of(cls, method: PaymentMethod) -> "PaymentMethodOut":
        """A kept card."""
        return cls(
            id=method.id,
            payment_method_id=method.reference,
            type="card",
            brand=method.brand,
            last4=method.last4,
            exp_month=method.exp_month,
            exp_year=method.exp_year,
            is_default=method.is_default,
            created_at=timestamp(method.created_at),
        )


def _reference(**options: Any) -> Text:
    is_reference = validate.Regexp(r"pm_[A-Za-z0-9_]+\Z", error="This is no payment method of the provider.")
    return Text(most=MOST_REFERENCE, validate=is_reference, **options)


class PaymentMethodIn(Input):
    """A card by the id that the provider gave for it, under either of two names."""

    payment_method_id = _reference(metadata={"example": "pm_card_visa"})
    stripe_payment_method_id = _reference()
    is_default = Flag(metadata={"example": True})

    @pre_load
    def refuse_numbers(self, data: Any, **_: object) -> Any:
        """What is on a card never comes here, not even beside an id."""
        named = [name for name in RAW if isinstance(data, Mapping) and name in data]
        if named:
            raise ValidationError({name: [NO_NUMBERS] for name in named})
        return data

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The arguments of the command."""
        references = {data[name] for name in NAMES if name in data}
        if not references:
            message = "This field is required."
            raise ValidationError(message, NAMES[0])
        if len(references) > 1:
            message = f"{' and '.join(NAMES)} are the same field and differ."
            raise ValidationError(message, NAMES[0])
        return {"reference": references.pop(), "wants_default": data.get("is_default", False)}
