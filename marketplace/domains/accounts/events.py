"""What happens in accounts."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class Registered(Fact):
    """Somebody joined."""

    person_id: int
    face: str


@dataclass(frozen=True, kw_only=True)
class VerificationAsked(Fact):
    """An address is to be proven; the mail carries a token made from the code's id."""

    person_id: int
    code_id: int


@dataclass(frozen=True, kw_only=True)
class DigitsAsked(Fact):
    """Somebody is to be sent the digits of a code."""

    person_id: int
    code_id: int
    purpose: str


@dataclass(frozen=True, kw_only=True)
class EnrolmentLapses(Fact):
    """The time is over in which a newcomer had to prove the address."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class EmailVerified(Fact):
    """An address is proven."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PasswordResetAsked(Fact):
    """Somebody asked for a mail with which a password is reset; `None` where nobody has the address."""

    person_id: int | None


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact):
    """Somebody has a new password."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class AccountChanged(Fact):
    """Somebody changed what they say of themselves, or what they are."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class AccountDeleted(Fact):
    """Somebody deleted their account: whatever else is known of them is to be forgotten."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class SessionRevoked(Fact):
    """A session ended: its tokens and its sockets are dead."""

    person_id: int
    session_id: int
