"""Rooms straight through the domain."""

from itertools import count

from marketplace.domains.messaging import public as messaging

_orders = count(1000)


def deal_room(*people, subject=None):
    """The id of a room of a deal between people."""
    subject = subject or f"gig_order:{next(_orders)}"
    return messaging.open_deal_room(subject=subject, member_ids=[person.id for person in people])
