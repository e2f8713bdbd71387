"""Joining and signing in through MultiTask."""

import pytest

SARA = {"username": "sara", "email": "sara@example.com", "password": "StrongPass123"}


def test_registering_signs_in_at_once(client):
    answer = client.post("/api/auth/register/", SARA)
    assert answer.status_code == 201
    assert answer.json["user"]["user_type"] == "both"
    assert answer.json["user"]["is_verified"] is False
    assert client.signed_in(answer.json).get("/api/auth/profile/").json == answer.json["user"]


@pytest.mark.parametrize("key", ["username_or_email", "email", "username"])
@pytest.mark.parametrize("identifier", ["sara", "SARA@example.com"])
def test_each_documents_login_works(client, key, identifier):
    client.post("/api/auth/register/", SARA)
    answer = client.post("/api/auth/login/", {key: identifier, "password": SARA["password"]})
    assert answer.status_code == 200
    assert set(answer.json) == {"access", "refresh", "user"}


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client):
    client.post("/api/auth/register/", SARA)
    wrong = client.post("/api/auth/login/", {"email": SARA["email"], "password": "nope-nope"})
    unknown = client.post("/api/auth/login/", {"email": "who@example.com", "password": "nope-nope"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json == unknown.json == {"detail": "No active account found with the given credentials."}


def test_logout_ends_the_access_token_at_once(client):
    session = client.post("/api/auth/register/", SARA).json
    sara = client.signed_in(session)
    assert sara.post("/api/auth/logout/").json == {"detail": "Logged out."}
    after = sara.get("/api/auth/profile/")
    assert after.status_code == 401
    assert after.json["code"] == "token_not_valid"
    assert client.post("/api/auth/token/refresh/", {"refresh": session["refresh"]}).status_code == 401


def test_a_refresh_token_is_not_an_access_token(client):
    session = client.post("/api/auth/register/", SARA).json
    assert (
        client.get(
            "/api/auth/profile/", headers={"Authorization": f"Bearer {session['refresh']}"}
        ).status_code
        == 401
    )


def test_a_refresh_gives_a_new_access_token_and_stays_good(client):
    session = client.post("/api/auth/register/", SARA).json
    for _ in range(2):
        answer = client.post("/api/auth/token/refresh/", {"refresh": session["refresh"]})
        assert answer.status_code == 200
    assert client.signed_in({**session, **answer.json}).get("/api/auth/profile/").status_code == 200


def test_names_and_addresses_are_unique_whatever_their_case(client):
    client.post("/api/auth/register/", SARA)
    twin = client.post("/api/auth/register/", {**SARA, "username": "SARA", "email": "other@example.com"})
    assert (twin.status_code, list(twin.json)) == (400, ["username"])
    twin = client.post("/api/auth/register/", {**SARA, "username": "other", "email": "SARA@example.com"})
    assert (twin.status_code, list(twin.json)) == (400, ["email"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short1"}, "password"),
        ({"password": "12345678901"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "sara@example"}, "password"),
        ({"password2": "Different123"}, "password2"),
        ({"username": "a@b"}, "username"),
        ({"username": "x" * 31}, "username"),
        ({"username": "nul\x00nul"}, "username"),
        ({"email": "not-an-address"}, "email"),
        ({"user_type": "admin"}, "user_type"),
        ({"user_type": "client", "is_freelancer": True}, "user_type"),
        ({"is_client": False, "is_freelancer": False}, "user_type"),
        ({"username": 7}, "username"),
        ({"username": None}, "username"),
    ],
)
def test_bad_registrations_name_the_field(client, change, field):
    answer = client.post("/api/auth/register/", {**SARA, **change})
    assert answer.status_code == 400
    assert list(answer.json) == [field]
    assert isinstance(answer.json[field][0], str)


def test_missing_fields_are_all_named(client):
    answer = client.post("/api/auth/register/", {})
    assert answer.status_code == 400
    assert set(answer.json) == {"username", "email", "password"}


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/login/"])
def test_the_last_slash_is_optional_even_for_a_post(client, path):
    assert client.post(path, {"email": "x@example.com", "password": "y"}).status_code == 401


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"password": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"<x/>", "text/xml", 415),
    ],
)
def test_bodies_that_are_no_json_object_are_refused_in_the_dialect(client, body, content_type, status):
    answer = client.post("/api/auth/login/", data=body, content_type=content_type)
    assert answer.status_code == status
    assert answer.json


def test_every_other_way_to_fail_speaks_the_dialect_too(client):
    assert client.get("/api/nowhere/").json == {"detail": "Not found."}
    wrong_method = client.get("/api/auth/login/")
    assert wrong_method.status_code == 405
    assert "POST" in wrong_method.headers["Allow"]
    assert list(wrong_method.json) == ["detail"]
    nobody = client.get("/api/auth/profile/")
    assert nobody.status_code == 401
    assert nobody.headers["WWW-Authenticate"] == "Bearer"
    assert nobody.json == {"detail": "Authentication credentials were not provided."}


def test_an_idempotency_key_gives_the_first_answer_again(client):
    session = client.post("/api/auth/register/", SARA).json
    sara = client.signed_in(session)
    body = {"email": SARA["email"]}
    first = sara.post("/api/auth/resend-verification/", body, headers={"Idempotency-Key": "k1"})
    again = sara.post("/api/auth/resend-verification/", body, headers={"Idempotency-Key": "k1"})
    other = sara.post("/api/auth/resend-verification/", {}, headers={"Idempotency-Key": "k1"})
    assert first.status_code == again.status_code == 200
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    assert other.status_code == 422
