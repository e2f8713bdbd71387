"""What notifications speaks of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Type(StrEnum):
    """What somebody may be told of."""

    NEW_APPLICATION = "new_application"
    APPLICATION_ACCEPTED = "application_accepted"
    APPLICATION_REJECTED = "application_rejected"
    NEW_ORDER = "new_order"
    ORDER_ACCEPTED = "order_accepted"
    ORDER_REJECTED = "order_rejected"
    ORDER_CANCELLED = "order_cancelled"
    TASK_COMPLETED = "task_completed"
    TASK_CANCELLED = "task_cancelled"
    NEW_MESSAGE = "new_message"
    REVIEW_RECEIVED = "review_received"
    PAYMENT_HELD = "payment_held"
    PAYMENT_RELEASED = "payment_released"
    PAYMENT_REFUNDED = "payment_refunded"
    WITHDRAWAL_COMPLETED = "withdrawal_completed"
    WITHDRAWAL_FAILED = "withdrawal_failed"
    SYSTEM = "system"


# Whoever owns money is told of it, whatever they prefer.
ABOUT_MONEY = frozenset(
    {
        Type.PAYMENT_HELD,
        Type.PAYMENT_RELEASED,
        Type.PAYMENT_REFUNDED,
        Type.WITHDRAWAL_COMPLETED,
        Type.WITHDRAWAL_FAILED,
    }
)


@dataclass(frozen=True, kw_only=True)
class Notification:
    """What a person was told; `data` holds the ids of what it is about (`task_id`, `conversation_id`)."""

    id: int
    person_id: int
    type: Type
    title: str
    message: str
    data: dict[str, int]
    is_read: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which notifications are asked for; `None` asks for all."""

    is_read: bool | None = None
    types: frozenset[Type] = frozenset(Type)


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What a person wants to hear, and by which ways; the inbox is always one of them."""

    mail: bool = True
    push: bool = True
    muted: frozenset[Type] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is to change in somebody's preferences; `None`, and a type that is not named, stays."""

    mail: bool | None = None
    push: bool | None = None
    types: dict[Type, bool]
