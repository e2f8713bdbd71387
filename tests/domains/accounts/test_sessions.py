"""Sessions: opened, refreshed, rotated, ended, and stolen."""

from datetime import timedelta
from functools import partial

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.errors import BadCredentials
from marketplace.domains.accounts.events import SessionRevoked
from marketplace.domains.accounts.public import Role
from marketplace.domains.accounts.service.sign_in import revoke_sessions
from marketplace.kernel.clock import clock
from marketplace.kernel.tokens import TokenNotValid, Use, tokens
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories.people import person
from tests.facts import facts_of
from tests.together import together

PASSWORD = "StrongPass123"


@pytest.fixture
def sara(app):
    return person(Role.CLIENT)


def sign_in(who, password=PASSWORD):
    return accounts.sign_in(identifier=who.username, password=password, face="multitask")


@pytest.fixture
def session(sara):
    return sign_in(sara)


def is_dead(access_token):
    try:
        accounts.identify(access_token)
    except TokenNotValid:
        return True
    return False


@pytest.mark.parametrize("password", ["", "wrong-password", PASSWORD.lower(), f"{PASSWORD} "])
def test_a_wrong_password_opens_nothing(sara, password):
    with pytest.raises(BadCredentials):
        sign_in(sara, password)


def test_each_sign_in_is_a_session_of_its_own(sara):
    one, other = sign_in(sara), sign_in(sara)
    accounts.sign_out(accounts.identify(one.access)[0])
    assert is_dead(one.access)
    assert not is_dead(other.access)
    assert accounts.refresh(other.refresh)


def test_signing_out_twice_is_signing_out(session):
    actor, _ = accounts.identify(session.access)
    accounts.sign_out(actor)
    accounts.sign_out(actor)
    with pytest.raises(TokenNotValid):
        accounts.refresh(session.refresh)


def test_rotation_retires_the_old_refresh_token(session):
    access, refresh = accounts.rotate(session.refresh)
    assert not is_dead(access)
    assert not is_dead(session.access)
    access, refresh = accounts.rotate(refresh)
    assert accounts.identify(access)[1].generation == 2
    assert not is_dead(accounts.refresh(refresh))


@pytest.mark.parametrize("use_again", [accounts.rotate, accounts.refresh])
def test_a_retired_refresh_token_ends_the_session_it_was_stolen_from(session, use_again):
    access, refresh = accounts.rotate(session.refresh)
    with pytest.raises(TokenNotValid):
        use_again(session.refresh)
    assert is_dead(access)
    assert is_dead(session.access)
    with pytest.raises(TokenNotValid):
        accounts.rotate(refresh)


def test_of_eight_rotations_of_one_token_one_wins_and_the_session_ends(session):
    results = together(*[partial(accounts.rotate, session.refresh)] * 8)
    winners = [result for result in results if isinstance(result, tuple)]
    assert len(winners) == 1
    assert all(isinstance(result, TokenNotValid) for result in results if result not in winners)
    assert is_dead(winners[0][0])
    assert len(facts_of(SessionRevoked)) == 1


def test_a_reuse_ends_its_own_session_alone(sara, session):
    other = sign_in(sara)
    accounts.rotate(session.refresh)
    with pytest.raises(TokenNotValid):
        accounts.rotate(session.refresh)
    assert not is_dead(other.access)


@pytest.mark.parametrize("use", [accounts.rotate, accounts.refresh])
def test_an_access_token_is_no_refresh_token(session, use):
    with pytest.raises(TokenNotValid):
        use(session.access)


@pytest.mark.parametrize("change", [{"session_id": 4711}, {"person_id": 4711}])
def test_a_token_of_a_session_that_is_not_there_is_refused(session, change):
    claims = accounts.identify(session.access)[1]
    whose = {"person_id": claims.person_id, "session_id": claims.session_id} | change
    for use, read in ((Use.REFRESH, accounts.refresh), (Use.ACCESS, accounts.identify)):
        token = tokens.issue(use, **whose, generation=0, face="multitask")
        with pytest.raises(TokenNotValid):
            read(token)


def test_somebody_suspended_can_neither_sign_in_nor_use_a_token(sara, session):
    assert accounts.suspend(sara.username).status == "suspended"
    assert is_dead(session.access)
    for refused in (accounts.refresh, accounts.rotate):
        with pytest.raises(TokenNotValid):
            refused(session.refresh)
    with pytest.raises(BadCredentials):
        sign_in(sara)


def test_somebody_activated_signs_in_again_but_not_with_the_old_tokens(sara, session):
    accounts.suspend(sara.username)
    assert accounts.activate(f"{sara.username}@EXAMPLE.com").status == "active"
    assert is_dead(session.access)
    assert not is_dead(sign_in(sara).access)


def test_all_sessions_but_one_may_be_ended(sara, session):
    other = sign_in(sara)
    kept = accounts.identify(session.access)[0]
    with unit_of_work() as unit:
        revoke_sessions(unit, person_id=sara.id, but_session_id=kept.session_id)
    assert not is_dead(session.access)
    assert is_dead(other.access)


def test_sessions_live_on_real_time(session):
    clock.advance(timedelta(days=30).total_seconds())
    assert not is_dead(session.access)
    assert accounts.rotate(session.refresh)


@pytest.mark.parametrize(
    ("role", "password", "is_right"),
    [(Role.ADMIN, PASSWORD, True), (Role.ADMIN, "wrong", False), (Role.CLIENT, PASSWORD, False)],
)
def test_the_password_of_the_staff_opens_what_is_the_staffs(app, role, password, is_right):
    who = person(role)
    asked = {"identifier": who.username, "password": password, "role": Role.ADMIN}
    assert accounts.is_staff_password(**asked) is is_right
    accounts.suspend(who.username)
    assert not accounts.is_staff_password(**asked)
