"""The chat channel: who is there, who writes, and what is said, over both transports."""

import pytest

from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.public import MessageKind
from marketplace.realtime import presence
from tests.api.skillconnect.lines import PlainLine, SocketioLine, everybody_has_left, lines, until
from tests.api.skillconnect.test_messages import send, send_file
from tests.factories.messaging import deal_room
from tests.factories.people import person, sign_in

WITHIN_S = 10
MOST_BYTES = 16 * 1024


@pytest.fixture
def people(app):
    return [person(username="sara"), person(username="omar")]


@pytest.fixture
def sara(client, people):
    return sign_in(client, people[0])


@pytest.fixture
def omar(client, people):
    return sign_in(client, people[1])


@pytest.fixture
def room_id(people):
    return deal_room(*people)


@pytest.fixture
def messages(room_id):
    return f"/api/v1/messaging/conversations/{room_id}/messages/"


@pytest.fixture(params=["plain", "socketio"])
def transport(request):
    return request.param


@pytest.fixture
def come(transport, live_server):
    """Come to a conversation over the transport at hand; everybody has left when the test ends."""
    with lines() as keep:

        def come(who, conversation_id):
            if transport == "plain":
                return keep(PlainLine(live_server, f"/ws/messaging/chat/{conversation_id}/", who.token))
            place = {"conversation_id": conversation_id}
            return keep(SocketioLine(live_server, "/ws/messaging/chat", who.token, **place))

        yield come
    until(everybody_has_left)


def here(room_id, who, status="online"):
    return {"type": "presence", "conversation_id": room_id, "user_id": who.user["id"], "status": status}


@pytest.fixture
def talk(come, sara, omar, room_id):
    """Sara and Omar, both there, and both told of it."""
    hers = come(sara, room_id)
    assert hers.hear() == here(room_id, sara)
    his = come(omar, room_id)
    assert hers.hear() == here(room_id, omar)
    heard = [his.hear(), his.hear()]
    assert sorted(heard, key=lambda frame: frame["user_id"]) == [here(room_id, sara), here(room_id, omar)]
    return hers, his


def test_a_message_reaches_everybody_there_whole(talk, sara, messages):
    sent = send(sara, messages)
    assert [line.hear() for line in talk] == [sent, sent]
    file = send_file(sara, messages).json
    assert [line.hear()["attachment"]["id"] for line in talk] == [file["attachment"]["id"]] * 2


def test_who_writes_is_told_to_the_others_whatever_the_frame_says_of_them(talk, come, sara, omar, room_id):
    hers, his = talk
    her_other = come(sara, room_id)
    assert her_other.hear() == here(room_id, omar)
    claim = {"type": "typing", "conversation_id": 999, "user_id": omar.user["id"], "typing": True}
    hers.say(claim)
    typing = {"type": "typing", "conversation_id": room_id, "user_id": sara.user["id"], "typing": True}
    assert his.hear() == her_other.hear() == typing
    her_other.say({"type": "typing", "typing": False})
    assert his.hear() == hers.hear() == {**typing, "typing": False}


def test_corrections_and_reactions_are_told(talk, sara, omar, messages):
    sent = send(sara, messages)
    edited = sara.patch(f"{messages}{sent['id']}/", {"content": "Hi!"}).json
    omar.post(f"{messages}{sent['id']}/react/", {"emoji": "👍"})
    for line in talk:
        assert line.hear() == sent
        assert line.hear() == {
            "type": "message_edited",
            "id": sent["id"],
            "content": "Hi!",
            "edited_at": edited["edited_at"],
        }
        assert line.hear() == {"type": "reaction", "id": sent["id"], "reactions": {"👍": 1}}


def test_news_is_shown_anew_when_what_it_tells_of_changes(talk, people, sara, room_id, messages):
    news = {"kind": MessageKind.PAYMENT, "body": "Final payment", "about": "payment_request:21"}
    messaging.post(sender_id=people[0].id, room_id=room_id, **news)
    (shown,) = sara.get(messages).json
    messaging.tell_updated(["payment_request:21"])
    for line in talk:
        assert line.hear() == shown
        assert line.hear() == {**shown, "type": "message_updated"}


