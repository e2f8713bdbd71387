"""Messages of a conversation through SkillConnect: sending, reading, correcting, reacting."""

import pytest

from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.public import MessageKind
from tests.api.multitask.test_messaging import send as send_by_multitask
from tests.client import sent_file
from tests.factories.documents import PDF, archive, recording, webm
from tests.factories.messaging import deal_room, said
from tests.factories.people import person, sign_in
from tests.factories.pictures import picture
from tests.query_count import counted_queries

BASE = "/api/v1/messaging/conversations"
NOT_FOUND = (404, {"detail": "Not found."})
NOT_ALLOWED = (403, {"detail": "You do not have permission to perform this action."})
MEGABYTE = 1024 * 1024


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
def stranger(client, app):
    return sign_in(client, person(username="lina"))


@pytest.fixture
def room_id(people):
    return deal_room(*people)


@pytest.fixture
def messages(room_id):
    return f"{BASE}/{room_id}/messages/"


def answered(answer):
    return answer.status_code, answer.json


def send(who, messages, body="Hello"):
    answer = who.post(messages, body if isinstance(body, dict) else {"content": body})
    assert answer.status_code == 201, answer.text
    return answer.json


def send_file(who, messages, data=PDF, name="file.pdf", /, **form):
    return who.send_form("POST", messages, attachment_file=sent_file(data, name), **form)


def test_a_text_is_answered_whole(sara, room_id, messages):
    spoofed = {
        "payment_amount": 20000,
        "payment_status": "paid",
        "id": 99,
        "sender_id": 2,
        "reactions": {"👍": 9},
    }
    sent = send(sara, messages, {"message_type": "text", "content": "  Hello  ", **spoofed})
    assert sent == {
        "id": 1,
        "conversation": room_id,
        "sender_id": sara.user["id"],
        "message_type": "text",
        "content": "Hello",
        "attachment": None,
        "payment_amount": None,
        "payment_status": None,
        "created_at": sent["created_at"],
        "edited_at": None,
        "reactions": {},
    }
    assert len(sent["created_at"]) == len("2025-10-10T11:13:05Z")


def test_a_file_is_for_the_two_by_a_link_that_is_signed(client, sara, omar, messages):
    answer = send_file(sara, messages, PDF, "../My offer.PDF", message_type="file")
    assert answer.status_code == 201
    assert (answer.json["message_type"], answer.json["content"]) == ("file", "")
    shown = answer.json["attachment"]
    assert shown == {
        "id": 1,
        "file": shown["file"],
        "file_name": "My offer.PDF",
        "file_type": "pdf",
        "file_size": len(PDF),
        "thumbnail_url": None,
        "uploaded_at": shown["uploaded_at"],
    }
    assert omar.get(messages).json[0]["attachment"] == shown
    saved = client.get(shown["file"])
    assert (saved.status_code, saved.data, saved.mimetype) == (200, PDF, "application/pdf")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(shown["file"].split("?")[0]).status_code == 404


def test_an_image_has_a_thumbnail(client, sara, messages):
    sent = send_file(sara, messages, picture(), "fence.png", message_type="image", content="As it was").json
    assert (sent["message_type"], sent["content"]) == ("image", "As it was")
    assert sent["attachment"]["file_type"] == "png"
    assert client.get(sent["attachment"]["thumbnail_url"]).mimetype == "image/webp"


@pytest.mark.parametrize(("content", "name"), [(recording(), "a.wav"), (webm(b"A_OPUS"), "a.webm")])
def test_a_voice_message_is_a_sound(sara, messages, content, name):
    sent = send_file(sara, messages, content, name, message_type="voice").json
    assert (sent["message_type"], sent["attachment"]["file_name"]) == ("voice", name)


