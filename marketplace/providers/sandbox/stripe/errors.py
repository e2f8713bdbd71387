"""How Stripe says no (https://docs.stripe.com/api/errors)."""

from typing import Any

BAD_REQUEST = 400
UNAUTHORIZED = 401
NOT_FOUND = 404
BROKEN = 500
INVALID_REQUEST = "invalid_request_error"


class StripeRefusal(Exception):
    """Stripe's error object: `is_kept` ones are kept under the idempotency key and answered again."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = BAD_REQUEST,
        kind: str = INVALID_REQUEST,
        is_kept: bool = False,
    ) -> None:
        """Refuse with Stripe's status, type, code, and the parameter that is to blame."""
        self.message = message
        self.code = code
        self.param = param
        self.status = status
        self.kind = kind
        self.is_kept = is_kept
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        """The error as Stripe writes it."""
        fields = {"code": self.code, "message": self.message, "param": self.param, "type": self.kind}
        return {"error": {name: value for name, value in fields.items() if value is not None}}


def no_such(kind: str, reference: str, param: str = "id") -> StripeRefusal:
    """Nothing of that kind has this id, or it is another account's."""
    return StripeRefusal(
        f"No such {kind}: '{reference}'", code="resource_missing", param=param, status=NOT_FOUND
    )


def outcome(message: str, code: str | None = None, param: str | None = None) -> StripeRefusal:
    """A refusal that came of carrying the request out, so that it stays with its idempotency key."""
    return StripeRefusal(message, code=code, param=param, is_kept=True)


def hung_up() -> StripeRefusal:
    """The connection broke: whoever asked cannot know what has happened."""
    return StripeRefusal("The sandbox hung up on purpose.", status=BROKEN, kind="api_error")
