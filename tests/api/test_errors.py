"""The one translator: every way to fail, in the words of the face that was asked."""

import pytest
from flask import Flask

from marketplace.api import errors
from marketplace.api.authentication import current_person, find_current_person
from marketplace.api.dialect import InputInvalid
from marketplace.api.face import face_of_path
from marketplace.api.multitask.dialect import dialect
from marketplace.api.multitask.face import multitask
from marketplace.domains.accounts import public as accounts
from marketplace.kernel.errors import DomainError, Kind, TooMany, Unauthenticated


class Told(DomainError):
    """Nothing is left."""

    code = "test_told"


@pytest.fixture
def asked():
    """A function that asks an application whose one route fails in a given way."""

    def asked(failure, path="/api/fail"):
        app = Flask("failing")
        errors.register(app, [multitask], dialect)

        @app.get(path)
        def fail():
            raise failure

        return app.test_client().get(path)

    return asked


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_refusal_has_a_status_and_a_sentence(asked, kind):
    refusal = type("Refusal", (Told,), {"kind": kind, "__doc__": "Nothing is left."})
    answer = asked(refusal())
    assert answer.status_code == dialect.statuses[kind]
    assert answer.json == {"detail": "Nothing is left."}
    assert ("WWW-Authenticate" in answer.headers) is (kind is Kind.UNAUTHENTICATED)


def test_a_refusal_may_blame_a_field_and_say_when_to_come_again(asked):
    answer = asked(TooMany(field="amount", retry_after_s=30))
    assert answer.json == {"amount": ["Request was throttled."]}
    assert answer.headers["Retry-After"] == "30"


def test_the_messages_of_each_field_are_flat(asked):
    answer = asked(
        InputInvalid({"_schema": ["All wrong."], "items": {0: {"name": ["Too long."]}}, "x": "No."})
    )
    assert answer.status_code == 400
    assert answer.json == {"non_field_errors": ["All wrong."], "items": ["Too long."], "x": ["No."]}


def test_what_nobody_foresaw_says_nothing_of_itself(asked):
    answer = asked(RuntimeError("the password is 1234"))
    assert answer.status_code == 500
    assert answer.json == {"detail": "Internal server error."}


@pytest.mark.parametrize("path", ["/api/nowhere/", "/elsewhere/"])
def test_what_is_not_there_is_told_in_json_everywhere(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json) == (404, {"detail": "Not found."})


def test_a_face_is_known_by_its_space():
    assert face_of_path([multitask], "/api/tasks/") is multitask
    assert face_of_path([multitask], "/elsewhere/") is None


def test_outside_a_request_nobody_asks():
    assert find_current_person() is None
    with pytest.raises(Unauthenticated):
        current_person()


@pytest.mark.parametrize("header", ["bearer {}", "BEARER   {}", "Bearer {} "])
def test_the_scheme_may_be_written_in_any_case(client, join, header):
    token = join("sara").token
    answer = client.get("/api/auth/profile/", headers={"Authorization": header.format(token)})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic c2FyYQ==", "Token x", "Bearer é", "Bearer a b"]
)
def test_a_header_that_names_nobody_lets_nobody_in(client, header):
    answer = client.get("/api/auth/profile/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert set(answer.json) <= {"detail", "code"}


def test_a_role_that_is_lacking_is_told(join):
    answer = join("sara", "freelancer").post("/api/tasks/create/", {})
    assert (answer.status_code, answer.json) == (403, {"detail": accounts.RoleRequired().sentence})
