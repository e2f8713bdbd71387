"""What only Socket.IO has: refusals with a code, events for kinds, polling, coming again."""

import json
import subprocess
import sys
from socket import SO_RCVBUF, SOL_SOCKET

import pytest
import requests
import socketio

from tests.realtime.conftest import ROOT, Namespace, People, Plain, until


def refused(house, token, **place):
    """The error with which Socket.IO refuses a connection."""
    client = socketio.Client(reconnection=False)
    errors = []
    client.on("connect_error", errors.append, namespace="/ws/talk")
    auth = {**place} if token is None else {"token": token, **place}
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(
            house.url, namespaces=["/ws/talk"], auth=auth, transports=["websocket"], wait_timeout=5
        )
    client.disconnect()
    return errors[0]


def test_a_wrong_token_is_refused_with_4401(house, people, monkeypatch):
    sara = people.join()
    expired = People.short_token(sara, seconds=-1, monkeypatch=monkeypatch)
    for token in (None, "", 7, ["x"], "nonsense", sara.refresh, expired):
        error = refused(house, token, talk_id=2)
        assert error["data"]["code"] == 4401
        assert error["message"] == error["data"]["detail"]


@pytest.mark.parametrize("place", [{}, {"talk_id": 1}, {"talk_id": "x"}, {"talk_id": None}, {"talk_id": [2]}])
def test_what_is_not_there_is_refused_with_4404(house, people, place):
    assert refused(house, people.join().access, **place)["data"]["code"] == 4404


def test_a_place_may_be_named_by_a_number_or_its_text(house, people, opened):
    token = people.join().access
    for talk in (2, "2"):
        client = opened(Namespace(house, "/ws/talk", token, talk_id=talk))
        client.send({"type": "echo"})
        assert client.hear() == {"type": "echo"}


def test_polling_hears_as_well(houses, people, opened):
    token = people.join().access
    client = opened(Namespace(houses[0], "/ws/talk", token, transports=["polling"], talk_id=2))
    houses[1].post("/push/talk:2")
    assert client.hear()["text"] == "over HTTP"


def test_what_is_no_frame_is_answered_by_an_error_event(house, people, opened):
    client = opened(Namespace(house, "/ws/talk", people.join().access, talk_id=2))
    for data in ("text", 1, [1], b"bytes", {"a": b"bytes"}, ({"a": 1}, {"b": 2})):
        client.io.emit("echo", data, namespace="/ws/talk")
        assert client.hear()["type"] == "error"
    client.io.emit("echo", namespace="/ws/talk")
    assert client.hear() == {"type": "echo"}


def test_events_named_like_socketios_own_are_frames_like_any_other(house, people, opened):
    client = opened(Namespace(house, "/ws/talk", people.join().access, talk_id=2))
    for event in ("connect", "disconnect"):
        client.io.emit(event, {"token": "x"}, namespace="/ws/talk")
        assert client.hear()["type"] == "error"
    client.send({"type": "echo"})
    assert client.hear() == {"type": "echo"}


def test_a_page_of_another_origin_is_refused(house):
    url = f"{house.url}/socket.io/?EIO=4&transport=polling"
    assert requests.get(url, headers={"Origin": "https://evil.example"}, timeout=5).status_code == 400
    assert requests.get(url, headers={"Origin": house.url}, timeout=5).status_code == 200
    assert requests.get(url, timeout=5).status_code == 200


def test_what_comes_in_one_request_of_a_polling_client_is_heard_whole(house, people):
    base = f"{house.url}/socket.io/?EIO=4&transport=polling"
    session = requests.get(base, timeout=5).text[1:]
    url = f"{base}&sid={json.loads(session)['sid']}"
    auth = json.dumps({"token": people.join().access, "talk_id": 2})
    requests.post(url, data=f"40/ws/talk,{auth}", timeout=5)
    assert requests.get(url, timeout=5).text.startswith("40/ws/talk,")
    events = [f"42/ws/talk,{json.dumps(['echo', {'number': number}])}" for number in range(100)]
    assert requests.post(url, data="\x1e".join(events), timeout=10).status_code == 200
    answers = requests.get(url, timeout=5).text.split("\x1e")
    assert [json.loads(answer.removeprefix("42/ws/talk,"))[1]["number"] for answer in answers] == [
        *range(100)
    ]
    requests.post(url, data="1", timeout=5)  # and is gone


@pytest.fixture
def come_again(tmp_path):
    """A function that starts a client by itself; it answers a function that tells what it has heard."""
    started = []

    def come_again(house, token, transport):
        heard = tmp_path / transport
        words = (sys.executable, "-m", "tests.realtime.again", house.url, token, transport)
        with heard.open("wb") as output:
            started.append(subprocess.Popen(words, cwd=ROOT, stdout=output, stderr=subprocess.DEVNULL))
        return lambda: heard.read_text().splitlines()

    yield come_again
    for process in started:
        process.kill()
        process.wait()


def test_clients_come_again_by_themselves_when_the_server_ends(build, people, come_again, mode):
    house = build(mode)
    token = people.join().access
    by_socket, by_polling = (come_again(house, token, transport) for transport in ("websocket", "polling"))
    until(lambda: by_socket() and by_polling())
    house.stop()
    build(mode, port=house.port)
    until(lambda: by_socket()[-1].strip() == "echo" and len(by_socket()) > 1)
    assert [line.split() for line in by_socket()] == [["echo"], ["error", "1001"], ["echo"]]
    # who polls may be between two requests when they could be told why
    until(lambda: by_polling().count("echo ") == 2)


def test_a_client_that_does_not_read_is_cut(build, people, opened, mode):
    house = build(mode, PING_S="60", MOST_WAITING="100")
    token = people.join().access
    options = ((SOL_SOCKET, SO_RCVBUF, 4096),)
    slow = opened(Plain(house, "/socket.io/?EIO=4&transport=websocket", sockopt=options))
    slow.ws.send("40/ws/talk," + json.dumps({"token": token, "talk_id": 8}))
    until(lambda: house.state()["counts"] == {"1": 1})
    quick = opened(Namespace(house, "/ws/talk", token, talk_id=8))
    house.post("/flood/talk:8")
    assert [quick.hear()["text"].split()[0] for _ in range(1000)] == [str(n // 50) for n in range(1000)]
    until(lambda: house.state()["counts"] == {"1": 1})
    assert "slow_client_cut" in house.log.read_text()
