"""Signed tokens: read when they are ours and alive, refused otherwise."""

from datetime import timedelta

import jwt
import pytest

from marketplace.kernel.clock import clock
from marketplace.kernel.settings import Settings
from marketplace.kernel.tokens import ALGORITHM, ISSUER, TokenExpired, TokenNotValid, Tokens, Use

SETTINGS = Settings(secret_key="s" * 40, access_token_minutes=5, refresh_token_days=2)
WHOSE = {"person_id": 7, "session_id": 8, "generation": 9, "face": "multitask"}


@pytest.fixture
def tokens():
    tokens = Tokens()
    tokens.configure(SETTINGS)
    return tokens


def forge(tokens, key=None, algorithm=ALGORITHM, **changes):
    claims = {
        "iss": ISSUER,
        "sub": "7",
        "sid": 8,
        "gen": 9,
        "face": "multitask",
        "use": "access",
        "exp": clock.real_now() + timedelta(minutes=1),
    } | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, tokens._key("jwt") if key is None else key, algorithm=algorithm)


@pytest.mark.parametrize(
    ("use", "lifetime"), [(Use.ACCESS, timedelta(minutes=5)), (Use.REFRESH, timedelta(days=2))]
)
def test_a_token_is_read_as_it_was_issued(tokens, use, lifetime):
    claims = tokens.read(tokens.issue(use, **WHOSE), use)
    assert {name: getattr(claims, name) for name in WHOSE} == WHOSE
    assert abs(claims.expires_at - clock.real_now() - lifetime) < timedelta(seconds=5)
    assert tokens.lifetime(use) == lifetime


def test_the_forge_of_these_tests_can_make_a_good_one(tokens):
    assert tokens.read(forge(tokens), Use.ACCESS).person_id == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"key": b"another key, which is long enough"},
        {"key": b"", "algorithm": "none"},
        {"iss": "somebody"},
        {"iss": None},
        {"use": "refresh"},
        {"use": None},
        {"sub": None},
        {"sub": "seven"},
        {"sid": None},
        {"sid": [1]},
        {"gen": None},
        {"face": None},
        {"exp": None},
        {"iat": 2**33},
    ],
    ids=str,
)
def test_a_token_that_is_not_ours_is_refused(tokens, changes):
    if changes.get("algorithm") == "none":
        changes = {**changes, "key": ""}
    with pytest.raises(TokenNotValid):
        tokens.read(forge(tokens, **changes), Use.ACCESS)


def test_an_expired_token_says_so(tokens):
    with pytest.raises(TokenExpired):
        tokens.read(forge(tokens, exp=clock.real_now() - timedelta(seconds=1)), Use.ACCESS)


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "…", "x" * 5000, "eyJhbGciOiJIUzI1NiJ9.e30."])
def test_what_is_no_token_is_refused(tokens, token):
    with pytest.raises(TokenNotValid):
        tokens.read(token, Use.ACCESS)


def test_a_token_changed_anywhere_is_refused(tokens):
    token = tokens.issue(Use.ACCESS, **WHOSE)
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(TokenNotValid):
            tokens.read(changed, Use.ACCESS)


def test_a_token_of_another_installation_is_refused(tokens):
    other = Tokens()
    other.configure(Settings(secret_key="o" * 40))
    with pytest.raises(TokenNotValid):
        tokens.read(other.issue(Use.ACCESS, **WHOSE), Use.ACCESS)


def test_lifetimes_run_on_real_time(app, tokens):
    token = tokens.issue(Use.ACCESS, **WHOSE)
    clock.advance(timedelta(days=30).total_seconds())
    assert tokens.read(token, Use.ACCESS).person_id == 7


def test_a_signature_is_good_for_its_purpose_and_message_alone(tokens):
    signature = tokens.sign("verify", "17")
    assert len(signature) == 64
    assert tokens.is_signed("verify", "17", signature)
    assert not tokens.is_signed("reset", "17", signature)
    assert not tokens.is_signed("verify", "18", signature)
    assert not tokens.is_signed("verify", "17", signature[:-1])
    assert not tokens.is_signed("verify", "17", "é" * 64)
