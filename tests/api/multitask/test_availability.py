"""Asking whether a name or an address may still be taken."""

import pytest

from marketplace.extensions import limiter

USERNAME, EMAIL = "/api/auth/check-username/", "/api/auth/check-email/"


def ask(client, path, **query):
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_a_name_is_free_until_somebody_has_it_whatever_its_case(client, join):
    assert ask(client, USERNAME, username="sara") == {"username": "sara", "available": True}
    join("sara")
    assert ask(client, USERNAME, username="SaRa") == {"username": "SaRa", "available": False}


def test_an_address_is_free_until_somebody_has_it_whatever_its_case(client, join):
    free = {"email": "sara@example.com", "available": True}
    assert ask(client, EMAIL, email="sara@example.com") == free
    join("sara")
    assert ask(client, EMAIL, email="SARA@Example.com") == {"email": "SARA@Example.com", "available": False}


@pytest.mark.parametrize("username", ["ab", "x" * 31, "a b c", "a@b", "admin", "ROOT", "a/b", "%", "añb"])
def test_a_name_that_registration_refuses_is_not_free(client, username):
    assert ask(client, USERNAME, username=username)["available"] is False
    body = {"username": username, "email": "x@example.com", "password": "StrongPass123"}
    assert list(client.post("/api/auth/register/", body).json) == ["username"]


@pytest.mark.parametrize("email", ["sara", "@example.com", "sara@", "sa ra@example.com", "sara@example"])
def test_what_is_no_address_is_not_free(client, email):
    assert ask(client, EMAIL, email=email)["available"] is False


def test_percent_and_underscore_stand_for_themselves(client, join):
    join("sara_1")
    assert ask(client, USERNAME, username="saraX1")["available"] is True


@pytest.mark.parametrize(("path", "name"), [(USERNAME, "username"), (EMAIL, "email")])
@pytest.mark.parametrize("query", ["", "?{name}=", "?{name}=%20", "?{name}=a%00b", "?other=sara"])
def test_nothing_to_test_is_refused(client, path, name, query):
    answer = client.get(path + query.format(name=name))
    assert (answer.status_code, list(answer.json)) == (400, [name])


@pytest.mark.parametrize("path", [f"{USERNAME}?username=sara", f"{EMAIL}?email=sara@example.com"])
def test_a_dead_token_is_refused_so_that_its_holder_refreshes(client, path):
    answer = client.get(path, headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.json["code"]) == (401, "token_not_valid")


def test_nobody_tries_the_names_of_a_whole_list(client, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    statuses = [client.get(f"{USERNAME}?username=name{number}").status_code for number in range(61)]
    assert statuses == [200] * 60 + [429]
    answer = client.get(f"{EMAIL}?email=sara@example.com")
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)


@pytest.mark.parametrize("name", ["is_client", "is_freelancer"])
@pytest.mark.parametrize("value", [1, 0, "true", "false", None, [], 1.0])
def test_a_role_is_asked_for_by_true_or_false_alone(client, name, value):
    body = {"username": "sara", "email": "sara@example.com", "password": "StrongPass123", name: value}
    answer = client.post("/api/auth/register/", body)
    assert (answer.status_code, list(answer.json)) == (400, [name])
