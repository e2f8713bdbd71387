"""Proving an address: once, in time, with our own token."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.errors import BadToken, EmailRequired
from marketplace.domains.accounts.events import EmailVerified, VerificationAsked
from marketplace.domains.accounts.public import Registration, Role
from marketplace.kernel.clock import clock
from tests.facts import facts_of
from tests.together import together

SARA = Registration(
    username="sara", email="sara@example.com", password="Correct-Horse-9", roles=frozenset({Role.CLIENT})
)


@pytest.fixture
def sara(app):
    return accounts.register(SARA, face="multitask")


def sent_tokens():
    """The token of each verification mail, in their order."""
    return [accounts.verification_token(fact.code_id) for fact in facts_of(VerificationAsked)]


def is_verified(signed_in):
    return accounts.get_account(person_id=signed_in.account.id).email_verified


def test_a_token_proves_an_address_once(sara):
    (token,) = sent_tokens()
    accounts.verify_email(token)
    assert is_verified(sara)
    with pytest.raises(BadToken):
        accounts.verify_email(token)
    assert len(facts_of(EmailVerified)) == 1


def test_of_eight_who_use_a_token_at_once_one_does(sara):
    (token,) = sent_tokens()
    results = together(*[partial(accounts.verify_email, token)] * 8)
    assert results.count(None) == 1
    assert sum(isinstance(result, BadToken) for result in results) == 7
    assert len(facts_of(EmailVerified)) == 1


def test_a_token_is_good_for_a_day(sara):
    (token,) = sent_tokens()
    clock.advance(timedelta(hours=24, seconds=1).total_seconds())
    with pytest.raises(BadToken):
        accounts.verify_email(token)
    assert not is_verified(sara)


def test_a_token_is_good_until_its_day_is_over(sara):
    (token,) = sent_tokens()
    clock.advance(timedelta(hours=23, minutes=59).total_seconds())
    accounts.verify_email(token)
    assert is_verified(sara)


def test_a_new_token_replaces_the_old_one(sara):
    actor, _ = accounts.identify(sara.access)
    accounts.resend_verification(person=actor, email=None)
    old, new = sent_tokens()
    with pytest.raises(BadToken):
        accounts.verify_email(old)
    accounts.verify_email(new)
    assert is_verified(sara)


def test_a_forged_token_is_refused(sara):
    (token,) = sent_tokens()
    code, _, signature = token.partition(".")
    for forged in (
        f"{int(code) + 1}.{signature}",
        f"{code}.{'0' * 64}",
        f"{code}.{signature.upper()}",
        f"0{token}",
        f"{token} ",
        f"{token}\n",
        f"{code}.",
        signature,
        "",
        accounts.verification_token(4711),
        f"{2**64}.{signature}",
    ):
        with pytest.raises(BadToken):
            accounts.verify_email(forged)
    assert not is_verified(sara)


def test_a_token_of_somebody_else_proves_their_address_alone(sara):
    omar = accounts.register(replace(SARA, username="omar", email="omar@example.com"), face="multitask")
    accounts.verify_email(sent_tokens()[1])
    assert is_verified(omar)
    assert not is_verified(sara)


def test_a_mail_is_sent_again_to_an_address_that_is_still_to_be_proven_alone(sara):
    accounts.resend_verification(person=None, email="SARA@example.com")
    accounts.resend_verification(person=None, email="nobody@example.com")
    assert len(sent_tokens()) == 2
    accounts.verify_email(sent_tokens()[1])
    accounts.resend_verification(person=None, email="sara@example.com")
    assert len(sent_tokens()) == 2


def test_somebody_unknown_must_name_an_address(app):
    with pytest.raises(EmailRequired):
        accounts.resend_verification(person=None, email=None)


def test_the_whole_way_over_http(client, sara):
    assert client.post("/api/auth/verify-email/", {"token": "17.0"}).json == {
        "token": ["This token is invalid, used or expired."]
    }
    (token,) = sent_tokens()
    assert client.post("/api/auth/verify-email/", {"token": token}).json == {"detail": "Email verified."}
    answer = client.post("/api/auth/resend-verification/", {})
    assert (answer.status_code, list(answer.json)) == (400, ["email"])
