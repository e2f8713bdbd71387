"""What holds for plain WebSockets and Socket.IO alike, under both kinds of server."""

import time

import requests

from marketplace.realtime.mount import Pace
from tests.realtime.conftest import Namespace, People, Plain, until

BURST = Pace.frames_burst


def test_a_frame_is_answered_to_its_sender(house, people, connect):
    client = connect(house, 2, people.join().access)
    client.send({"type": "echo", "n": 1})
    assert client.hear() == {"type": "echo", "n": 1}


def test_frames_are_answered_in_their_order(house, people, connect):
    client = connect(house, 2, people.join().access)
    for number in range(100):
        client.send({"type": "echo", "n": number})
    assert [client.hear()["n"] for _ in range(100)] == list(range(100))


def test_a_flood_is_answered_by_errors_until_it_ebbs(house, people, connect):
    client = connect(house, 2, people.join().access)
    for number in range(3 * BURST):
        client.send({"type": "echo", "n": number})
    answers = [client.hear() for _ in range(3 * BURST)]
    refused = [answer for answer in answers if answer["type"] == "error"]
    assert all(answer == {"type": "echo", "n": number} for number, answer in enumerate(answers[:BURST]))
    assert refused
    assert refused[0] == {"type": "error", "detail": "Too many frames: slow down."}
    time.sleep(0.2)
    client.send({"type": "echo", "n": -1})
    assert client.hear() == {"type": "echo", "n": -1}


def test_a_refused_frame_is_answered_by_an_error_and_the_connection_stays(house, people, connect):
    client = connect(house, 2, people.join().access)
    client.send({"type": "refuse"})
    assert client.hear() == {"type": "error", "detail": "Not like that."}
    client.send({"type": "nonsense"})
    assert client.hear() == {"type": "error", "detail": "This channel hears no frame of that type."}
    client.send({"type": "echo", "text": "\x00"})
    assert client.hear() == {"type": "error", "detail": "Text may not contain NUL."}
    client.send({"type": "echo"})
    assert client.hear() == {"type": "echo"}


def test_a_failure_of_ours_closes_with_1011_and_says_nothing_of_it(house, people, connect):
    client = connect(house, 2, people.join().access)
    client.send({"type": "fail"})
    assert client.code() == 1011
    assert "made to fail" in house.log.read_text()


def test_a_channel_may_close(house, people, connect):
    client = connect(house, 2, people.join().access)
    client.send({"type": "leave"})
    assert client.code() == 1000


def test_everybody_in_a_room_hears_over_both_transports_in_both_processes(houses, people, opened):
    token = people.join().access
    clients = [opened(Plain(house, "/ws/talk/4/", token)) for house in houses]
    clients += [opened(Namespace(house, "/ws/talk", token, talk_id=4)) for house in houses]
    elsewhere = opened(Plain(houses[0], "/ws/talk/6/", token))
    for number, sender in enumerate(clients):
        sender.send({"type": "say", "text": str(number)})
        for client in clients:
            assert client.hear() == {"type": "said", "by": "person1", "text": str(number)}
    elsewhere.send({"type": "echo"})
    assert elsewhere.hear() == {"type": "echo"}


def test_a_session_that_ends_closes_its_sockets_everywhere_within_a_second(houses, people, opened):
    sara, omar = people.join(), people.join()
    hers = [opened(Plain(house, "/ws/talk/2/", sara.access)) for house in houses]
    hers += [opened(Namespace(house, "/ws/talk", sara.access, talk_id=2)) for house in houses]
    his = opened(Plain(houses[1], "/ws/talk/2/", omar.access))
    started = time.monotonic()
    houses[0].post("/sign-out", sara.access)
    assert [client.code() for client in hers] == [4401] * 4
    assert time.monotonic() - started < 1
    his.send({"type": "echo"})
    assert his.hear() == {"type": "echo"}


def test_a_connection_ends_when_its_token_expires(house, people, connect, monkeypatch):
    token = People.short_token(people.join(), seconds=2, monkeypatch=monkeypatch)
    client = connect(house, 2, token)
    client.send({"type": "echo"})
    assert client.hear() == {"type": "echo"}
    started = time.monotonic()
    assert client.code() == 4408
    assert time.monotonic() - started < 2.5


