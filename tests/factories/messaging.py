"""Rooms straight through the domain."""

from itertools import count

import sqlalchemy as sa

from marketplace.domains.messaging import public as messaging
from marketplace.kernel.database import database

_orders = count(1000)


def deal_room(*people, subject=None):
    """The id of a room of a deal between people."""
    subject = subject or f"gig_order:{next(_orders)}"
    return messaging.open_deal_room(subject=subject, member_ids=[person.id for person in people])


def said(room_id, *people, times):
    """Fill an empty room with `1`, `2` and so on, said by people in turn, and told to nobody."""
    fill = sa.text(
        "WITH filled AS (UPDATE rooms SET last_seq = :times, last_message_at = now() WHERE id = :room_id)"
        " INSERT INTO messages (room_id, seq, sender_id, body, created_at)"
        " SELECT :room_id, n, (CAST(:people AS bigint[]))[1 + n % :turns], n, now()"
        " FROM generate_series(1, :times) AS n"
    )
    ids = [person.id for person in people]
    with database.autocommit.connect() as connection:
        connection.execute(fill, {"room_id": room_id, "times": times, "people": ids, "turns": len(ids)})
