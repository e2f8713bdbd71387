"""People as MultiTask shows them, and what they send about themselves."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from marshmallow import ValidationError, post_load, validates_schema

from marketplace.api.fields import MAX_EMAIL, Choice, Email, File, Flag, Text
from marketplace.api.forms import Form
from marketplace.api.multitask.dialect import Id, Input, Timestamp, timestamp
from marketplace.domains.accounts.public import (
    Account,
    AccountChanges,
    Brief,
    Registration,
    Role,
    SignedIn,
    is_username,
)
from marketplace.domains.profiles.public import FileChange

UserType = Literal["client", "freelancer", "both"]
ROLES: Mapping[str, frozenset[Role]] = {
    "client": frozenset({Role.CLIENT}),
    "freelancer": frozenset({Role.FREELANCER}),
    "both": frozenset({Role.CLIENT, Role.FREELANCER}),
}
_FLAGS = {"is_client": Role.CLIENT, "is_freelancer": Role.FREELANCER}
CONTRADICTION = "user_type, is_client and is_freelancer contradict each other or leave no role."
USERNAME_RULE = "Enter 3 to 30 letters, digits and . _ + - only; some names are reserved."
Name = Annotated[str, msgspec.Meta(examples=["sara"])]
Jwt = Annotated[str, msgspec.Meta(examples=["eyJhbGciOiJIUzI1NiJ9.e30.signature"])]


class UserBrief(msgspec.Struct, kw_only=True, frozen=True):
    """What anybody sees of a person beside a name."""

    id: Id
    username: Name
    first_name: str
    last_name: str
    avatar: str | None

    @classmethod
    def of(cls, brief: Brief) -> "UserBrief":
        """A person's brief."""
        return cls(
            id=brief.id,
            username=brief.username,
            first_name=brief.first_name,
            last_name=brief.last_name,
            avatar=brief.avatar,
        )


class UserSelf(msgspec.Struct, kw_only=True, frozen=True):
    """A person as they see themselves: the fields of both documents."""

    id: Id
    username: Name
    email: Annotated[str, msgspec.Meta(examples=["sara@example.com"])]
    first_name: str
    last_name: str
    user_type: UserType
    is_client: bool
    is_freelancer: bool
    phone_number: str
    city: str
    country: str
    bio: str
    avatar: str | None
    is_verified: bool
    date_joined: Timestamp

    @classmethod
    def of(cls, account: Account) -> "UserSelf":
        """An account as its owner sees it."""
        return cls(
            id=account.id,
            username=account.username,
            email=account.email,
            first_name=account.first_name,
            last_name=account.last_name,
            user_type=user_type(account.roles),
            is_client=Role.CLIENT in account.roles,
            is_freelancer=Role.FREELANCER in account.roles,
            phone_number=account.phone_number,
            city=account.city,
            country=account.country,
            bio=account.bio,
            avatar=account.avatar,
            is_verified=account.email_verified,
            date_joined=timestamp(account.joined_at),
        )


class UsernameChecked(msgspec.Struct, kw_only=True, frozen=True):
    """Whether a newcomer may call themselves that."""

    username: Name
    available: bool


class EmailChecked(msgspec.Struct, kw_only=True, frozen=True):
    """Whether a newcomer may join with that address."""

    email: Annotated[str, msgspec.Meta(examples=["sara@example.com"])]
    available: bool


class Access(msgspec.Struct, kw_only=True, frozen=True):
    """A new access token."""

    access: Jwt


class TokenPair(msgspec.Struct, kw_only=True, frozen=True):
    """An access token and the refresh token behind it."""

    access: Jwt
    refresh: Jwt

    @classmethod
    def of(cls, signed_in: SignedIn) -> "TokenPair":
        """The tokens of a session."""
        return cls(access=signed_in.access, refresh=signed_in.refresh)


class Session(msgspec.Struct, kw_only=True, frozen=True):
    """A session just opened."""

    user: UserSelf
    access: Jwt
    refresh: Jwt

    @classmethod
    def of(cls, signed_in: SignedIn) -> "Session":
        """A session just opened."""
        return cls(user=UserSelf.of(signed_in.account), access=signed_in.access, refresh=signed_in.refresh)


def user_type(roles: frozenset[Role]) -> UserType:
    """The word for the two roles that MultiTask knows."""
    if roles >= ROLES["both"]:
        return "both"
    return "freelancer" if Role.FREELANCER in roles else "client"


