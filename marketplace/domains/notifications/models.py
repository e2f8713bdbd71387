"""The tables of notifications."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.notifications.types import ABOUT_MONEY, Type
from marketplace.kernel.database import Base


def _words(types: list[Type]) -> str:
    return ", ".join(repr(str(kind)) for kind in types)


class NotificationRow(Base):
    """What a person was told; the dedupe key makes a repeated telling one row."""

    __tablename__ = "notifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # Whose name the message begins with, where it begins with one.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    type: Mapped[str]
    title: Mapped[str]
    message: Mapped[str]
    data: Mapped[dict[str, Any]]
    dedupe_key: Mapped[str]
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"type IN ({_words(list(Type))})", name="type"),
        UniqueConstraint("person_id", "dedupe_key"),
        Index("ix_notifications_newest", "person_id", "created_at", "id"),
        Index("ix_notifications_unread", "person_id", postgresql_where=text("read_at IS NULL")),
    )


class PreferencesRow(Base):
    """What a person wants to hear; whoever has no row wants everything."""

    __tablename__ = "notification_preferences"

    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    mail: Mapped[bool] = mapped_column(server_default=text("true"))
    push: Mapped[bool] = mapped_column(server_default=text("true"))
    muted: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))

    __table_args__ = (
        CheckConstraint(
            f"muted <@ ARRAY[{_words([kind for kind in Type if kind not in ABOUT_MONEY])}]", name="muted"
        ),
    )
