"""What the benchmark makes of what it measures."""

import asyncio
import itertools
import json
import urllib.parse
from dataclasses import replace

import pytest

from benchmarks import figures, growth, operations
from benchmarks.growth import Cost
from benchmarks.load import ClosedLoop
from benchmarks.processes import Usage
from benchmarks.rooms import Room, Tally
from benchmarks.wire import HttpClient, frame_end, http_request, masked_frame

USED = Usage(server=2.0, database=0.5, redis=0.1, driver=0.2, everything=4.0)


def figure(**changes):
    given = {"done": 1000, "seconds": 4.0, "used": USED, "errors": 0, "yardstick_ms": 5.0}
    return figures.figure(latencies_ms=list(range(1, 101)), **{**given, **changes})


def test_a_figure_is_of_one_request():
    one = figure()
    assert (one.rate, one.p50_ms, one.p99_ms) == (250, 50, 99)
    assert (one.server_ms, one.database_ms, one.redis_ms, one.driver_ms) == (2.0, 0.5, 0.1, 0.2)
    assert one.others_cores == pytest.approx(0.3)
    assert one.cost == pytest.approx(0.5)


def test_what_was_never_done_has_no_figure():
    with pytest.raises(AssertionError, match="with 7 errors"):
        figure(done=0, errors=7)


def test_usage_is_what_came_to_be_used():
    later = Usage(server=3.0, database=1.5, redis=0.1, driver=0.2, everything=6.5)
    assert later - USED == Usage(server=1.0, database=1.0, redis=0.0, driver=0.0, everything=2.5)
    assert (later - USED).others == 0.5
    assert (USED - later).others == 0


def test_a_machine_of_half_the_speed_has_the_same_cost():
    slow = Usage(server=4.0, database=1.0, redis=0.2, driver=0.4, everything=8.0)
    line = list(
        figures.table({"list": figure(seconds=8.0, used=slow, yardstick_ms=10.0)}, {"list": figure()})
    )
    assert line[-1] == "| list | 125 | 50.0 | 99.0 | 0 | 4.000 | 1.000 | 0.500 | 1.00 | 1.00 | 0.3 |"


def test_what_is_new_is_compared_with_nothing():
    *_, line = figures.table({"list": figure(errors=3)}, {})
    assert line == "| list | 250 | 50.0 | 99.0 | 3 | 2.000 | 0.500 | 0.500 |  |  | 0.3 |"


def test_figures_are_kept_and_others_stay(tmp_path):
    path = tmp_path / "results" / "latest.json"
    assert figures.load(path) == {}
    figures.save({"list": figure(), "send": figure(done=500)}, path)
    figures.save({"list": figure(done=2000)}, path)
    assert {name: one.rate for name, one in figures.load(path).items()} == {"list": 500, "send": 125}


def test_growth_is_from_the_smallest_world_to_the_largest():
    worlds = {
        size: {
            "list": Cost(
                p50_ms=5.0 * factor, p95_ms=9.0, cpu_ms=4.0 + factor, yardstick_ms=4.0, yardstick_cpu_ms=3.0
            )
        }
        for size, factor in ((1000, 1), (10, 2), (100, 7))
    }
    assert growth.growth(worlds) == {"list": (0.5, pytest.approx(5 / 6))}
    assert list(growth.table(worlds))[-1].endswith("| 0.50 | 0.83 |")
    worlds[1000]["list"] = replace(worlds[1000]["list"], yardstick_ms=2.0, yardstick_cpu_ms=1.5)
    assert growth.growth(worlds) == {"list": (1.0, pytest.approx(10 / 6))}


