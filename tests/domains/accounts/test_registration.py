"""Joining: newcomers, people who are known, and many at once."""

from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.errors import EmailTaken, StaffRole, UsernameTaken, WeakPassword
from marketplace.domains.accounts.models import SignInSession, User, UserRole
from marketplace.domains.accounts.public import Registration, Role, SignedIn
from marketplace.kernel.database import database
from tests.client import Client
from tests.together import together

SARA = Registration(
    username="sara",
    email="sara@example.com",
    password="Correct-Horse-9",
    roles=frozenset({Role.CLIENT}),
)
CROWD = 8


@pytest.fixture(autouse=True)
def tables(app):
    """Empty tables."""


def register(**changes):
    return accounts.register(replace(SARA, **changes), face="multitask")


def count(model):
    with database.autocommit.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_newcomer_is_signed_in_with_an_address_to_prove():
    signed_in = register()
    person, claims = accounts.identify(signed_in.access)
    assert (person.username, person.roles, person.face) == ("sara", {Role.CLIENT}, "multitask")
    assert claims.person_id == signed_in.account.id
    assert signed_in.account.email_verified is False


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"email": "other@example.com", "username": "SARA"}, UsernameTaken),
        ({"email": "SARA@example.com", "username": "other", "password": "Wrong-Horse-9"}, EmailTaken),
        ({"email": "SARA@example.com", "username": "other"}, EmailTaken),
        ({"roles": frozenset({Role.ADMIN})}, StaffRole),
        ({"password": "password123"}, WeakPassword),
    ],
)
def test_a_refused_registration_leaves_nothing(changes, refusal):
    register()
    with pytest.raises(refusal):
        register(**changes)
    assert (count(User), count(UserRole), count(SignInSession)) == (1, 1, 1)


def test_somebody_known_gains_a_role_by_proving_the_password():
    first = register()
    again = register(username="ignored", roles=frozenset({Role.FREELANCER}))
    assert again.account.id == first.account.id
    assert again.account.username == "sara"
    assert again.account.roles == {Role.CLIENT, Role.FREELANCER}
    assert count(User) == 1
    assert accounts.identify(first.access)[0].roles == {Role.CLIENT, Role.FREELANCER}


def test_somebody_known_gains_nothing_without_the_password():
    first = register()
    with pytest.raises(EmailTaken):
        register(roles=frozenset({Role.FREELANCER}), password="Wrong-Horse-9")
    assert accounts.get_account(person_id=first.account.id).roles == {Role.CLIENT}


def test_somebody_suspended_gains_nothing_even_with_the_password():
    register()
    accounts.suspend("sara")
    with pytest.raises(EmailTaken):
        register(roles=frozenset({Role.FREELANCER}))


def test_of_eight_who_ask_for_the_same_further_role_one_gains_it():
    register()
    ask = partial(register, roles=frozenset({Role.FREELANCER}))
    results = together(*[ask] * CROWD)
    assert sum(isinstance(result, SignedIn) for result in results) == 1
    assert sum(isinstance(result, EmailTaken) for result in results) == CROWD - 1
    assert count(UserRole) == 2


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (lambda number: {"email": f"sara{number}@example.com"}, {"username"}),
        (lambda number: {"username": f"sara{number}"}, {"email"}),
        (lambda _: {}, {"username", "email"}),
    ],
    ids=["one name", "one address", "one name and address"],
)
def test_of_eight_who_register_at_once_one_is_made(app, change, fields):
    body = {"username": "sara", "email": "sara@example.com", "password": "Correct-Horse-9"}

    def join(number):
        return Client(app.test_client()).post("/api/auth/register/", body | change(number))

    answers = together(*[partial(join, number) for number in range(CROWD)])
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * (CROWD - 1)
    refused = {field for answer in answers if answer.status_code == 400 for field in answer.json}
    assert refused <= fields
    assert count(User) == 1
    assert count(UserRole) == 2
