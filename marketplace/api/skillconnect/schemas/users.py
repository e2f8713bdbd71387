"""People as SkillConnect shows them, and what they send to join and to sign in."""

from typing import Annotated, Any, Literal

import msgspec
from marshmallow import post_load

from marketplace.api.fields import Choice, Email, Flag, Text
from marketplace.api.shapes import Id
from marketplace.api.skillconnect.dialect import Input
from marketplace.domains.accounts.public import Account, Role, SignedIn

MAX_PASSWORD = 1024
MAX_CODE = 16
RoleName = Literal["CLIENT", "FREELANCER"]
ROLES = {"CLIENT": Role.CLIENT, "FREELANCER": Role.FREELANCER}
Jwt = Annotated[str, msgspec.Meta(examples=["eyJhbGciOiJIUzI1NiJ9.e30.signature"])]
_OTP = {"example": "123456"}
_PASSWORD = {"example": "Password123"}


class Message(msgspec.Struct, kw_only=True, frozen=True):
    """What happened, in a sentence."""

    message: Annotated[str, msgspec.Meta(examples=["New OTP sent to your email."])]


class UserOut(msgspec.Struct, kw_only=True, frozen=True):
    """A person as they see themselves."""

    id: Id
    email: Annotated[str, msgspec.Meta(examples=["user@example.com"])]
    role: RoleName
    first_login: bool

    @classmethod
    def of(cls, account: Account) -> "UserOut":
        """An account as its owner sees it."""
        return cls(id=account.id, email=account.email, role=role_of(account), first_login=account.first_login)


class SessionOut(msgspec.Struct, kw_only=True, frozen=True):
    """The tokens of a session just opened, and whose they are."""

    refresh: Jwt
    access: Jwt
    user: UserOut

    @classmethod
    def of(cls, signed_in: SignedIn) -> "SessionOut":
        """A session just opened."""
        return cls(refresh=signed_in.refresh, access=signed_in.access, user=UserOut.of(signed_in.account))


class VerifiedOut(msgspec.Struct, kw_only=True, frozen=True):
    """The first session of somebody who has just proven the address."""

    message: Annotated[str, msgspec.Meta(examples=["Email verified successfully."])]
    refresh: Jwt
    access: Jwt
    user: UserOut

    @classmethod
    def of(cls, signed_in: SignedIn) -> "VerifiedOut":
        """A first session."""
        session = SessionOut.of(signed_in)
        return cls(
            message="Email verified successfully.",
            refresh=session.refresh,
            access=session.access,
            user=session.user,
        )


class GoogleOut(msgspec.Struct, kw_only=True, frozen=True):
    """The tokens of a session just opened; or that a newcomer has still to say a role, and nothing else."""

    refresh: Jwt | msgspec.UnsetType = msgspec.UNSET
    access: Jwt | msgspec.UnsetType = msgspec.UNSET
    user: UserOut | msgspec.UnsetType = msgspec.UNSET
    need_role: bool | msgspec.UnsetType = msgspec.UNSET

    @classmethod
    def of(cls, signed_in: SignedIn | None) -> "GoogleOut":
        """A session, or none for want of a role."""
        if signed_in is None:
            return cls(need_role=True)
        user = UserOut.of(signed_in.account)
        return cls(refresh=signed_in.refresh, access=signed_in.access, user=user)


class AccessOut(msgspec.Struct, kw_only=True, frozen=True):
    """A fresh access token."""

    access: Jwt


def role_of(account: Account) -> RoleName:
    """The one role that the document knows of a person; who is both, or neither, is shown as a client."""
    return "FREELANCER" if account.roles & set(ROLES.values()) == {Role.FREELANCER} else "CLIENT"


class RegisterIn(Input):
    """A newcomer."""

    email = Email(required=True, metadata={"example": "user@example.com"})
    password = Text(most=MAX_PASSWORD, strip=False, required=True, metadata=_PASSWORD)
    role = Choice(list(ROLES), required=True, metadata={"example": "CLIENT"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What `accounts.enrol` takes."""
        return {**data, "role": ROLES[data["role"]]}


class LoginIn(Input):
    """An address and its password."""

    email = Text(most=254, required=True, metadata={"example": "user@example.com"})
    password = Text(most=MAX_PASSWORD, strip=False, required=True, metadata=_PASSWORD)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What `accounts.sign_in` takes."""
        return {"identifier": data["email"], "password": data["password"]}


class EmailIn(Input):
    """An address."""

    email = Email(required=True, metadata={"example": "user@example.com"})


class OtpIn(EmailIn):
    """An address and the digits that were sent to it."""

    otp = Text(most=MAX_CODE, required=True, metadata=_OTP)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What the commands of accounts take."""
        return {"email": data["email"], "code": data["otp"]}


class ResetIn(EmailIn):
    """An address, the digits that were sent to it, and a new password."""

    otp = Text(most=MAX_CODE, required=True, metadata=_OTP)
    new_password = Text(most=MAX_PASSWORD, strip=False, required=True, metadata={"example": "NewPassword456"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What `accounts.reset_password_by_digits` takes."""
        return {"email": data["email"], "code": data["otp"], "new": data["new_password"]}


class UpdateIn(Input):
    """What somebody may change about themselves; the address and the role stay."""

    first_login = Flag()


class GoogleIn(Input):
    """Google's ID token, and the role of a newcomer."""

    token = Text(most=4096, required=True, metadata={"example": "sandbox:user@domain.com:Jane Smith"})
    role = Choice(list(ROLES), metadata={"example": "CLIENT"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What `accounts.sign_in_with_google` takes."""
        role = data.get("role")
        return {"token": data["token"], "roles": frozenset({ROLES[role]}) if role else None}


class RefreshIn(Input):
    """A refresh token."""

    refresh = Text(most=2048, required=True, metadata={"example": "eyJhbGciOiJIUzI1NiJ9.e30.signature"})
