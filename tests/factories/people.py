"""People and tasks straight through the domains."""

from itertools import count

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Registration, Role
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.public import Terms
from marketplace.domains.listings.public import Draft, Kind
from marketplace.kernel.money import Money

PASSWORD = "StrongPass123"

_numbers = count(1)


def person(*roles, username=None, **names):
    """Somebody new who is both client and freelancer, or what is asked."""
    name = username or f"user{next(_numbers)}"
    account = accounts.create_person(
        Registration(
            username=name,
            email=f"{name}@example.com",
            password=PASSWORD,
            roles=frozenset(roles or (Role.CLIENT, Role.FREELANCER)),
            **names,
        )
    )
    return Person(id=account.id, username=name, roles=account.roles, session_id=0, face="multitask")


def sign_in(client, who):
    """The client of a person who signs in through MultiTask."""
    body = {"username": who.username, "password": PASSWORD}
    return client.signed_in(client.post("/api/auth/login/", body).json)


def task(owner, **changes):
    """An open task of the owner's."""
    draft = Draft(
        **{
            "kind": Kind.TASK,
            "title": "Assemble a wardrobe",
            "description": "Two doors.",
            "category_id": 3,
            "price": Money(10_000, "USD"),
            **changes,
        }
    )
    return deals.post_task(actor=owner, draft=draft).listing


def application(seller, listing, minor=12_000):
    """An application of the seller's to a task."""
    terms = Terms(proposal="I can", price=Money(minor, "USD"))
    return deals.apply(actor=seller, task_id=listing.id, terms=terms).deal