def test_a_file_that_comes_without_a_type_is_one(sara, messages):
    assert send_file(sara, messages).json["message_type"] == "file"
    assert send_file(sara, messages, message_type="").json["message_type"] == "file"


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, {"content": "required when message_type is 'text'."}),
        ({"content": None}, {"content": "required when message_type is 'text'."}),
        ({"message_type": "text", "content": " \n"}, {"content": "required when message_type is 'text'."}),
        ({"content": "x" * 5001}, {"content": "Ensure this field has no more than 5000 characters."}),
        ({"content": ["x"]}, {"content": "Not a valid string."}),
        ({"content": "\x00"}, {"content": "Null characters are not allowed."}),
        ({"message_type": "file"}, {"attachment_file": "required when message_type is 'file'."}),
        (
            {"message_type": "file", "content": "x"},
            {"attachment_file": "required when message_type is 'file'."},
        ),
        (
            {"message_type": "file", "attachment_file": None},
            {"attachment_file": "required when message_type is 'file'."},
        ),
        ({"message_type": "voice"}, {"attachment_file": "required when message_type is 'voice'."}),
        *(
            (
                {"message_type": said, "content": "x"},
                {"message_type": "Must be 'text', 'file', 'image' or 'voice'."},
            )
            for said in ("payment", "contract", "video", "", 7, ["text"], "x" * 100, "\x00")
        ),
    ],
)
def test_what_is_no_message_is_refused_in_the_words_of_the_document(sara, messages, body, refusal):
    assert answered(sara.post(messages, body)) == (400, refusal)
    assert sara.get(messages).json == []


