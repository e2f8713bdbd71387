"""How Razorpay says no (https://razorpay.com/docs/errors/)."""

from typing import Any

BAD_REQUEST = 400
UNAUTHORIZED = 401
NOT_FOUND = 404


class RazorpayRefusal(Exception):
    """Razorpay's error object."""

    def __init__(self, description: str, *, status: int = BAD_REQUEST) -> None:
        """Refuse with Razorpay's status."""
        self.description = description
        self.status = status
        super().__init__(description)

    def body(self) -> dict[str, Any]:
        """The error as Razorpay writes it."""
        error = {
            "code": "BAD_REQUEST_ERROR",
            "description": self.description,
            "source": "business",
            "step": "payment_initiation",
            "reason": "input_validation_failed",
            "metadata": {},
        }
        return {"error": error}


def no_such() -> RazorpayRefusal:
    """Nothing has this id."""
    return RazorpayRefusal("The id provided does not exist")
