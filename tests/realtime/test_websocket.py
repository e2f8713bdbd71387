"""What only plain WebSockets have: close codes after the handshake, raw frames, slow readers."""

import os
import socket
import struct
import time

import pytest
import requests
import websocket

from marketplace.realtime.frames import MAX_FRAME_BYTES
from tests.realtime.conftest import SERVERS, People, Plain, until

pytestmark = pytest.mark.parametrize("mode", SERVERS, indirect=True)


def test_a_wrong_token_is_told_after_the_handshake(house, people, monkeypatch):
    sara = people.join()
    expired = People.short_token(sara, seconds=-1, monkeypatch=monkeypatch)
    for token in (None, "", "nonsense", sara.refresh, sara.access[:-2], expired):
        assert Plain(house, "/ws/talk/2/", token).code() == 4401
    house.post("/sign-out", sara.access)
    assert Plain(house, "/ws/talk/2/", sara.access).code() == 4401


@pytest.mark.parametrize("talk", ["1", "0", "-1", "abc", "9" * 19, "9" * 40, "%00"])
def test_what_is_not_there_is_4404(house, people, talk):
    assert Plain(house, f"/ws/talk/{talk}/", people.join().access).code() == 4404


@pytest.mark.parametrize("desk", ["1", "0", "abc", "9" * 40])
def test_a_channel_may_have_its_own_code_for_what_is_not_theirs(house, people, desk):
    assert Plain(house, f"/ws/desk/{desk}/", people.join().access).code() == 4403
    assert Plain(house, f"/ws/desk/{desk}/", "nonsense").code() == 4401


def test_junk_that_is_too_large_closes_a_forgiving_channel_as_well(house, people, opened):
    client = opened(Plain(house, "/ws/desk/2/", people.join().access))
    assert client.hear()["type"] == "here"
    for junk in ("", "{", "[]", '{"type": 1}', "x" * 1000):
        client.send(junk)
    client.ws.send_binary(os.urandom(1000))
    client.send("é" * 501)
    assert client.code() == 1009


def test_a_token_may_come_in_the_header(house, people, opened):
    token = people.join().access
    client = opened(Plain(house, "/ws/talk/2/", header={"Authorization": f"Bearer {token}"}))
    client.send({"type": "echo"})
    assert client.hear() == {"type": "echo"}


def test_a_frame_sent_before_the_close_is_known_does_not_lose_the_code(house):
    client = Plain(house, "/ws/talk/2/", "nonsense")
    for _ in range(20):
        client.ws.send("x" * 1000)
    assert client.code() == 4401


def test_a_hundred_junk_frames_are_answered_one_by_one_and_the_socket_stays(house, people, opened):
    client = opened(Plain(house, "/ws/talk/2/", people.join().access))
    junk = ["", "{", "null", "[]", '"text"', "1", '{"type": 1}', '{"type": "who"}', "[" * 9000, "{}"]
    for number in range(100):
        if number % 11 == 10:
            client.ws.send_binary(os.urandom(20))
        else:
            client.ws.send(junk[number % 11 % len(junk)])
    for _ in range(100):
        answer = client.hear()
        assert answer["type"] == "error"
        assert answer["detail"]
    client.send({"type": "echo", "still": "here"})
    assert client.hear() == {"type": "echo", "still": "here"}


def test_a_frame_of_the_greatest_size_is_heard_and_a_greater_one_closes_with_1009(house, people):
    client = Plain(house, "/ws/talk/2/", people.join().access)
    frame = '{"type": "echo", "text": "%s"}'
    largest = frame % ("x" * (MAX_FRAME_BYTES - len(frame) + 2))
    assert len(largest) == MAX_FRAME_BYTES
    client.send(largest)
    assert len(client.hear()["text"]) == MAX_FRAME_BYTES - len(frame) + 2
    client.send(frame % ("x" * 10 * MAX_FRAME_BYTES))
    assert client.code() == 1009