@pytest.mark.parametrize(
    ("content", "name", "form", "refusal"),
    [
        (b"", "a.pdf", {}, "The submitted file is empty."),
        (PDF + b"x" * 10 * MEGABYTE, "a.pdf", {}, "The file is larger than 10 MB."),
        (b"<html><script>alert(1)</script>", "a.txt", {}, "Upload a document,"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", {}, "Upload a document,"),
        (b"MZ\x90\x00" + b"\0" * 100, "a.pdf", {}, "Upload a document,"),
        (archive("word/vbaProject.bin", "[Content_Types].xml"), "a.docx", {}, "Upload a document,"),
        (picture()[:100], "a.png", {}, "Upload a valid picture"),
        (PDF, "a.pdf", {"message_type": "image"}, "Upload an image."),
        (picture(), "a.wav", {"message_type": "voice"}, "Upload a sound recording."),
        (PDF, "a.pdf", {"message_type": "text", "content": "x"}, "not allowed when message_type is 'text'."),
    ],
)
def test_a_hostile_file_is_refused_at_its_field(sara, messages, content, name, form, refusal):
    status, body = answered(send_file(sara, messages, content, name, **form))
    assert (status, list(body)) == (400, ["attachment_file"])
    assert body["attachment_file"].startswith(refusal)
    assert sara.get(messages).json == []


def test_a_repeated_key_sends_a_file_once(sara, messages):
    answers = [send_file(sara, messages, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert len(sara.get(messages).json) == 1


def test_the_newest_page_comes_first_and_each_goes_from_old_to_new(
    sara, people, room_id, messages, live_server
):
    said(room_id, *people, times=52)
    newest = sara.get(messages)
    assert [message["content"] for message in newest.json] == [str(number) for number in range(3, 53)]
    assert newest.headers["X-Total-Count"] == "52"
    assert newest.headers["Link"] == f'<{live_server}{messages}?page=2>; rel="next"'
    oldest = sara.get(f"{messages}?page=2")
    assert [message["content"] for message in oldest.json] == ["1", "2"]
    assert oldest.headers["Link"] == f'<{live_server}{messages}?page=1>; rel="prev"'
    middle = sara.get(f"{messages}?page=2&page_size=20").headers["Link"]
    assert f'<{live_server}{messages}?page=3&page_size=20>; rel="next"' in middle
    assert f'<{live_server}{messages}?page=1&page_size=20>; rel="prev"' in middle
    assert len(sara.get(f"{messages}?page_size=1000").json) == 52


def test_pages_end(sara, messages):
    nothing = sara.get(messages)
    assert (nothing.json, nothing.headers["X-Total-Count"], nothing.headers.get("Link")) == ([], "0", None)
    for page in ("2", "0", "-1", "x", "9" * 30):
        assert answered(sara.get(f"{messages}?page={page}")) == (404, {"detail": "Invalid page."})


def test_seeing_the_newest_page_marks_what_one_received(sara, omar, room_id, messages, people):
    def unread():
        return messaging.get_conversation(person_id=people[1].id, room_id=room_id).unread_count

    for _ in range(3):
        send(sara, messages)
    sara.get(messages)
    assert unread() == 3
    omar.get(f"{messages}?page=2&page_size=1")
    assert unread() == 3
    omar.get(f"{messages}?page_size=1")
    assert unread() == 0


def test_both_faces_show_the_same_messages(sara, omar, room_id, messages):
    by_multitask = send_by_multitask(omar, f"/api/messaging/conversations/{room_id}", "From MultiTask")
    send_file(sara, messages)
    send_file(sara, messages, content="From SkillConnect")
    shown = omar.get(messages).json
    assert (shown[0]["id"], shown[0]["content"]) == (by_multitask["id"], "From MultiTask")
    conversation = sara.get(f"/api/messaging/conversations/{room_id}/").json
    assert (conversation["task_id"], conversation["last_message"]["content"]) == (None, "From SkillConnect")
    listed = sara.get(f"/api/messaging/conversations/{room_id}/messages/").json["results"]
    assert [message["content"] for message in listed] == ["From MultiTask", "file.pdf", "From SkillConnect"]


def test_in_a_closed_conversation_nothing_more_is_said_through_either_face(sara, people, room_id, messages):
    sent = send(sara, messages)
    messaging.set_active(actor=people[1], room_id=room_id, is_active=False)
    closed = "Conversation is not active."
    assert answered(sara.post(messages, {"content": "x"})) == (400, {"error": closed})
    by_multitask = f"/api/messaging/conversations/{room_id}/messages/send/"
    assert answered(sara.post(by_multitask, {"content": "x"})) == (400, {"detail": closed})
    assert sara.get(messages).json == [sent]
    assert sara.patch(f"{messages}{sent['id']}/", {"content": "y"}).status_code == 200
    assert sara.post(f"{messages}{sent['id']}/react/", {"emoji": "👍"}).status_code == 200


def test_what_the_house_posts_is_shown_as_what_it_is(sara, omar, people, room_id, messages):
    posted = messaging.post(
        sender_id=people[0].id,
        room_id=room_id,
        kind=MessageKind.CONTRACT,
        body="An offer",
        about="contract:9",
    )
    (shown,) = omar.get(messages).json
    assert (shown["id"], shown["message_type"], shown["content"]) == (posted.id, "contract", "An offer")
    assert answered(sara.patch(f"{messages}{posted.id}/", {"content": "x"})) == NOT_ALLOWED


def test_the_sender_corrects_a_text(sara, omar, messages):
    sent = send(sara, messages)
    edited = sara.patch(f"{messages}{sent['id']}/", {"content": " Hello! ", "sender_id": 9})
    assert answered(edited) == (200, {**sent, "content": "Hello!", "edited_at": edited.json["edited_at"]})
    assert edited.json["edited_at"] is not None
    assert omar.get(messages).json == [edited.json]


def test_nobody_else_corrects_it_and_a_file_is_not_corrected(sara, omar, messages):
    sent, file = send(sara, messages), send_file(sara, messages).json
    assert answered(omar.patch(f"{messages}{sent['id']}/", {"content": "x"})) == NOT_ALLOWED
    assert answered(sara.patch(f"{messages}{file['id']}/", {"content": "x"})) == NOT_ALLOWED


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, "This field is required."),
        ({"content": " "}, "This field may not be blank."),
        ({"content": None}, "This field may not be null."),
        ({"content": "x" * 5001}, "Ensure this field has no more than 5000 characters."),
    ],
)
def test_a_correction_needs_words(sara, messages, body, refusal):
    sent = send(sara, messages)
    assert answered(sara.patch(f"{messages}{sent['id']}/", body)) == (400, {"content": refusal})


