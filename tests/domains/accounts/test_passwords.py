"""Changing a password by the old one, and by a link in a mail."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from threading import Event

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.errors import BadCredentials, BadToken, WeakPassword, WrongPassword
from marketplace.domains.accounts.events import PasswordChanged, PasswordResetAsked
from marketplace.domains.accounts.public import Role, SignedIn
from marketplace.domains.accounts.service import password as password_service
from marketplace.domains.accounts.service import sign_in as sign_in_service
from marketplace.domains.accounts.service.sign_in import revoke_sessions
from marketplace.kernel.clock import clock
from marketplace.kernel.passwords import verify_password
from marketplace.kernel.tokens import TokenNotValid
from tests.factories.payments import person as person_without_password
from tests.factories.people import PASSWORD, person
from tests.facts import facts_of
from tests.query_count import counted_queries
from tests.together import together

NEW = "Paper-Moon-42"
CROWD = 6


@pytest.fixture
def sara(app):
    return person(Role.CLIENT, username="sara")


def sign_in(password=PASSWORD):
    return accounts.sign_in(identifier="sara", password=password, face="multitask")


def is_dead(signed_in):
    try:
        accounts.identify(signed_in.access)
    except TokenNotValid:
        return True
    return False


def actor_of(signed_in):
    return accounts.identify(signed_in.access)[0]


def change(signed_in, new=NEW, old=PASSWORD):
    accounts.change_password(actor=actor_of(signed_in), old=old, new=new)


def reset_token(who):
    return accounts.open_reset(person_id=who.id)[1]


def test_a_changed_password_is_the_one_to_sign_in_with(sara):
    change(sign_in())
    assert sign_in(NEW)
    with pytest.raises(BadCredentials):
        sign_in()
    assert facts_of(PasswordChanged) == [PasswordChanged(person_id=sara.id)]


def test_a_change_ends_every_session_but_the_one_that_asks(sara):
    mine, other = sign_in(), sign_in()
    change(mine)
    assert not is_dead(mine)
    assert accounts.refresh(mine.refresh)
    assert is_dead(other)
    with pytest.raises(TokenNotValid):
        accounts.refresh(other.refresh)


@pytest.mark.parametrize("old", ["", "wrong", PASSWORD.lower(), f"{PASSWORD} "])
def test_who_does_not_know_the_old_password_changes_nothing(sara, old):
    mine, other = sign_in(), sign_in()
    with pytest.raises(WrongPassword) as caught:
        change(mine, old=old)
    assert caught.value.of_field == "old_password"
    assert not is_dead(other)
    assert sign_in()


@pytest.mark.parametrize(
    "weak", ["Short-1", "12345678901", "password123", "sara@example", "x" * 129], ids=lambda weak: weak[:12]
)
def test_a_new_password_is_as_good_as_that_of_a_newcomer(sara, weak):
    token, mine = reset_token(sara), sign_in()
    for refused in (partial(change, mine, weak), partial(accounts.reset_password, token=token, new=weak)):
        with pytest.raises(WeakPassword) as caught:
            refused()
        assert caught.value.of_field == "new_password"
    assert sign_in()
    # the token is not used up by a password that is refused
    accounts.reset_password(token=token, new=NEW)


def test_somebody_without_a_password_is_shown_the_way(app):
    actor = person_without_password()
    with pytest.raises(WrongPassword, match="has no password yet") as caught:
        accounts.change_password(actor=actor, old="", new=NEW)
    assert caught.value.of_field == "old_password"
    accounts.reset_password(token=reset_token(actor), new=NEW)
    assert accounts.sign_in(identifier=actor.username, password=NEW, face="multitask")


def test_of_six_changes_at_once_one_wins(sara):
    mine = sign_in()
    results = together(*[partial(change, mine, f"{NEW}-{number}") for number in range(CROWD)])
    assert results.count(None) == 1
    assert all(isinstance(result, WrongPassword) for result in results if result is not None)
    assert sign_in(f"{NEW}-{results.index(None)}")


def test_who_signs_in_while_the_password_changes_needs_the_new_one(sara, monkeypatch):
    mine = sign_in()
    checked, changed = Event(), Event()

    def verify_and_wait(stored, password):
        is_right = verify_password(stored, password)
        checked.set()
        assert changed.wait(timeout=20)
        return is_right

    monkeypatch.setattr(sign_in_service, "verify_password", verify_and_wait)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(sign_in)
        assert checked.wait(timeout=20)
        change(mine)
        changed.set()
        assert isinstance(late.exception(), BadCredentials)


def test_nobody_signs_in_between_the_end_of_the_sessions_and_the_commit(sara, monkeypatch):
    mine = sign_in()
    with ThreadPoolExecutor(1) as pool:
        late = []

        def revoke_and_wait(unit, **who):
            revoke_sessions(unit, **who)
            late.append(pool.submit(sign_in))
            # it waits for our lock: without one, it would be done by now
            wait(late, timeout=0.5)

        monkeypatch.setattr(password_service, "revoke_sessions", revoke_and_wait)
        change(mine)
        assert isinstance(late[0].exception(), BadCredentials)


def test_a_reset_ends_every_session_and_works_once(sara):
    before = sign_in()
    token = reset_token(sara)
    accounts.reset_password(token=token, new=NEW)
    assert is_dead(before)
    assert sign_in(NEW)
    with pytest.raises(BadToken):
        accounts.reset_password(token=token, new=f"{NEW}-again")
    assert sign_in(NEW)


def test_of_six_who_use_a_token_at_once_one_does(sara):
    token = reset_token(sara)
    use = [partial(accounts.reset_password, token=token, new=f"{NEW}-{number}") for number in range(CROWD)]
    results = together(*use)
    assert results.count(None) == 1
    assert all(isinstance(result, BadToken) for result in results if result is not None)
    assert sign_in(f"{NEW}-{results.index(None)}")


@pytest.mark.parametrize(("minutes", "is_good"), [(59, True), (61, False)])
def test_a_token_is_good_for_an_hour(sara, minutes, is_good):
    token = reset_token(sara)
    clock.advance(timedelta(minutes=minutes).total_seconds())
    if is_good:
        accounts.reset_password(token=token, new=NEW)
    else:
        with pytest.raises(BadToken):
            accounts.reset_password(token=token, new=NEW)


def test_a_newer_token_and_a_change_end_the_older_ones(sara):
    first, second = reset_token(sara), reset_token(sara)
    with pytest.raises(BadToken):
        accounts.reset_password(token=first, new=NEW)
    change(sign_in())
    with pytest.raises(BadToken):
        accounts.reset_password(token=second, new=f"{NEW}-again")


def test_a_forged_token_and_one_of_another_purpose_are_refused(sara):
    token = reset_token(sara)
    code, _, signature = token.partition(".")
    for forged in (
        accounts.verification_token(int(code)),
        f"{int(code) + 1}.{signature}",
        f"{code}.{'0' * 64}",
        f"0{token}",
        f"{2**70}.{signature}",
        signature,
        "",
    ):
        with pytest.raises(BadToken):
            accounts.reset_password(token=forged, new=NEW)
    with pytest.raises(BadToken):
        accounts.verify_email(token)
    assert sign_in()


def test_somebody_suspended_resets_nothing(sara):
    token = reset_token(sara)
    accounts.suspend("sara")
    with pytest.raises(BadToken):
        accounts.reset_password(token=token, new=NEW)
    assert accounts.open_reset(person_id=sara.id) is None
    accounts.ask_for_reset(email="sara@example.com")
    assert facts_of(PasswordResetAsked) == [PasswordResetAsked(person_id=None)]


def test_asking_for_an_address_that_nobody_has_takes_the_same_steps(sara):
    steps = []
    for email in ("Sara@example.com", "nobody@example.com"):
        with counted_queries() as statements:
            accounts.ask_for_reset(email=email)
        steps.append(statements)
    assert steps[0] == steps[1]
    known, unknown = facts_of(PasswordResetAsked)
    assert (known.person_id, unknown.person_id) == (sara.id, None)


def test_a_session_is_not_opened_where_the_answer_is_no(sara):
    assert isinstance(sign_in(), SignedIn)
    accounts.suspend("sara")
    with pytest.raises(BadCredentials):
        sign_in()