def test_a_message_in_pieces_is_one_frame(house, people, opened):
    client = opened(Plain(house, "/ws/talk/2/", people.join().access))
    pieces = ['{"type": "ec', 'ho", "text": "h', "é", '"}']
    for number, piece in enumerate(pieces):
        opcode = websocket.ABNF.OPCODE_CONT if number else websocket.ABNF.OPCODE_TEXT
        is_last = number == len(pieces) - 1
        client.ws.send_frame(websocket.ABNF(int(is_last), 0, 0, 0, opcode, 1, piece.encode()))
    assert client.hear() == {"type": "echo", "text": "hé"}


def test_text_that_is_no_utf8_closes_with_1007(house, people):
    client = Plain(house, "/ws/talk/2/", people.join().access)
    client.ws.send(b"\xff\xfe", websocket.ABNF.OPCODE_TEXT)
    assert client.code() == 1007


def test_a_page_of_another_origin_is_refused_before_the_handshake(house, people):
    token = people.join().access
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        Plain(house, "/ws/talk/2/", token, origin="https://evil.example")
    assert refused.value.status_code == 403
    own = Plain(house, "/ws/talk/2/", token, origin=house.url)
    own.send({"type": "echo"})
    assert own.hear() == {"type": "echo"}
    own.close()


def test_compression_is_not_agreed_to(house, people, opened):
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate"}
    client = opened(Plain(house, "/ws/talk/2/", people.join().access, header=offer))
    assert "sec-websocket-extensions" not in client.ws.getheaders()
    client.send({"type": "echo"})
    assert client.hear() == {"type": "echo"}


def test_an_ordinary_request_is_no_websocket(house):
    assert requests.get(f"{house.url}/ws/talk/2/", timeout=5).status_code == 400


def test_a_token_reaches_no_log(house, people, opened):
    sara = people.join()
    client = opened(Plain(house, "/ws/talk/2/", sara.access))
    client.send({"type": "echo"})
    client.hear()
    client.close()
    assert Plain(house, "/ws/talk/1/", sara.access).code() == 4404
    requests.get(f"{house.url}/ws/talk/2/?token={sara.access}", timeout=5)
    time.sleep(0.2)
    assert sara.access.rsplit(".", 1)[1] not in house.log.read_text()


def test_a_dead_client_is_noticed_and_no_longer_present(build, people, mode):
    house = build(mode, PING_S="1")
    client = Plain(house, "/ws/talk/2/", people.join().access)
    until(lambda: house.state()["online"] == [1])
    # Nothing answers the pings from here on: the client is there, and reads nothing.
    until(lambda: house.state()["online"] == [])
    client.ws.shutdown()


def test_a_client_that_vanishes_leaves_at_once(house, people):
    client = Plain(house, "/ws/talk/2/", people.join().access)
    until(lambda: house.state()["online"] == [1])
    client.ws.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.ws.sock.close()
    until(lambda: house.state()["online"] == [])


def test_a_client_that_does_not_read_holds_nobody_up_and_is_cut(build, people, opened, mode):
    house = build(mode, PING_S="60")
    token = people.join().access
    options = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),)
    slow = [Plain(house, "/ws/talk/8/", token, sockopt=options) for _ in range(3)]
    quick = opened(Plain(house, "/ws/talk/8/", token))
    worst_s = 0.0
    for number in range(200):
        started = time.monotonic()
        quick.send({"type": "say", "text": f"{number} " + "x" * 40_000})
        assert quick.hear()["text"].startswith(f"{number} ")
        worst_s = max(worst_s, time.monotonic() - started)
    assert worst_s < 1
    until(lambda: house.state()["counts"] == {"1": 1})
    assert "slow_client_cut" in house.log.read_text()
    for client in slow:
        client.ws.shutdown()


def test_a_server_that_ends_says_so(build, people, mode):
    house = build(mode)
    client = Plain(house, "/ws/talk/2/", people.join().access)
    client.send({"type": "echo"})
    client.hear()
    house.process.terminate()
    assert client.code() == 1001
    house.process.wait(10)
