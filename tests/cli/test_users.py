"""`flask users`."""

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Role

ADA = ("users", "create", "--email", "ada@example.com", "--password", "Correct-Horse-9")


def can_sign_in(identifier, password):
    return accounts.is_staff_password(identifier=identifier, password=password, role=Role.ADMIN)


def test_the_staff_is_made_here(flask):
    result = flask(*ADA, "--role", "admin", "--role", "manager")
    assert result.output == "1  ada  ada@example.com  active  admin,manager\n"
    assert result.exit_code == 0
    assert can_sign_in("ada@example.com", "Correct-Horse-9")


def test_a_password_is_made_and_shown_when_none_is_given(flask):
    result = flask("users", "create", "--email", "bo@example.com", "--role", "admin", "--name", "boss")
    line, password = result.output.splitlines()
    assert line == "1  boss  bo@example.com  active  admin"
    assert can_sign_in("boss", password.removeprefix("password: "))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("users", "create", "--email", "ada@example.org"), "A user with that username already exists."),
        ((*ADA, "--name", "other"), "A user with that email already exists."),
        ((*ADA[:4], "--password", "short"), "This password is too short."),
        ((*ADA, "--name", "ada lovelace"), "A username has 3 to 30 letters"),
        (("users", "create", "--email", "ada.example.com", "--name", "ada2"), "Enter a valid email address."),
    ],
)
def test_a_refusal_is_one_line(flask, words, sentence):
    flask(*ADA, "--role", "admin")
    result = flask(*words, "--role", "admin")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {sentence}")
    assert result.stderr.count("\n") == 1
    assert len(flask("users", "list").output.splitlines()) == 1


def test_an_unknown_role_is_named_with_those_there_are(flask):
    result = flask(*ADA, "--role", "king")
    assert result.exit_code == 2
    assert all(role in result.stderr for role in Role)


@pytest.mark.parametrize("who", ["ada", "ADA@example.com"])
def test_somebody_is_suspended_and_activated(flask, who):
    flask(*ADA, "--role", "admin")
    assert flask("users", "suspend", who).output == "1  ada  ada@example.com  suspended  admin\n"
    assert not can_sign_in("ada", "Correct-Horse-9")
    assert flask("users", "activate", who).output == "1  ada  ada@example.com  active  admin\n"
    assert can_sign_in("ada", "Correct-Horse-9")


@pytest.mark.parametrize("command", ["suspend", "activate"])
def test_nobody_is_not_found(flask, command):
    result = flask("users", command, "nobody")
    assert (result.exit_code, result.stderr) == (1, "Error: nobody: Not found.\n")


def test_people_are_listed_by_role_and_status(flask, join):
    join("sara", "client")
    join("omar", "freelancer")
    flask("users", "suspend", "omar")

    def listed(*options):
        return [line.split()[1] for line in flask("users", "list", *options).output.splitlines()]

    assert listed() == ["sara", "omar"]
    assert listed("--role", "client") == ["sara"]
    assert listed("--status", "suspended") == ["omar"]
    assert listed("--role", "client", "--status", "suspended") == []
