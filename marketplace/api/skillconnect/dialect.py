"""How SkillConnect speaks: plainly, with pages of six, and in some places in words of its document's own."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import msgspec
from flask import request
from typing_extensions import override

from marketplace.api.blueprint import Blueprint
from marketplace.api.dialect import Messages
from marketplace.api.paging import page_of
from marketplace.api.plain import NON_FIELD, Input, PlainDialect, flat, name_of
from marketplace.api.shapes import Detail, Id, Timestamp, timestamp
from marketplace.domains.accounts import errors as accounts
from marketplace.domains.deals import errors as deals
from marketplace.domains.messaging import errors as messaging
from marketplace.domains.payments import errors as payments
from marketplace.domains.profiles import errors as profiles
from marketplace.kernel.errors import DomainError, Kind
from marketplace.kernel.money import Money
from marketplace.kernel.process import WrongState
from marketplace.kernel.tokens import TokenNotValid

__all__ = [
    "CURRENCY",
    "FACE",
    "Detail",
    "Id",
    "Input",
    "Rupees",
    "Timestamp",
    "blueprint",
    "dialect",
    "messaging_dialect",
    "page_of",
    "page_request",
    "rupees",
    "timestamp",
]

FACE = "skillconnect"
BASE = "/api/v1/"
CURRENCY = "INR"
Rupees = Annotated[float, msgspec.Meta(examples=[25000])]
PAGE_SIZE, MESSAGES_A_PAGE = 6, 50
METHOD_NOT_ALLOWED = 405
BAD_GATEWAY = 502

# Refusals of the core that the document has words of its own for: where the words stand, and the words.
_SAID_OTHERWISE: Mapping[str, tuple[str, str]] = {
    accounts.BadCredentials.code: (NON_FIELD, "Invalid email or password"),
    accounts.AwaitsProof.code: (NON_FIELD, "Please verify your email before logging in."),
    accounts.EmailTaken.code: ("email", "This email is already registered."),
    accounts.AlreadyVerified.code: ("error", accounts.AlreadyVerified().sentence),
    messaging.NotAnEmoji.code: ("error", "emoji is not valid"),
    accounts.BadIdentityToken.code: ("detail", "Invalid Google token"),
    accounts.PasswordNeeded.code: ("detail", "Prove this address first: set a new password by a code."),
    accounts.GoogleNotConfigured.code: ("detail", "Google sign-in is not available."),
    accounts.GoogleUnreachable.code: ("detail", "Google sign-in is not available."),
    profiles.ProfileExists.code: (NON_FIELD, "Profile already exists for this user"),
    payments.ProviderUnavailable.code: ("error", "Payment provider is unavailable. Please try again."),
}
# Refusals of the core that stand under a plain `error`.
_ERRORS = frozenset(
    {
        WrongState.code,
        deals.UnknownDecision.code,
        deals.TermsFrozen.code,
        deals.NotPendingAnyMore.code,
        deals.AlreadyDone.code,
        deals.AlreadyPaid.code,
        payments.AlreadyPaid.code,
        payments.RequestCancelled.code,
        messaging.RoomClosed.code,
    }
)
# Where the core calls a field otherwise.
_FIELDS = {"category": "category_id", "price_max": "budget_max"}
_PLAIN_TEXTS = frozenset({"error", "detail"})


class SkillConnectDialect(PlainDialect):
    """The plain dialect with the document's words; in a flat section the error of a field is a bare text."""

    statuses: ClassVar[Mapping[str, int]] = {
        **PlainDialect.statuses,
        accounts.BadCredentials.code: 400,
        accounts.AwaitsProof.code: 400,
        payments.ProviderUnavailable.code: BAD_GATEWAY,
    }

    def __init__(self, *, page_size: int = PAGE_SIZE, is_flat: bool = False) -> None:
        """Say how long a page is, and whether the messages of a field are a list or one text."""
        super().__init__(page_size=page_size)
        self.is_flat = is_flat

    @override
    def refusal(self, error: DomainError) -> dict[str, Any]:
        if isinstance(error, TokenNotValid):
            return {"detail": "Given token not valid for any token type", "code": TokenNotValid.code}
        if isinstance(error, payments.PaymentNotProven):
            return {"success": False, "error": error.sentence}
        if error.code in _SAID_OTHERWISE:
            return self._told(*_SAID_OTHERWISE[error.code])
        if error.code in _ERRORS:
            return {"error": error.sentence}
        if error.of_field is not None:
            return self._told(_FIELDS.get(error.of_field, name_of(error.of_field)), error.sentence)
        return super().refusal(error)

    @override
    def error_schema(self, status: int) -> dict[str, Any]:
        if status == self.statuses[Kind.INVALID]:
            texts = {"type": "array", "items": {"type": "string"}}
            said = {"anyOf": [texts, {"type": "string"}, {"type": "boolean"}]}
            return {"type": "object", "additionalProperties": said, "examples": [{"error": "Error message"}]}
        if status == BAD_GATEWAY:
            return {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
        return super().error_schema(status)

    @override
    def invalid(self, messages: Messages) -> dict[str, Any]:
        if not self.is_flat:
            return super().invalid(messages)
        return {name_of(name): flat(value)[0] for name, value in messages.items()}

    @override
    def plain(self, status: int, sentence: str) -> dict[str, Any]:
        if status == METHOD_NOT_ALLOWED:
            return {"detail": f'Method "{request.method}" not allowed.'}
        return super().plain(status, sentence)

    def _told(self, name: str, sentence: str) -> dict[str, Any]:
        return {name: sentence if self.is_flat or name in _PLAIN_TEXTS else [sentence]}


dialect = SkillConnectDialect()
messaging_dialect = SkillConnectDialect(page_size=MESSAGES_A_PAGE, is_flat=True)
page_request = dialect.page_request


def rupees(money: Money) -> float:
    """An amount as a number, whole where it is."""
    whole, rest = divmod(money.minor, 100)
    return money.minor / 100 if rest else whole


def blueprint(name: str, path: str, description: str, *, speech: PlainDialect = dialect) -> Blueprint:
    """The blueprint of one of SkillConnect's sections, below `/api/v1/`."""
    return Blueprint(FACE, name, url_prefix=f"{BASE}{path}", dialect=speech, description=description)
