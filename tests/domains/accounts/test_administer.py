"""What the operator does, and what others read of people."""

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.errors import EmailTaken, PersonNotFound, UsernameTaken, WeakPassword
from marketplace.domains.accounts.public import Registration, Role, Status
from tests.factories.people import person


@pytest.fixture(autouse=True)
def tables(app):
    """Empty tables."""


def create(**changes):
    values = {
        "username": "ada",
        "email": "ada@example.com",
        "password": "Correct-Horse-9",
        "roles": {Role.ADMIN},
    }
    return accounts.create_person(Registration(**values | changes))


def test_the_staff_is_made_by_the_operator_with_a_proven_address():
    account = create(roles=frozenset({Role.ADMIN, Role.MANAGER}))
    assert account.roles == {Role.ADMIN, Role.MANAGER}
    assert account.email_verified
    assert account.status is Status.ACTIVE


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"username": "ADA", "email": "other@example.com"}, UsernameTaken),
        ({"username": "other", "email": "ADA@example.com"}, EmailTaken),
        ({"username": "other", "email": "other@example.com", "password": "short"}, WeakPassword),
    ],
)
def test_the_operator_is_refused_like_everybody(changes, refusal):
    create()
    with pytest.raises(refusal):
        create(**changes)
    assert len(accounts.list_accounts()) == 1


@pytest.mark.parametrize("command", [accounts.suspend, accounts.activate])
@pytest.mark.parametrize("who", ["nobody", "nobody@example.com"])
def test_nobody_is_not_found(command, who):
    with pytest.raises(PersonNotFound):
        command(who)


def test_people_are_listed_by_role_and_status():
    ada, client, both = create(), person(Role.CLIENT), person()
    accounts.suspend(client.username)

    def ids(**filters):
        return [account.id for account in accounts.list_accounts(**filters)]

    assert ids() == [ada.id, client.id, both.id]
    assert ids(role=Role.CLIENT) == [client.id, both.id]
    assert ids(status=Status.SUSPENDED) == [client.id]
    assert ids(role=Role.CLIENT, status=Status.ACTIVE) == [both.id]
    assert ids(role=Role.ACADEMIC) == []


def test_people_are_found_by_id_and_the_active_by_name():
    ada = create()
    assert accounts.get_account(person_id=ada.id) == ada
    assert accounts.get_account_by_username("ADA") == ada
    assert accounts.find_account(person_id=ada.id + 1) is None
    accounts.suspend("ada")
    for missing in ("ada", "nobody"):
        with pytest.raises(PersonNotFound):
            accounts.get_account_by_username(missing)
    with pytest.raises(PersonNotFound):
        accounts.get_account(person_id=ada.id + 1)


def test_briefs_of_many_come_together():
    ada, other = create(), person()
    found = accounts.briefs([ada.id, other.id, ada.id, 4711])
    assert {brief.username for brief in found.values()} == {"ada", other.username}
    assert accounts.briefs([]) == {}
