"""The mails that the house would have sent, kept where a developer or a test can read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.kernel.clock import clock
from marketplace.kernel.reading import reading
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers.sandbox.models import SandboxMail

MOST = 200


@dataclass(frozen=True, kw_only=True)
class KeptMail:
    """A mail as it was sent."""

    id: int
    to: str
    subject: str
    text: str
    sent_at: datetime


def keep(*, message_id: str, to: str, subject: str, text: str) -> None:
    """Keep a mail; the same message a second time changes nothing."""
    mail = insert(SandboxMail).values(
        message_id=message_id, recipient=to, subject=subject, text=text, sent_at=clock.now()
    )
    with unit_of_work() as unit:
        unit.session.execute(mail.on_conflict_do_nothing(index_elements=["message_id"]))


def list_mails(*, to: str | None = None, most: int = MOST) -> Sequence[KeptMail]:
    """The newest mails, to one address (whatever its case) or to all."""
    query = select(
        SandboxMail.id, SandboxMail.recipient, SandboxMail.subject, SandboxMail.text, SandboxMail.sent_at
    )
    if to is not None:
        if "\0" in to:
            return []  # no address, and nothing PostgreSQL would compare
        query = query.where(func.lower(SandboxMail.recipient) == to.lower())
    with reading() as connection:
        rows = connection.execute(query.order_by(SandboxMail.id.desc()).limit(most)).all()
    return [
        KeptMail(id=row.id, to=row.recipient, subject=row.subject, text=row.text, sent_at=row.sent_at)
        for row in rows
    ]
