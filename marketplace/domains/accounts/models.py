"""The tables of accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.accounts.types import Purpose, Role, Status
from marketplace.kernel.database import Base
from marketplace.kernel.ids import new_public_id


def _one_of(column: str, values: type[Role] | type[Status] | type[Purpose]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


# By what a person is found: in small letters without accents, with a space before and after each word.
_SEARCH_TEXT = "search_form(' ' || username || ' ' || first_name || ' ' || last_name || ' ')"


class User(Base):
    """A person."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=new_public_id, unique=True)
    email: Mapped[str]
    username: Mapped[str]
    password_hash: Mapped[str | None]
    first_name: Mapped[str]
    last_name: Mapped[str]
    phone_number: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]
    bio: Mapped[str] = mapped_column(server_default="")
    avatar: Mapped[str | None]
    locale: Mapped[str] = mapped_column(server_default="en")
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    status: Mapped[str] = mapped_column(server_default=Status.ACTIVE)
    email_verified_at: Mapped[datetime | None]
    # whether faces that lead newcomers through a set-up should still do so
    first_login: Mapped[bool] = mapped_column(server_default=text("true"))
    joined_at: Mapped[datetime]
    search_text: Mapped[str] = mapped_column(Computed(_SEARCH_TEXT, persisted=True), deferred=True)

    __table_args__ = (
        CheckConstraint(_one_of("status", Status), name="status"),
        Index(
            "ix_users_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        Index("uq_users_email", func.lower(text("email")), unique=True),
        Index("uq_users_username", func.lower(text("username")), unique=True),
    )


class UserRole(Base):
    """A role that a person holds."""

    __tablename__ = "user_roles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (
        CheckConstraint(_one_of("role", Role), name="role"),
        Index("ix_user_roles_role", "role", "user_id"),
    )


class OneTimeCode(Base):
    """Something that proves, once, that its holder reads a person's mail."""

    __tablename__ = "one_time_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (CheckConstraint(_one_of("purpose", Purpose), name="purpose"),)


class IdentityRow(Base):
    """Somebody who vouches for a person elsewhere, and what they call them."""

    __tablename__ = "identities"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    provider: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (Index("uq_identities_provider_subject", "provider", "subject", unique=True),)


class SignInSession(Base):
    """A session: the family of tokens that one sign-in has led to."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    face: Mapped[str]
    generation: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