def test_each_reacts_with_one_emoji(sara, omar, messages):
    message_id = send(sara, messages)["id"]

    def react(who, emoji):
        answer = who.post(f"{messages}{message_id}/react/", {"emoji": emoji})
        assert (answer.status_code, answer.json["id"]) == (200, message_id)
        return answer.json["reactions"]

    assert react(omar, "👍") == {"👍": 1}
    assert react(omar, "👍") == {"👍": 1}
    assert react(sara, "👍") == {"👍": 2}
    assert react(sara, "❤️") == {"👍": 1, "❤️": 1}
    assert sara.get(messages).json[0]["reactions"] == {"👍": 1, "❤️": 1}
    assert react(sara, None) == {"👍": 1}
    assert react(sara, None) == {"👍": 1}


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, "emoji field is required"),
        ({"emoji": ""}, "emoji field is required"),
        ({"emoji": "  "}, "emoji field is required"),
        ({"emoji": 7}, "emoji is not valid"),
        ({"emoji": ["👍"]}, "emoji is not valid"),
        ({"emoji": "ok"}, "emoji is not valid"),
        ({"emoji": "👍" * 17}, "emoji is not valid"),
        ({"emoji": "x" * 5000}, "emoji is not valid"),
        ({"emoji": "\x00"}, "emoji is not valid"),
    ],
)
def test_a_reaction_is_an_emoji(sara, messages, body, refusal):
    message_id = send(sara, messages)["id"]
    assert answered(sara.post(f"{messages}{message_id}/react/", body)) == (400, {"error": refusal})


def test_a_body_that_is_no_object_is_refused(sara, messages):
    message_id = send(sara, messages)["id"]
    for path in (messages, f"{messages}{message_id}/react/"):
        assert answered(sara.post(path, ["👍"])) == (400, {"non_field_errors": "Invalid input type."})


def test_a_stranger_finds_nothing(sara, stranger, people, messages):
    sent = send(sara, messages)
    elsewhere = f"{BASE}/{deal_room(*people)}/messages/"
    for who, there in (
        (stranger, messages),
        (stranger, f"{BASE}/999/messages/"),
        (sara, f"{BASE}/999/messages/"),
    ):
        assert answered(who.get(there)) == NOT_FOUND
        assert answered(who.post(there, {"content": "let me in"})) == NOT_FOUND
        assert answered(send_file(who, there)) == NOT_FOUND
    for who, there in ((stranger, messages), (sara, elsewhere)):
        assert answered(who.patch(f"{there}{sent['id']}/", {"content": "x"})) == NOT_FOUND
        assert answered(who.post(f"{there}{sent['id']}/react/", {"emoji": "👍"})) == NOT_FOUND
    assert sara.get(messages).json == [sent]


def test_whoever_shows_no_token_is_refused(client, messages):
    refusal = (401, {"detail": "Authentication credentials were not provided."})
    for answer in (
        client.get(messages),
        client.post(messages, {"content": "x"}),
        client.patch(f"{messages}1/", {"content": "x"}),
        client.post(f"{messages}1/react/", {"emoji": "👍"}),
    ):
        assert answered(answer) == refusal


@pytest.mark.parametrize("rows", [5, 50])
def test_a_page_costs_the_same_however_long_it_is(sara, people, room_id, messages, rows):
    said(room_id, *people, times=rows)
    send_file(sara, messages)
    with counted_queries() as queries:
        assert len(sara.get(messages).json) == min(rows + 1, 50)
    assert len(queries) == 6
