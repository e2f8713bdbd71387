"""What somebody does with their own account, where others may count on them."""

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Account, AccountChanges, Person, Role
from marketplace.domains.deals import queries
from marketplace.domains.deals.errors import StillClient, StillFreelancer
from marketplace.domains.listings import public as listings
from marketplace.kernel.unit_of_work import unit_of_work


def change_account(*, actor: Person, changes: AccountChanges) -> Account:
    """Change the actor's account; refuses to give up a role while somebody counts on it."""
    with unit_of_work():
        given_up = accounts.change(actor=actor, changes=changes)
        if Role.CLIENT in given_up and listings.has_unfinished(owner_id=actor.id):
            raise StillClient
        if Role.FREELANCER in given_up and queries.has_unfinished(seller_id=actor.id):
            raise StillFreelancer
        return accounts.get_account(person_id=actor.id)
