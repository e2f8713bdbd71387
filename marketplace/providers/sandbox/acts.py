"""What people do outside the API of a provider, and what comes of it, whichever twin plays it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from marketplace.kernel.errors import NotFound
from marketplace.kernel.money import Money


class Outcome(StrEnum):
    """How it ends."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


class NothingWithThatReference(NotFound):
    """The sandbox knows no payment, account or payout with this reference."""

    code = "sandbox_reference_unknown"


@dataclass(frozen=True, kw_only=True)
class Acted:
    """What became of it, and what the webhook's receiver answered: 0 when it could not be reached.

    `checkout` is what the provider's page hands to the payer's, where it does so.
    """

    reference: str
    status: str
    webhook_status: int | None
    checkout: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A payment or a payout as the sandbox's page shows it."""

    reference: str
    amount: Money
    status: str
    is_open: bool
    failure_reason: str = ""
