"""Several processes, and a Redis that comes and goes."""

import subprocess
import sys
import time
from dataclasses import replace

import pytest
import requests

from marketplace.local.services import start_redis
from tests.realtime.conftest import ROOT, Namespace, Plain, until


@pytest.fixture
def own_redis(tmp_path):
    """A Redis that the test may stop."""
    service = start_redis(tmp_path / "redis", fsync=False)
    yield service
    service.stop()


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


def test_a_killed_process_is_no_longer_counted(houses, build, mode, people, opened):
    dying = build(mode)
    client = Plain(dying, "/ws/talk/2/", people.join().access)
    until(lambda: houses[0].state()["online"] == [1])
    dying.kill()
    until(lambda: houses[0].state()["online"] == [], within_s=4)
    client.ws.shutdown()
    until(lambda: any("process_buried" in house.log.read_text() for house in houses))


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

    own_redis.start(time.sleep)
    until(lambda: hears_a_push(pair[0], far), within_s=10)
    until(lambda: hears_a_push(pair[1], near), within_s=10)
    until(lambda: pair[1].state()["counts"] == {"1": 3}, within_s=10)


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
    own_redis.start(time.sleep)
    assert requests.post(f"{pair[0].url}/sweep", timeout=30).ok
    assert far.code() == 4401


def test_one_process_needs_no_redis(settings, build, mode, people, opened):
    house = build(mode, of=replace(settings, redis_url=None))
    clients = clients_of([house], people.join().access, opened)
    clients[0].send({"type": "say", "text": "alone"})
    for client in clients:
        assert client.hear()["text"] == "alone"
    assert house.state()["counts"] == {"1": 2}
