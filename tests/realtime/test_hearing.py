"""What one plain WebSocket has heard is heard together with what comes right after it."""

import socket
import threading
import time
from types import SimpleNamespace

import pytest

from marketplace.kernel import combining
from marketplace.realtime import websocket
from marketplace.realtime.websocket import PlainLink

LONG_S = 5


class Accepted:
    """A socket as simple-websocket accepts it, of which the test is the reader."""

    def __init__(self, sock):
        self.sock = sock
        self.event = threading.Event()
        self.input_buffer = []
        self.ping_interval = None
        self.connected = True
        self.thread = SimpleNamespace(is_alive=lambda: True)

    def read(self, *frames):
        self.input_buffer += frames
        self.event.set()

    def end(self):
        self.connected = False
        self.event.set()


@pytest.fixture
def accepted():
    near, far = socket.socketpair()
    with near, far:
        yield Accepted(near)


def converse(accepted, answers, first=("one", "two", "three")):
    """What was heard together: to each of them something follows, by another thread, and at last the end."""
    heard, following = [], []

    def hear(frames):
        heard.append([*frames])
        answer = answers.pop(0) if answers else accepted.end
        following.append(threading.Thread(target=answer))
        following[-1].start()

    accepted.read(*first)
    PlainLink(accepted).converse(hear)
    for thread in following:
        thread.join()
    return heard


def test_who_said_several_things_is_waited_for(accepted, monkeypatch):
    monkeypatch.setattr(websocket, "GATHER_S", LONG_S)

    def ask_again():
        accepted.read("four")
        time.sleep(0.05)
        accepted.read("five")
        accepted.read("six", "seven")

    started = time.monotonic()
    assert converse(accepted, [ask_again]) == [["one", "two", "three"], ["four", "five", "six", "seven"]]
    assert time.monotonic() - started < LONG_S / 2


def test_nobody_is_waited_for_longer_than_a_moment(accepted):
    started = time.monotonic()
    heard = converse(accepted, [lambda: accepted.read("four")])
    assert heard == [["one", "two", "three"], ["four"]]
    assert time.monotonic() - started < 1
    assert websocket.GATHER_S == combining.GATHER_S < 0.01


def test_who_said_one_thing_is_not_waited_for(accepted, monkeypatch):
    monkeypatch.setattr(websocket, "GATHER_S", LONG_S)
    started = time.monotonic()
    heard = converse(accepted, [lambda: accepted.read("two")] * 3, first=["one"])
    assert heard == [["one"], ["two"], ["two"], ["two"]]
    assert time.monotonic() - started < 1
