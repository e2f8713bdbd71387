"""Rate limits: per address and per account, with Redis and without."""

from base64 import b64encode

import pytest
from flask import Flask

from marketplace.api.limits import limits_storage, spend
from marketplace.api.platform.dashboard import mount
from marketplace.app import is_admin
from marketplace.extensions import limiter
from marketplace.kernel.errors import TooMany

PATH = "/api/auth/login/"
WRONG = {"username_or_email": "sara", "password": "wrong-password"}
A_MINUTE = 20
TALK_A_MINUTE = 120


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


def test_guessing_the_dashboards_password_is_limited(limits, client):
    # a second application in the process counts nothing twice
    mount(Flask("another"), authenticate=is_admin, redis=lambda: None)

    def guess(password, address):
        login = b64encode(f"Boss@example.com:{password}".encode()).decode()
        return client.get(
            "/rq/", headers={"Authorization": f"Basic {login}"}, environ_base={"REMOTE_ADDR": address}
        )

    statuses = {guess(f"guess-{number}", f"198.51.100.{number}").status_code for number in range(A_MINUTE)}
    assert statuses == {401}
    answer = guess("one more", "198.51.100.99")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_what_is_said_on_a_socket_counts_with_what_is_said_by_request(limits, join):
    sara, omar = join("sara"), join("omar")
    chat = sara.post("/api/messaging/conversations/create/", {"participant_id": omar.user["id"]}).json["id"]
    for _ in range(TALK_A_MINUTE - 2):
        spend("talk", person_id=sara.user["id"])
    path = f"/api/messaging/conversations/{chat}/messages/send/"
    assert sara.post(path, {"content": "The last one."}).status_code == 201
    with pytest.raises(TooMany):
        spend("talk", person_id=sara.user["id"])
    assert sara.post(path, {"content": "One too many."}).status_code == 429
    spend("talk", person_id=omar.user["id"])


def test_where_limits_are_off_a_socket_has_none_either(join):
    sara = join("sara")
    for _ in range(TALK_A_MINUTE + 1):
        spend("talk", person_id=sara.user["id"])


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
