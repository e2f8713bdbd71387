"""Money: whole minor units and a currency. Nothing here, or anywhere, is a binary float."""

import re
from dataclasses import dataclass
from typing import Self

from typing_extensions import override

# ISO 4217 exponents other than 2 that a deployment may meet.
_EXPONENTS = {
    "BIF": 0,
    "CLP": 0,
    "JPY": 0,
    "KRW": 0,
    "VND": 0,
    "XAF": 0,
    "XOF": 0,
    "BHD": 3,
    "JOD": 3,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
}
_AMOUNT = re.compile(r"\d{1,16}(\.\d*)?|\.\d+", re.ASCII)
MAX_MINOR = 10**15
# What payment providers take at once: Stripe, eight digits of the minor unit in whatever currency.
MAX_PAYABLE_MINOR = 99_999_999


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units (cents) of an ISO 4217 currency."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read a plain decimal such as `120`, `120.5` or `120.50`; a `ValueError` says what is wrong."""
        exponent = _exponent(currency)
        if not _AMOUNT.fullmatch(text):
            message = "A valid number is required."
            raise ValueError(message)
        whole, _, fraction = text.partition(".")
        if len(fraction) > exponent:
            message = f"Ensure that there are no more than {exponent} decimal places."
            raise ValueError(message)
        minor = int((whole or "0") + fraction.ljust(exponent, "0"))
        if minor > MAX_MINOR:
            message = "The amount is too large."
            raise ValueError(message)
        return cls(minor, currency)

    def percent(self, rate: int) -> Self:
        """That share of the amount, rounded down, so that parts never exceed the whole."""
        return type(self)(self.minor * rate // 100, self.currency)

    def __add__(self, other: Self) -> Self:
        """The sum of two amounts of one currency."""
        return type(self)(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        """The difference of two amounts of one currency."""
        return type(self)(self.minor - self._same(other), self.currency)

    @override
    def __str__(self) -> str:
        """The amount as a plain decimal with all its places: `120.50`."""
        exponent = _exponent(self.currency)
        if not exponent:
            return str(self.minor)
        whole, part = divmod(abs(self.minor), 10**exponent)
        return f"{'-' if self.minor < 0 else ''}{whole}.{part:0{exponent}}"

    def _same(self, other: Self) -> int:
        if other.currency != self.currency:
            message = f"{self.currency} and {other.currency} do not mix"
            raise ValueError(message)
        return other.minor


def _exponent(currency: str) -> int:
    return _EXPONENTS.get(currency.upper(), 2)
