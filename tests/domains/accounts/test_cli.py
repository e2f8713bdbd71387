import pytest

ADA = ("users", "create", "--email", "ada@example.com", "--password", "Paper-Moon-42", "--name", "ada")


@pytest.fixture
def flask(app):
    """What a `flask` command says, once it has ended as expected."""

    def run(*words, ends_with=0):
        result = app.test_cli_runner().invoke(args=list(words))
        assert result.exit_code == ends_with, result.output
        return result.output

    return run


def test_staff_is_made_by_the_command_alone_and_may_sign_in(flask, client):
    said = flask(*ADA, "--role", "admin", "--role", "manager")
    assert said.split()[1:] == ["ada", "ada@example.com", "active", "admin,manager"]
    body = {"username_or_email": "ada", "password": "Paper-Moon-42"}
    assert client.post("/api/auth/login/", body).status_code == 200


def test_a_password_that_is_left_out_is_made_and_shown(flask, client):
    said = flask("users", "create", "--email", "bo@example.com", "--role", "client")
    body = {"username_or_email": "bo@example.com", "password": said.rsplit("password: ")[1].strip()}
    assert client.post("/api/auth/login/", body).status_code == 200


def test_people_are_suspended_and_let_in_again(flask, client):
    flask(*ADA, "--role", "client")
    body = {"username_or_email": "ada", "password": "Paper-Moon-42"}
    assert "suspended" in flask("users", "suspend", "ada@example.com")
    assert client.post("/api/auth/login/", body).status_code == 401
    assert "active" in flask("users", "activate", "ada")
    assert client.post("/api/auth/login/", body).status_code == 200


def test_people_are_listed_by_role_and_status(flask, join):
    flask(*ADA, "--role", "admin")
    join("sara", "client")
    assert [line.split()[1] for line in flask("users", "list").splitlines()] == ["ada", "sara"]
    assert [line.split()[1] for line in flask("users", "list", "--role", "client").splitlines()] == ["sara"]
    assert flask("users", "list", "--status", "suspended") == ""


def test_what_cannot_be_done_is_said_in_one_line(flask):
    flask(*ADA, "--role", "admin")
    assert flask(*ADA, "--role", "admin", ends_with=1).startswith("Error: A user with that ")
    assert flask("users", "suspend", "nobody", ends_with=1) == "Error: nobody: Not found.\n"