def test_idle_connections_hold_no_database_connection(house, people, connect):
    token = people.join().access
    clients = [connect(house, 2, token) for _ in range(8)]
    for client in clients:
        client.send({"type": "echo"})
        assert client.hear() == {"type": "echo"}
    assert house.state()["connections_of_database"] == 0


def test_each_face_says_its_own_frames_where_two_share_a_path(house, people, opened):
    mine, other = people.join(face="multitask"), people.join(face="other")
    plain = opened(Plain(house, "/ws/news/", other.access))
    plain.send({"event": "hello"})
    assert plain.hear() == {"event": "heard", "what": "hello"}
    named = opened(Namespace(house, "/ws/news", mine.access))
    until(lambda: house.state()["online"] == [1, 2])
    requests.post(f"{house.url}/push/multitask.news:1", timeout=5)
    requests.post(f"{house.url}/push/other.news:2", timeout=5)
    assert named.hear()["text"] == "over HTTP"
    assert plain.hear()["text"] == "over HTTP"


def test_a_deaf_channel_ignores_whatever_it_is_told(house, people, opened):
    client = opened(Plain(house, "/ws/news/", people.join().access))
    for message in ("junk", "[]", '{"type": "x"}'):
        client.send(message)
    until(lambda: house.state()["online"] == [1])
    requests.post(f"{house.url}/push/multitask.news:1", timeout=5)
    assert client.hear()["text"] == "over HTTP"


def test_who_comes_is_greeted_once_they_can_hear(houses, people, approach):
    sara, omar = people.join(), people.join()
    hers = approach(houses[0], 2, sara.access)
    assert hers.hear()["type"] == "here"
    until(lambda: houses[1].state()["online"] == [1])
    assert 1 in approach(houses[1], 2, omar.access).hear()["others"]
    assert 1 not in approach(houses[1], 4, omar.access).hear()["others"]


def test_a_push_may_leave_out_one_connection(houses, people, approach):
    token = people.join().access
    clients = [approach(house, 2, token) for house in (houses[0], houses[0], houses[1])]
    for client in clients:
        assert client.hear()["type"] == "here"
    clients[0].send({"type": "tell", "text": "from the first"})
    for client in clients[1:]:
        assert client.hear()["text"] == "from the first"
    clients[1].send({"type": "tell", "text": "from the second"})
    assert clients[0].hear()["text"] == "from the second"


def test_a_forgiving_channel_passes_over_what_makes_no_sense(house, people, approach):
    client, other = (approach(house, 2, people.join().access) for _ in range(2))
    for one in (client, other):
        one.hear()
    for frame in ({"type": "nonsense"}, {"type": "tell", "text": "\x00"}):
        client.send(frame)
    client.send({"type": "tell", "text": "sense"})
    assert other.hear()["text"] == "sense"
    other.send({"type": "tell", "text": "sense, too"})
    assert client.hear()["text"] == "sense, too"


def test_a_channel_may_bound_its_frames(house, people, approach):
    client = approach(house, 2, people.join().access)
    client.hear()
    client.send({"type": "tell", "text": "x" * 900})
    client.send({"type": "tell", "text": "x" * 1000})
    assert client.code() == 1009


def test_a_channel_may_outlive_its_token_but_not_its_session(house, people, approach, connect, monkeypatch):
    sara = people.join()
    token = People.short_token(sara, seconds=1, monkeypatch=monkeypatch)
    client, ordinary = approach(house, 2, token), connect(house, 2, token)
    assert ordinary.code() == 4408
    house.post("/sign-out", sara.access)
    assert client.code() == 4401


def test_presence_counts_over_processes_and_transports(houses, people, opened):
    token = people.join().access
    first = opened(Plain(houses[0], "/ws/talk/2/", token))
    second = opened(Namespace(houses[1], "/ws/talk", token, talk_id=2))
    until(lambda: all(house.state()["counts"] == {"1": 2} for house in houses))
    first.close()
    until(lambda: all(house.state()["counts"] == {"1": 1} for house in houses))
    second.close()
    until(lambda: all(house.state()["online"] == [] for house in houses))
