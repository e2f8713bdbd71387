"""What the sockets do when something happened."""

from marketplace.domains.accounts.events import SessionRevoked
from marketplace.realtime.hub import hub


def close_revoked_session(fact: SessionRevoked) -> None:
    """Close the sockets of a session that ended."""
    hub.close_session(fact.session_id)
