"""Rate limits: per address and per account, with Redis and without."""

import pytest

from marketplace.api.limits import limits_storage
from marketplace.extensions import limiter

PATH = "/api/auth/login/"
WRONG = {"username_or_email": "sara", "password": "wrong-password"}
A_MINUTE = 20


@pytest.fixture
def limits(app, monkeypatch):
    """The limits of production, with nothing counted yet."""
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()


def knock(client, body=WRONG, address="192.0.2.1", **options):
    return client.post(PATH, body, environ_base={"REMOTE_ADDR": address}, **options)


def test_who_tries_too_often_is_told_how_long_to_wait(limits, client):
    assert {knock(client).status_code for _ in range(A_MINUTE)} == {401}
    answer = knock(client)
    assert answer.status_code == 429
    assert answer.json == {"detail": "Request was throttled."}
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_an_address_is_counted_whatever_accounts_it_tries(limits, client):
    for number in range(A_MINUTE):
        assert knock(client, {**WRONG, "username_or_email": f"user{number}"}).status_code == 401
    assert knock(client).status_code == 429
    assert knock(client, {**WRONG, "username_or_email": "other"}, address="192.0.2.2").status_code == 401


@pytest.mark.parametrize("name", ["username_or_email", "email", "username"])
def test_an_account_is_counted_from_whatever_addresses_it_is_tried(limits, client, name):
    body = {name: "Sara", "password": "wrong-password"}
    for number in range(A_MINUTE):
        assert knock(client, body, f"192.0.2.{number}").status_code == 401
    assert knock(client, {**body, name: "sARA"}, "192.0.2.99").status_code == 429


def test_somebody_signed_in_is_counted_as_themselves(limits, join):
    sara = join("sara")
    sara.post("/api/auth/verify-email/", {"token": "x"})
    answers = [
        sara.post("/api/auth/resend-verification/", {}, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
        for number in range(6)
    ]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"email": 7}', b'{"email": ""}'])
def test_a_body_that_names_no_account_is_counted_by_its_address(limits, client, data):
    def send():
        return client.post(
            PATH,
            data=data,
            content_type="application/json",
            environ_base={"REMOTE_ADDR": "192.0.2.1"},
        ).status_code

    assert [send() for _ in range(A_MINUTE + 1)] == [400] * A_MINUTE + [429]


def test_limits_hold_while_redis_is_away(limits, client, monkeypatch):
    def away(*_, **__):
        raise ConnectionError

    monkeypatch.setattr(type(limiter.storage), "incr", away)
    statuses = [knock(client).status_code for _ in range(A_MINUTE + 1)]
    assert statuses == [401] * A_MINUTE + [429]


@pytest.mark.parametrize(
    ("url", "storage"),
    [
        (None, "memory://"),
        ("redis://cache/0", "redis://cache/0"),
        ("rediss://cache/0", "rediss://cache/0"),
        ("unix:///run/redis.sock?db=1", "redis+unix:///run/redis.sock?db=1"),
    ],
)
def test_the_counters_live_where_redis_is(url, storage):
    assert limits_storage(url) == storage
