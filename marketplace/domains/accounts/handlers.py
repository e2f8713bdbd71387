"""What accounts does about facts."""

from marketplace.domains.accounts.events import EnrolmentLapses
from marketplace.domains.accounts.service import enrol


def forget_unproven(fact: EnrolmentLapses) -> None:
    """Forget a newcomer who never proved the address."""
    enrol.forget_unproven(person_id=fact.person_id)