def test_presence_is_of_this_conversation_from_the_first_socket_to_the_last(
    come, sara, omar, people, room_id
):
    elsewhere = deal_room(*people)
    his = come(omar, elsewhere)
    assert his.hear() == here(elsewhere, omar)
    hers = come(sara, room_id)
    assert hers.hear() == here(room_id, sara)
    first = come(omar, room_id)
    assert hers.hear() == here(room_id, omar)
    second = come(omar, room_id)
    assert second.hear() == here(room_id, sara)
    first.leave()
    second.say({"type": "typing", "typing": True})
    assert hers.hear()["type"] == "typing"
    second.leave()
    assert hers.hear() == here(room_id, omar, "offline")
    his.say({"type": "typing", "typing": True})
    come(sara, elsewhere)
    assert his.hear() == here(elsewhere, sara)


def test_what_reaches_an_open_socket_is_read(talk, omar, sara, people, room_id, messages):
    hers, his = talk

    def unread(who):
        return messaging.get_conversation(person_id=who.id, room_id=room_id).unread_count

    send(sara, messages)
    his.hear()
    until(lambda: unread(people[1]) == 0)
    his.leave()
    until(lambda: presence.online([people[1].id]) == set())
    send(sara, messages)
    send(omar, messages)
    assert (unread(people[1]), unread(people[0])) == (1, 0)
    assert hers.hear() == sara.get(messages).json[0]


@pytest.mark.parametrize("through", ["multitask", "skillconnect"])
def test_a_message_reaches_the_sockets_of_both_faces(talk, live_server, sara, room_id, messages, through):
    with lines() as keep:
        theirs = keep(PlainLine(live_server, f"/ws/chat/{room_id}/", sara.token))
        theirs.say({"type": "watch"})
        assert theirs.hear()["type"] == "presence"
        if through == "multitask":
            theirs.say({"type": "chat_message", "message": "Hello"})
        else:
            send(sara, messages)
        (sent,) = until(lambda: sara.get(messages).json)
        assert [line.hear() for line in talk] == [sent, sent]
        told = theirs.hear()
        assert (told["type"], told["message"]["id"], told["message"]["content"]) == (
            "chat_message",
            sent["id"],
            "Hello",
        )


def test_frames_that_make_no_sense_are_passed_over(talk, transport, room_id, sara):
    hers, his = talk
    nonsense = [
        {"type": "typing"},
        {"type": "typing", "typing": "yes"},
        {"type": "typing", "typing": None},
        {"type": "message", "content": "not by socket"},
        {"type": "presence", "user_id": 2, "status": "offline"},
        {"type": "typing", "typing": True, "text": "\x00"},
    ]
    if transport == "plain":
        nonsense += ["", "{", "[]", "null", '{"type": 7}', '{"typing": true}', "[" * 5000]
    for frame in nonsense:
        hers.say(frame)
    hers.say({"type": "typing", "typing": True})
    assert his.hear()["user_id"] == sara.user["id"]
    his.say({"type": "typing", "typing": False})
    assert hers.hear()["typing"] is False


def test_a_frame_of_more_than_16_kilobytes_closes(come, sara, room_id):
    line = come(sara, room_id)
    line.say({"type": "typing", "typing": True, "text": "x" * (MOST_BYTES - 100)})
    line.say({"type": "typing", "typing": True, "text": "x" * MOST_BYTES})
    assert line.code() == 1009


@pytest.mark.parametrize("conversation", ["999", "0", "-1", "abc", "9" * 40])
def test_what_is_not_there_is_4403(come, sara, conversation):
    assert come(sara, conversation).code() == 4403


def test_whoever_is_not_of_the_conversation_is_4403_and_learns_nothing(come, client, talk, sara, messages):
    stranger = come(sign_in(client, person(username="lina")), int(messages.split("/")[5]))
    assert stranger.code() == 4403
    sent = send(sara, messages)
    assert talk[0].hear() == sent


def test_whoever_has_put_it_away_is_4403(come, sara, people, room_id):
    messaging.archive(actor=people[0], room_id=room_id)
    assert come(sara, room_id).code() == 4403


@pytest.mark.parametrize("token", ["", "nonsense", None])
def test_a_bad_token_is_4401(come, sara, room_id, token):
    sara.token = sara.token[:-3] if token is None else token
    assert come(sara, room_id).code() == 4401


def test_signing_out_closes_it(come, sara, room_id):
    line = come(sara, room_id)
    line.hear()
    sara.post("/api/auth/logout/")
    assert line.code() == 4401
