"""`flask bench load`: a world to measure, the same every time."""

from marketplace.cli.bench import PASSWORD


def test_the_world_to_measure_is_whole(flask, client):
    result = flask("bench", "load", "--tasks", "1000")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("1,000 tasks, 3,000 applications, 2,001 rooms in ")

    assert flask("doctor").exit_code == 0, flask("doctor").output

    assert client.get("/api/tasks/?status=OPEN").json["count"] == 500
    signed_in = client.post("/api/auth/login/", {"username": "user4901", "password": PASSWORD})
    freelancer = client.signed_in(signed_in.json)
    terms = {"proposal": "I can start tomorrow.", "offered_price": "10.00"}
    assert freelancer.post("/api/tasks/1000/apply/", terms).status_code == 201
    for room in (1, 100, 2001):
        path = f"/api/messaging/conversations/{room}/messages/send/"
        assert freelancer.post(path, {"content": "hello"}).json["seq"] == 41


def test_people_are_not_joined_by_the_world_to_measure(flask, join, client):
    join("karim")
    result = flask("bench", "load", "--tasks", "1000")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: Somebody lives here already: this fills an empty instance alone.\n",
    )
    assert client.get("/api/tasks/").json["count"] == 0


def test_the_world_to_measure_is_not_for_production(flask, change_settings):
    change_settings(environment="production")
    result = flask("bench", "load")
    assert (result.exit_code, result.stderr) == (1, "Error: The world to measure is not for production.\n")


def test_the_world_to_measure_is_filled_by_the_owner_of_the_tables(flask, change_settings):
    change_settings(database_owner_url=None)
    result = flask("bench", "load", "--tasks", "1000")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: This is for the owner of the tables: name them in DATABASE_OWNER_URL.\n",
    )
