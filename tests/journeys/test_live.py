"""Who writes, and who is there: what a chat shows beside its messages, to those who ask for it."""

import pytest

from tests.journeys.people import Somebody, eventually


@pytest.fixture(params=["running_house", "threaded_house"])
def url(request):
    """A house on eventlet, then one on threads."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def pair(url):
    """Two people and their conversation."""
    sara, omar = Somebody.joins(url, "client", "sara"), Somebody.joins(url, "freelancer", "omar")
    body = {"participant_id": omar.id}
    return sara, omar, sara.post("/api/messaging/conversations/create/", body, expect=201)["id"]


def test_who_watches_sees_the_other_come_write_and_go(pair):
    sara, omar, chat = pair
    with sara.on_websocket(f"/ws/chat/{chat}/") as hers:
        hers.say({"type": "watch"})
        assert hers.hear("presence") == {"type": "presence", "user_id": omar.id, "is_online": False}
        with omar.on_socketio("/ws/chat", conversation_id=chat) as his:
            assert hers.hear("presence") == {"type": "presence", "user_id": omar.id, "is_online": True}
            his.say({"type": "watch"})
            assert his.hear("presence") == {"type": "presence", "user_id": sara.id, "is_online": True}
            his.say({"type": "typing"})
            typing = {"type": "typing", "user_id": omar.id, "username": omar.username, "is_typing": True}
            assert hers.hear("typing") == typing
            his.say({"type": "typing", "is_typing": False})
            assert hers.hear("typing") == typing | {"is_typing": False}
        assert hers.hear("presence") == {"type": "presence", "user_id": omar.id, "is_online": False}


def test_who_does_not_watch_hears_only_what_is_documented(pair):
    sara, omar, chat = pair
    with sara.on_websocket(f"/ws/chat/{chat}/") as hers, omar.on_websocket(f"/ws/chat/{chat}/") as his:
        his.say({"type": "watch"})
        his.hear("presence")
        his.say({"type": "typing"})
        his.hear("typing")
        his.say({"type": "chat_message", "message": "Good morning"})
        assert hers.hear_any()["type"] == "chat_message"


@pytest.mark.parametrize(
    ("frame", "field"),
    [
        ({"type": "chat_message"}, "message"),
        ({"type": "chat_message", "message": ""}, "message"),
        ({"type": "chat_message", "message": "  \n "}, "message"),
        ({"type": "chat_message", "message": "x" * 5001}, "message"),
        ({"type": "chat_message", "message": {"content": "x"}}, "message"),
        ({"type": "chat_message", "content": 5}, "content"),
        ({"type": "chat_message", "message": "x", "client_msg_id": "y" * 65}, "client_msg_id"),
        ({"type": "resume"}, "last_seq"),
        ({"type": "resume", "last_seq": -1}, "last_seq"),
        ({"type": "resume", "last_seq": "1"}, "last_seq"),
        ({"type": "typing", "is_typing": "maybe"}, "is_typing"),
    ],
)
def test_a_frame_that_makes_no_sense_is_refused_and_the_socket_stays(pair, frame, field):
    sara, _, chat = pair
    with sara.on_websocket(f"/ws/chat/{chat}/") as hers:
        hers.say(frame)
        assert hers.hear_any()["detail"].startswith(f"{field}: ")
        hers.say({"type": "chat_message", "message": "Still here"})
        assert hers.hear_any()["message"]["content"] == "Still here"


def test_what_is_said_in_one_breath_is_heard_in_its_order_and_nonsense_is_refused_in_its_place(pair):
    sara, omar, chat = pair
    with sara.on_websocket(f"/ws/chat/{chat}/") as hers, omar.on_websocket(f"/ws/chat/{chat}/") as his:
        for line in (hers, his):
            line.say({"type": "watch"})
            line.hear("presence")
        for number in range(12):
            hers.say({"type": "chat_message", "message": f"Number {number}" if number != 5 else ""})
        hers.say({"type": "chat_message", "message": "Named", "client_msg_id": "a"})
        said = [f"Number {number}" for number in range(12) if number != 5] + ["Named"]
        heard = [his.hear("chat_message")["message"] for _ in said]
        assert [message["content"] for message in heard] == said
        assert [message["seq"] for message in heard] == list(range(heard[0]["seq"], heard[0]["seq"] + 12))
        assert hers.hear("error")["detail"].startswith("message: ")


def test_another_conversation_tells_nothing(url, pair):
    sara, omar, chat = pair
    mallory = Somebody.joins(url, "both", "mallory")
    other = mallory.post("/api/messaging/conversations/create/", {"participant_id": sara.id}, expect=201)
    with (
        mallory.on_websocket(f"/ws/chat/{other['id']}/") as hers,
        omar.on_websocket(f"/ws/chat/{chat}/") as his,
    ):
        hers.say({"type": "watch"})
        hers.hear("presence")
        his.say({"type": "typing"})
        his.say({"type": "chat_message", "message": "Between us"})
        his.hear("chat_message")
        hers.say({"type": "chat_message", "message": "Hello?"})
        assert eventually(hers.hear_any)["message"]["content"] == "Hello?"


def test_the_other_face_tells_of_the_same_conversation_in_its_own_frames(pair):
    sara, omar, chat = pair
    messages = f"/api/v1/messaging/conversations/{chat}/messages/"
    here = {"type": "presence", "conversation_id": chat, "user_id": omar.id, "status": "online"}
    with (
        sara.on_websocket(f"/ws/chat/{chat}/") as multitask,
        sara.on_websocket(f"/ws/messaging/chat/{chat}/") as hers,
    ):
        assert hers.hear("presence") == here | {"user_id": sara.id}
        with omar.on_socketio("/ws/messaging/chat", conversation_id=chat) as his:
            assert hers.hear("presence") == here
            his.say({"type": "typing", "typing": True})
            typing = {"type": "typing", "conversation_id": chat, "user_id": omar.id, "typing": True}
            assert hers.hear("typing") == typing
            sent = omar.post(messages, {"content": "Saturday at nine?"}, expect=201)
            assert hers.hear(None) == his.hear(None) == sent
            assert multitask.hear_any()["message"]["content"] == "Saturday at nine?"
            sara.post(f"{messages}{sent['id']}/react/", {"emoji": "👍"})
            assert his.hear("reaction") == {"type": "reaction", "id": sent["id"], "reactions": {"👍": 1}}
        assert hers.hear("presence") == here | {"status": "offline"}