class RegisterIn(Input):
    """A newcomer; only the name, the address and the password are needed."""

    username = Text(most=30, required=True, metadata={"example": "sara"})
    email = Email(required=True, metadata={"example": "sara@example.com"})
    password = Text(most=128, strip=False, required=True, metadata={"example": "StrongPass123"})
    password2 = Text(most=128, strip=False, metadata={"example": "StrongPass123"})
    first_name = Text(most=150, blank=True, metadata={"example": "Sara"})
    last_name = Text(most=150, blank=True, metadata={"example": "Haddad"})
    user_type = Choice(["client", "freelancer", "both"], metadata={"example": "both"})
    is_client = Flag(metadata={"example": True})
    is_freelancer = Flag(metadata={"example": True})
    phone_number = Text(most=32, blank=True, metadata={"example": "+20 100 000 0000"})
    city = Text(most=100, blank=True, metadata={"example": "Cairo"})
    country = Text(most=100, blank=True, metadata={"example": "Egypt"})

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a name of the wrong form, and passwords or roles that contradict each other."""
        if not is_username(data["username"]):
            raise ValidationError(USERNAME_RULE, "username")
        if data.get("password2", data["password"]) != data["password"]:
            message = "The two password fields didn't match."
            raise ValidationError(message, "password2")
        roles_of(data)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Registration:
        """The registration that the domain knows."""
        roles = roles_of(data) or ROLES["both"]
        for name in ("password2", "user_type", "is_client", "is_freelancer"):
            data.pop(name, None)
        return Registration(roles=roles, **data)


class ProfileIn(Form, Input):
    """What somebody changes about themselves; what is left out stays."""

    email = Email(metadata={"example": "sara@example.com"})
    first_name = Text(most=150, blank=True, metadata={"example": "Sara"})
    last_name = Text(most=150, blank=True, metadata={"example": "Haddad"})
    user_type = Choice(["client", "freelancer", "both"], metadata={"example": "both"})
    is_client = Flag(metadata={"example": True})
    is_freelancer = Flag(metadata={"example": True})
    phone_number = Text(most=32, blank=True, metadata={"example": "+20 100 000 0000"})
    city = Text(most=100, blank=True, metadata={"example": "Cairo"})
    country = Text(most=100, blank=True, metadata={"example": "Egypt"})
    bio = Text(most=2000, blank=True, metadata={"example": "I fix what others gave up."})
    avatar = File(allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The changes that the domain knows; an avatar of null is taken away."""
        avatar = FileChange(upload=data.pop("avatar")) if "avatar" in data else None
        roles = take_role_changes(data)
        return {"changes": AccountChanges(roles=roles, **data), "avatar": avatar}


def take_role_changes(data: dict[str, Any]) -> Mapping[Role, bool]:
    """Take `user_type` and the two booleans out of a body: which roles somebody wants, and which not."""
    asked = ROLES.get(data.pop("user_type", ""))
    flags = {role: data.pop(name) for name, role in _FLAGS.items() if name in data}
    roles = flags if asked is None else {role: role in asked for role in _FLAGS.values()}
    if flags.items() - roles.items() or (len(roles) == len(_FLAGS) and not any(roles.values())):
        raise ValidationError(CONTRADICTION, "user_type")
    return roles


def roles_of(data: Mapping[str, Any]) -> frozenset[Role] | None:
    """The roles that `user_type` or the two booleans ask for, `None` if nothing is asked."""
    asked = ROLES.get(data.get("user_type", ""))
    flags = {role: data[name] for name, role in _FLAGS.items() if name in data}
    if not flags:
        return asked
    if asked is None:
        asked = frozenset(role for role in ROLES["both"] if flags.get(role, False))
    if not asked or any((role in asked) is not wanted for role, wanted in flags.items()):
        raise ValidationError(CONTRADICTION, "user_type")
    return asked


class UsernameQuery(Input):
    """The name to test."""

    username = Text(most=MAX_EMAIL, required=True)


class EmailQuery(Input):
    """The address to test."""

    email = Text(most=MAX_EMAIL, required=True)


class LoginIn(Input):
    """A username or an address, under any of three names, and the password."""

    username_or_email = Text(most=254, metadata={"example": "sara"})
    email = Text(most=254)
    username = Text(most=254)
    password = Text(most=128, strip=False, required=True, metadata={"example": "StrongPass123"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, str]:
        """The first of the three that is there."""
        for name in ("username_or_email", "email", "username"):
            if name in data:
                return {"identifier": data[name], "password": data["password"]}
        message = "This field is required."
        raise ValidationError(message, "username_or_email")


class GoogleIn(Input):
    """Google's ID token, under any of three names; the password where an account has yet to be linked."""

    id_token = Text(most=4096, metadata={"example": "sandbox:sara@example.com:Sara Haddad"})
    credential = Text(most=4096)
    token = Text(most=4096)
    password = Text(most=128, strip=False)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The first of the three that is there."""
        for name in ("id_token", "credential", "token"):
            if name in data:
                return {"token": data[name], "password": data.get("password")}
        message = "This field is required."
        raise ValidationError(message, "id_token")


class RefreshIn(Input):
    """A refresh token."""

    refresh = Text(most=2000, required=True, metadata={"example": "eyJhbGciOiJIUzI1NiJ9.e30.signature"})


class VerifyIn(Input):
    """The token of a verification mail."""

    token = Text(most=200, required=True, metadata={"example": "17.5f0c"})


class ChangePasswordIn(Input):
    """The password and the one to come."""

    old_password = Text(most=128, strip=False, required=True, metadata={"example": "StrongPass123"})
    new_password = Text(most=128, strip=False, required=True, metadata={"example": "Paper-Moon-42"})


class DeleteAccountIn(Input):
    """The password; whoever has none, since they sign in elsewhere, confirms with `true`."""

    password = Text(most=128, strip=False, metadata={"example": "Paper-Moon-42"})
    confirm = Flag(metadata={"example": True})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What the domain asks for."""
        return {"password": data.get("password"), "is_confirmed": data.get("confirm", False)}


class ResetIn(Input):
    """The address of an account whose password is lost."""

    email = Email(required=True, metadata={"example": "sara@example.com"})


class ResetConfirmIn(Input):
    """The token of the mail, and the new password under either of two names."""

    token = Text(most=200, required=True, metadata={"example": "17.5f0c"})
    new_password = Text(most=128, strip=False, metadata={"example": "Paper-Moon-42"})
    password = Text(most=128, strip=False)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, str]:
        """The token and the password."""
        new = data.get("new_password", data.get("password"))
        if new is None:
            message = "This field is required."
            raise ValidationError(message, "new_password")
        return {"token": data["token"], "new": new}


class ResendIn(Input):
    """The address to prove; not needed with an access token."""

    email = Email(metadata={"example": "sara@example.com"})