def sent(requests):
    for request in requests:
        head, _, body = request.partition(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
        yield method, urllib.parse.urlsplit(path), head.decode(), json.loads(body) if body else None


def test_every_application_is_somebody_elses_or_to_something_else():
    tokens = [f"token{number}" for number in range(100)]
    pairs = []
    for method, url, head, _ in sent(operations.apply(tokens, 1000)):
        pairs.append((url.path, head.partition("Bearer ")[2].split()[0]))
        assert method == "POST"
    assert len(pairs) == len(set(pairs)) == 100 * 500
    tasks = {int(path.split("/")[3]) for path, _ in pairs}
    assert tasks == set(range(2, 1001, 2)), "the open ones"


@pytest.mark.parametrize(
    ("tasks", "most_listed", "most_found"), [(1000, 25, 1), (10_000, 50, 4), (100_000, 50, 5)]
)
def test_pages_that_are_asked_for_are_there(tasks, most_listed, most_found):
    def pages(requests):
        asked = sent(itertools.islice(requests, 300))
        return {int(urllib.parse.parse_qs(url.query)["page"][0]) for _, url, _, _ in asked}

    assert max(pages(operations.listing((), tasks))) == most_listed
    assert max(pages(operations.search((), tasks))) == most_found


@pytest.mark.parametrize("size", [0, 5, 125, 126, 65_535, 65_536])
def test_frames_are_cut_where_they_end(size):
    wide = b"\x7e" + size.to_bytes(2, "big") if size <= 0xFFFF else b"\x7f" + size.to_bytes(8, "big")
    head = bytes((size,)) if size < 126 else wide
    frame = b"\x81" + head + b"x" * size
    assert frame_end(b"before" + frame + b"\x81", 6) == (7 + len(head), 6 + len(frame))
    for short in range(0, len(frame), max(1, len(frame) // 50)):
        assert frame_end(frame[:short], 0) is None


@pytest.mark.parametrize("size", [0, 1, 7, 125, 126, 5000])
def test_frames_of_clients_are_masked(size):
    body = bytes(number % 251 for number in range(size))
    frame = masked_frame(0x1, body)
    wide = 2 if size < 126 else 4
    assert frame[0] == 0x81
    assert frame[1] & 0x80
    mask, hidden = frame[wide : wide + 4], frame[wide + 4 :]
    assert bytes(byte ^ mask[place % 4] for place, byte in enumerate(hidden)) == body
    assert (frame[1] & 0x7F) == min(126, size)


class Transport(asyncio.Transport):
    """Remembers what is written."""

    def __init__(self):
        super().__init__()
        self.written = []

    def write(self, data):
        self.written.append(data)

    def is_closing(self):
        return False


def answer(status, body):
    return f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


def test_a_loop_asks_anew_when_it_was_answered():
    async def run():
        client, transport = HttpClient(), Transport()
        client.connection_made(transport)
        loop = ClosedLoop(iter([http_request("GET", f"/{number}") for number in range(9)]))
        loop.start([client])
        whole = answer(200, "hello")
        for piece in (whole[:9], whole[9:30], whole[30:], answer(404, "no"), answer(201, "")):
            client.data_received(piece)
        assert [one.split()[1] for one in transport.written] == [b"/0", b"/1", b"/2", b"/3"]
        assert (len(loop.latencies_ms), loop.errors) == (2, ["404 b'no'"])
        ending = asyncio.create_task(loop.end())
        await asyncio.sleep(0)
        client.connection_lost(None)
        await ending
        assert loop.errors == ["404 b'no'", "0 b''"]
        assert len(transport.written) == 4, "whoever lost the connection asks no more"

    asyncio.run(run())


class Listener:
    """Somebody in a room, without a socket."""

    def __init__(self, room):
        self.has_heard, self.said = set(), []
        room.members.append(self)

    def speak(self, content):
        self.said.append(int(content.split(":")[1]))


def test_a_message_is_delivered_once_everybody_has_it():
    tally = Tally()
    room = Room(tally, in_flight=2)
    sara, karim, mona = (Listener(room) for _ in range(3))
    room.is_open_ended = True
    room.fill()
    assert sara.said == [1, 2]
    for member in (sara, karim):
        room.heard(member, 1)
    assert (tally.delivered, sara.said) == (1, [1, 2])
    room.heard(mona, 1)
    assert (tally.delivered, sara.said) == (2, [1, 2, 3])
    room.heard(mona, 1)
    assert (tally.delivered, tally.twice) == (2, 1)
    assert room.awaited == {2: 3, 3: 3}
    assert len(tally.latencies_ms) == 2
