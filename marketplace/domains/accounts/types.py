"""What accounts speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may be; several at once."""

    CLIENT = "client"
    FREELANCER = "freelancer"
    ACCOUNTANT = "accountant"
    ACADEMIC = "academic"
    ASSISTANT = "assistant"
    MANAGER = "manager"
    ADMIN = "admin"


STAFF = frozenset({Role.ASSISTANT, Role.MANAGER, Role.ADMIN})


class Status(StrEnum):
    """Whether a person may sign in; of a deleted one nothing is known but what they did with others."""

    INACTIVE = "inactive"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


class Purpose(StrEnum):
    """What a one-time code proves."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody signed in: who acts."""

    id: int
    username: str
    roles: frozenset[Role]
    session_id: int
    face: str

    def has(self, *roles: Role) -> bool:
        """Whether the person holds one of the roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the house."""
        return not self.roles.isdisjoint({Role.MANAGER, Role.ADMIN})


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What anybody sees of a person beside a name."""

    id: int
    username: str
    first_name: str
    last_name: str
    avatar: str | None

    @property
    def called(self) -> str:
        """What the person is called in a sentence: by their names, else by their username."""
        return f"{self.first_name} {self.last_name}".strip() or self.username


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person as they see themselves."""

    id: int
    username: str
    email: str
    first_name: str
    last_name: str
    phone_number: str
    city: str
    country: str
    bio: str
    avatar: str | None
    roles: frozenset[Role]
    email_verified: bool
    first_login: bool
    status: Status
    locale: str
    time_zone: str
    joined_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Resident:
    """Where somebody lives, and since when they are here: what may be asked of very many at once."""

    id: int
    city: str
    joined_at: datetime


@dataclass(frozen=True, kw_only=True)
class PeopleFilters:
    """Which people are wanted: one role of `among`, all of `holding`, and all words in their names."""

    among: frozenset[Role]
    holding: frozenset[Role] = frozenset()
    words: tuple[str, ...] = ()
    city: str | None = None


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What a newcomer says of themselves."""

    username: str
    email: str
    password: str
    roles: frozenset[Role]
    first_name: str = ""
    last_name: str = ""
    phone_number: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class AccountChanges:
    """What somebody changes about themselves; `None`, and a role that is not named, stays."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone_number: str | None = None
    city: str | None = None
    country: str | None = None
    bio: str | None = None
    first_login: bool | None = None
    roles: Mapping[Role, bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A session just opened: its two tokens and whose it is."""

    access: str
    refresh: str
    account: Account
