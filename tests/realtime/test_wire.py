"""The wire: what several threads write arrives whole and in order, and who writes for others never waits."""

import socket
import threading
import time
from functools import partial

import pytest

from marketplace.realtime.wire import Wire
from tests.realtime.conftest import until

PIECE = b"x" * 1_000_000


@pytest.fixture
def ends():
    near, far = socket.socketpair()
    far.settimeout(5)
    with near, far:
        yield near, far


@pytest.fixture
def wire(ends):
    return Wire(ends[0], is_full=lambda: False, on_end=lambda: None)


def read(far, size):
    arrived = b""
    while len(arrived) < size:
        arrived += far.recv(size - len(arrived))
    return arrived


def test_what_fits_is_sent_by_who_pushes_it(wire, ends):
    assert wire.push(b"one") is True
    assert wire.push(b"two") is True
    assert wire.queued_bytes == 0
    assert read(ends[1], 6) == b"onetwo"


def test_what_does_not_fit_waits_for_the_owner_and_keeps_its_place(wire, ends):
    started = time.monotonic()
    assert wire.push(PIECE) is False
    assert wire.push(b"second") is False
    assert time.monotonic() - started < 1
    assert 6 < wire.queued_bytes < len(PIECE) + 6
    owner = threading.Thread(target=partial(wire.send, b"third"))
    owner.start()
    assert read(ends[1], len(PIECE) + 11) == PIECE + b"secondthird"
    owner.join(5)
    assert wire.queued_bytes == 0


def test_nobody_pushes_into_what_another_is_writing(wire, ends):
    owner = threading.Thread(target=partial(wire.send, PIECE))
    owner.start()
    until(lambda: ends[1].recv(1, socket.MSG_PEEK))
    assert wire.push(b"meanwhile") is False
    assert read(ends[1], len(PIECE)) == PIECE
    owner.join(5)
    wire.send()
    assert read(ends[1], 9) == b"meanwhile"


def test_many_who_write_at_once_tear_nothing_apart(wire, ends):
    def write(number):
        for turn in range(200):
            piece = bytes([number]) * 5000
            if turn % 2 or not wire.push(piece):
                wire.send(b"" if turn % 2 == 0 else piece)

    writers = [threading.Thread(target=partial(write, number)) for number in range(4)]
    for writer in writers:
        writer.start()
    arrived = read(ends[1], 4 * 200 * 5000)
    for writer in writers:
        writer.join(5)
    pieces = [arrived[at : at + 5000] for at in range(0, len(arrived), 5000)]
    assert all(len({*piece}) == 1 for piece in pieces)


def test_nothing_is_pushed_to_who_has_gone(wire, ends):
    ends[1].close()
    assert wire.push(b"anybody there?") is False
    with pytest.raises(OSError, match="pipe"):
        wire.send()
