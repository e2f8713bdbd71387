"""`flask up` as a person meets it: a process that is started, disturbed and ended."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request

import psutil
import psycopg
import pytest
import redis

NAMES = ("postgres", "redis", "web", "worker", "scheduler")


def eventually(ask):
    """The first answer to a question that fails while something is being started again."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return ask()
        except (OSError, psycopg.OperationalError, redis.ConnectionError):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def living(processes):
    return psutil.wait_procs(processes, timeout=10)[1]


def libpq(url):
    return url.replace("+psycopg", "", 1)


def healthz(house):
    with urllib.request.urlopen(f"http://127.0.0.1:{house.port}/healthz?token=secret", timeout=5) as answer:
        return json.load(answer)


@pytest.mark.parametrize(
    ("number", "mode"),
    [(signal.SIGTERM, "threading"), (signal.SIGINT, "eventlet"), (signal.SIGHUP, "threading")],
)
def test_everything_runs_and_one_signal_ends_all_of_it(up, number, mode):
    house = up(SOCKETIO_ASYNC_MODE=mode).wait_until_open()
    children = house.everything()
    with psycopg.connect(libpq(healthz(house)["database"])) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("marketplace",)
    house.wait_for(r"worker    \| worker at work").wait_for(r"scheduler \| scheduler at work")

    assert house.stop(number) == 0
    assert living(children) == []
    assert "asha@example.com / demo-password" in house.text
    assert f"http://127.0.0.1:{house.port}/docs/" in house.text
    assert "/healthz" in house.text
    assert "token=secret" not in house.text
    assert "was killed" not in house.text
    log = (house.instance / "logs" / "postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")


def test_a_second_start_keeps_the_data(up):
    first = up().wait_until_open()
    answer = healthz(first)
    with redis.Redis.from_url(answer["redis"]) as client:
        client.set("kept", "yes")
    with psycopg.connect(libpq(answer["database"]), user="postgres") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert first.stop() == 0
    answer = healthz(up(PORT=first.port).wait_until_open())
    with redis.Redis.from_url(answer["redis"]) as client:
        assert client.get("kept") == b"yes"
    with psycopg.connect(libpq(answer["database"]), user="postgres") as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_after_a_kill_nothing_lingers_and_the_next_start_recovers(up):
    house = up().wait_until_open()
    children = house.everything()
    house.process.kill()
    house.ended()
    again = up(PORT=house.port).wait_until_open()
    assert living(children) == []
    assert again.stop() == 0


def test_a_pid_file_that_names_a_stranger_does_not_stop_a_start(up):
    house = up().wait_until_open()
    postgres = house.child("postgres")
    house.process.kill()
    house.ended()
    assert living([postgres]) == []
    stranger = os.getpid()
    (house.instance / "postgres" / "postmaster.pid").write_text(f"{stranger}\n{house.instance}/postgres\n1\n")
    (house.instance / "postgres" / ".s.PGSQL.5432.lock").write_text(f"{stranger}\n")
    (house.instance / "run" / "web.json").write_text(f'{{"pid": {stranger}, "created": 1.0, "signal": 15}}')
    (house.instance / "run" / "worker.json").write_text("{")
    assert up().wait_until_open().stop() == 0


def test_a_child_that_dies_is_started_again(up):
    house = up().wait_until_open().wait_for("worker at work").wait_for("scheduler at work")
    before = {name: house.child(name) for name in NAMES}
    for process in before.values():
        process.kill()
    for name in NAMES:
        house.wait_for(rf"{name} ended \(killed by signal 9\): starting it again")
    house.wait_for("worker at work", times=2).wait_for("scheduler at work", times=2)
    answer = eventually(lambda: healthz(house))
    eventually(lambda: psycopg.connect(libpq(answer["database"])).close())
    with redis.Redis.from_url(answer["redis"]) as client:
        assert eventually(client.ping)
    assert all(house.child(name).pid != before[name].pid for name in NAMES)
    children = house.everything()
    assert house.stop() == 0
    assert living(children) == []


def test_a_second_start_on_the_same_instance_is_refused_and_the_first_goes_on(up):
    first = up().wait_until_open()
    second = up()
    assert second.ended() == 1
    (line,) = second.lines
    assert line.startswith(f"flask up: {first.instance} is in use by process {first.process.pid}: ")
    assert healthz(first)


def test_two_instances_run_side_by_side_one_of_them_at_a_very_long_path(up, tmp_path, pristine_instance):
    long_path = tmp_path / "a space and more than two hundred letters" / ("x" * 120) / ("y" * 60) / "instance"
    long_path.parent.mkdir(parents=True)
    subprocess.run(["cp", "-a", str(pristine_instance), str(long_path)], check=True)
    first, second = up(), up(instance=long_path)
    answers = [healthz(house.wait_until_open()) for house in (first, second)]
    assert answers[0]["database"] != answers[1]["database"]
    assert answers[0]["redis"] != answers[1]["redis"]
    assert (first.stop(), second.stop()) == (0, 0)


def test_a_port_in_use_is_named(up):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        house = up(PORT=port)
        assert house.ended() == 1
    assert house.lines == [
        f"flask up: port {port} on 127.0.0.1 is in use: end what listens there, or choose another with PORT=…"
    ]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"PORT": "eighty"}, "flask up: PORT must be a whole number"),
        (
            {"DATABASE_URL": "postgresql://nobody:hidden@127.0.0.1:1/none"},
            "flask up: DATABASE_URL cannot be reached:",
        ),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "flask up: REDIS_URL cannot be reached:"),
        (
            {"INSTANCE_PATH": "/dev/null/instance"},
            "flask up: INSTANCE_PATH /dev/null/instance is not writable:",
        ),
        ({"HOST": "203.0.113.9"}, "flask up: HOST 203.0.113.9 is not an address of this machine:"),
    ],
)
def test_what_cannot_work_is_said_in_one_line(up, settings, line):
    house = up(**settings)
    assert house.ended() == 1
    assert len(house.lines) == 1
    assert house.lines[0].startswith(line)
    assert "hidden" not in house.text


def test_a_migration_that_fails_shows_its_last_lines_and_ends_everything(up):
    house = up(BROKEN_MIGRATION="yes")
    assert house.ended() == 1
    assert "  RuntimeError: column price already exists" in house.lines
    assert house.lines[-1] == "flask up: `flask schema upgrade` failed: its last lines stand above"
    assert list((house.instance / "run").glob("*.json")) == []


def test_the_demo_world_can_be_left_out_and_the_secret_key_is_kept_private(up):
    house = up(DEMO="0").wait_until_open()
    key = house.instance / "secret_key"
    assert "demo-password" not in house.text
    assert key.stat().st_mode & 0o777 == 0o600
    assert house.child("web").environ()["SECRET_KEY"] == key.read_text()
    assert "DATABASE_OWNER_URL" in house.child("web").environ()


def test_a_terminal_that_goes_away_ends_everything(up):
    house = up().wait_for("Redis")
    children = house.everything()
    house.close_terminal()
    assert house.process.wait(20) == 0
    assert living(children) == []
