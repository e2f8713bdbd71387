"""Coming and going of people and processes, seen from another process."""

import http.client
from functools import partial

import pytest
import requests
import websocket

from tests.realtime.conftest import Plain, until
from tests.together import together

ROUNDS = 8
GONE = (ConnectionError, requests.ConnectionError, websocket.WebSocketException, http.client.HTTPException)


@pytest.fixture
def pair(build, mode):
    """Two web processes of the test's own, which wait long for each other."""
    return [build(mode, ALIVE_S="60") for _ in range(2)]


def plain_code(house, token):
    """With which code a newcomer by WebSocket is sent away."""
    try:
        client = Plain(house, "/ws/talk/2/", token)
    except GONE:
        return "gone"
    try:
        return client.code()
    except GONE:
        return "cut"
    finally:
        client.ws.shutdown()


def socketio_status(house):
    try:
        return requests.get(f"{house.url}/socket.io/?EIO=4&transport=polling", timeout=5).status_code
    except GONE:
        return "gone"


def test_who_comes_and_goes_in_two_processes_at_once_is_told_once(pair, people, opened):
    watcher, walker = people.join(), people.join()
    gates = [opened(Plain(house, "/ws/gate/", watcher.access)) for house in pair]
    until(lambda: all(house.state()["online"] == [1] for house in pair))
    for _ in range(ROUNDS):
        clients = together(*(partial(Plain, house, "/ws/talk/2/", walker.access) for house in pair))
        until(lambda: all(house.state()["counts"].get("2") == 2 for house in pair))
        together(*(client.close for client in clients))
        until(lambda: all(house.state()["online"] == [1] for house in pair))
    pair[0].post("/push/gate")
    for gate in gates:
        heard = []
        while (frame := gate.hear())["type"] == "passed":
            heard += [frame["is_online"]] if frame["person"] == 2 else []
        assert heard == [True, False] * ROUNDS


def test_a_process_that_ends_lets_nobody_in_and_counts_for_nobody(pair, people, opened):
    token = people.join().access
    client = opened(Plain(pair[0], "/ws/talk/2/", token))
    until(lambda: pair[1].state()["online"] == [1])
    pair[0].process.terminate()
    assert client.code() == 1001
    met = set()
    while pair[0].process.poll() is None:
        met |= {plain_code(pair[0], token), socketio_status(pair[0])}
    assert met <= {1001, 503, "gone"}
    assert pair[1].state()["online"] == []


def test_who_goes_with_a_process_is_told_to_others(pair, people, opened):
    watcher, walker = people.join(), people.join()
    gate = opened(Plain(pair[1], "/ws/gate/", watcher.access))
    assert gate.hear()["person"] == 1
    opened(Plain(pair[0], "/ws/talk/2/", walker.access))
    assert gate.hear() == {"type": "passed", "person": 2, "is_online": True}
    pair[0].process.terminate()
    assert gate.hear() == {"type": "passed", "person": 2, "is_online": False}


def test_a_process_ends_when_what_follows_from_the_last_words_is_done(pair, people, opened):
    token = people.join().access
    listener = opened(Plain(pair[1], "/ws/talk/2/", token))
    speaker = opened(Plain(pair[0], "/ws/talk/2/", token))
    speaker.send({"type": "promise", "text": "I will"})
    assert speaker.hear() == {"type": "promise", "text": "I will"}
    pair[0].process.terminate()
    assert speaker.code() == 1001
    assert listener.hear() == {"type": "kept", "text": "I will"}
    pair[0].process.wait(10)
