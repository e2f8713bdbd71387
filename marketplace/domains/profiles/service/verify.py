"""Saying what the house has looked at: nobody says that of themselves."""

from collections.abc import Mapping

from marketplace.domains.accounts import public as accounts
from marketplace.domains.profiles.service.profile import lock_profile
from marketplace.domains.profiles.types import Proof
from marketplace.kernel.unit_of_work import unit_of_work


def verify(identifier: str, found: Mapping[Proof, bool]) -> Mapping[Proof, bool]:
    """Say what was found out about somebody, by username or address; answers all that is known of them."""
    account = accounts.get_account_of(identifier)
    with unit_of_work() as unit:
        row = lock_profile(unit, account.id)
        for proof, is_good in found.items():
            setattr(row, f"{proof}_verified", is_good)
        return {proof: getattr(row, f"{proof}_verified") for proof in Proof}
