"""Who may do what with a listing."""

from collections.abc import Mapping

from marketplace.domains.accounts.public import Role
from marketplace.domains.listings.types import Kind

POSTED_BY: Mapping[Kind, Role] = {
    Kind.TASK: Role.CLIENT,
    Kind.GIG: Role.FREELANCER,
    Kind.PROPOSAL: Role.CLIENT,
}


def kinds_of(role: Role) -> frozenset[Kind]:
    """The kinds of listing that people in a role post."""
    return frozenset(kind for kind, poster in POSTED_BY.items() if poster is role)
