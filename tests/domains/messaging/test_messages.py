"""Files in messages, news that the house posts, new words, reactions."""

import pytest
import sqlalchemy as sa

from marketplace.domains.files.public import Purpose, Upload, Visibility
from marketplace.domains.messaging import errors
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.events import MessageEdited, MessageSent, MessageUpdated, ReactionChanged
from marketplace.domains.messaging.public import MessageKind
from marketplace.kernel.database import database
from marketplace.kernel.errors import NotFound
from marketplace.kernel.pages import PageRequest
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers.storage import storage
from tests.factories.documents import PDF, recording
from tests.factories.people import person
from tests.factories.pictures import picture
from tests.facts import facts_of
from tests.query_count import counted_queries
from tests.together import together


def upload(content=PDF, name="offer.pdf"):
    return Upload(field="attachment_file", name=name, content=content)


def blobs():
    return {key for chunk in storage.listed() for key, _ in chunk}


def react(who, message, emoji):
    return messaging.react(actor=who, room_id=message.room_id, message_id=message.id, emoji=emoji).reactions


@pytest.fixture
def message(sara, room_id):
    return messaging.send(actor=sara, room_id=room_id, body="hello")


class TestFiles:
    @pytest.mark.parametrize(
        ("kind", "content", "name"),
        [
            (MessageKind.FILE, PDF, "offer.pdf"),
            (MessageKind.IMAGE, picture(), "fence.png"),
            (MessageKind.VOICE, recording(), "hello.wav"),
        ],
    )
    def test_a_file_is_kept_for_the_people_of_the_room(self, sara, room_id, kind, content, name):
        sent = messaging.send(
            actor=sara, room_id=room_id, kind=kind, body="as agreed", upload=upload(content, name)
        )
        assert (sent.kind, sent.body, sent.in_words) == (kind, "as agreed", "as agreed")
        assert (sent.file.name, sent.file.owner_id) == (name, sara.id)
        assert (sent.file.purpose, sent.file.visibility) == (Purpose.ATTACHMENT, Visibility.PRIVATE)
        assert sent.file.is_picture == (kind is MessageKind.IMAGE)
        assert messaging.get_message(sent.id) == sent

    def test_without_a_caption_its_name_stands_for_it(self, sara, room_id):
        sent = messaging.send(actor=sara, room_id=room_id, kind=MessageKind.FILE, body="", upload=upload())
        assert sent.in_words == "offer.pdf"

    def test_a_stranger_stores_nothing(self, room_id):
        before = blobs()
        with pytest.raises(errors.RoomNotFound):
            messaging.send(actor=person(), room_id=room_id, kind=MessageKind.FILE, body="", upload=upload())
        assert blobs() == before

    def test_what_is_no_image_is_not_sent_as_one(self, sara, room_id):
        with pytest.raises(errors.AttachmentUnfit):
            messaging.send(actor=sara, room_id=room_id, kind=MessageKind.IMAGE, body="", upload=upload())
        assert messaging.require_member(person_id=sara.id, room_id=room_id) == 0

    def test_the_database_lets_no_file_go_without_a_message_of_its_kind(self, message):
        for change in ("kind = 'file'", "kind = 'contract'", "about = 'contract:9'"):
            with database.autocommit.connect() as connection, pytest.raises(sa.exc.IntegrityError):
                connection.execute(sa.text(f"UPDATE messages SET {change}"))


class TestNews:
    def test_the_house_posts_on_behalf_of_somebody(self, sara, omar, deal_room_id):
        news = {"kind": MessageKind.PAYMENT, "body": "Final payment", "about": "payment_request:21"}
        posted = messaging.post(sender_id=omar.id, room_id=deal_room_id, **news)
        assert (posted.kind, posted.sender.id, posted.about) == (MessageKind.PAYMENT, omar.id, news["about"])
        assert (posted.seq, posted.file) == (1, None)
        assert messaging.get_conversation(person_id=sara.id, room_id=deal_room_id).unread_count == 1
        assert [fact.message_id for fact in facts_of(MessageSent)] == [posted.id]

    def test_it_is_posted_with_what_it_tells_of_or_not_at_all(self, sara, deal_room_id):
        news = {"kind": MessageKind.CONTRACT, "body": "Offer", "about": "contract:9"}

        def offer():
            with unit_of_work():
                messaging.post(sender_id=sara.id, room_id=deal_room_id, **news)
                raise NotFound

        with pytest.raises(NotFound):
            offer()
        assert messaging.list_about(["contract:9"]) == []
        assert facts_of(MessageSent) == []

    def test_what_it_tells_of_leads_to_it(self, sara, deal_room_id, message):
        about = ["contract:9", "payment_request:21", "contract:9"]
        kinds = {"contract": MessageKind.CONTRACT, "payment_request": MessageKind.PAYMENT}
        posted = [
            messaging.post(
                sender_id=sara.id,
                room_id=deal_room_id,
                kind=kinds[reference.partition(":")[0]],
                body="News",
                about=reference,
            ).id
            for reference in about
        ]
        assert [found.id for found in messaging.list_about({"contract:9"})] == [posted[0], posted[2]]
        assert len(messaging.list_about(about)) == 3
        assert messaging.list_about([]) == messaging.list_about(["contract:90"]) == []
        messaging.tell_updated(["contract:9", "contract:90"])
        assert [fact.message_id for fact in facts_of(MessageUpdated)] == [posted[0], posted[2]]


class TestEdits:
    def test_the_sender_corrects_their_words(self, sara, omar, message):
        assert message.edited_at is None
        edited = messaging.edit(actor=sara, room_id=message.room_id, message_id=message.id, body="hello!")
        assert (edited.body, edited.seq, edited.created_at) == ("hello!", 1, message.created_at)
        assert edited.edited_at >= message.created_at
        (seen,) = messaging.missed(person_id=omar.id, room_id=message.room_id, after_seq=0)
        assert (seen.body, seen.edited_at) == ("hello!", edited.edited_at)
        assert [fact.message_id for fact in facts_of(MessageEdited)] == [message.id]

    def test_nobody_else_does_and_nothing_but_words_is_corrected(self, sara, omar, message):
        file = messaging.send(
            actor=sara, room_id=message.room_id, kind=MessageKind.FILE, body="mine", upload=upload()
        )
        for actor, edited in ((omar, message), (sara, file)):
            with pytest.raises(errors.NotYoursToEdit):
                messaging.edit(actor=actor, room_id=message.room_id, message_id=edited.id, body="x")
        assert facts_of(MessageEdited) == []

    def test_a_message_is_found_in_its_own_room_by_its_own_people(self, sara, deal_room_id, message):
        places = [
            (sara, deal_room_id, message.id, errors.MessageNotFound),
            (sara, message.room_id, 999, errors.MessageNotFound),
            (person(), message.room_id, message.id, errors.RoomNotFound),
        ]
        for actor, room_id, message_id, refusal in places:
            with pytest.raises(refusal):
                messaging.edit(actor=actor, room_id=room_id, message_id=message_id, body="x")
            with pytest.raises(refusal):
                messaging.react(actor=actor, room_id=room_id, message_id=message_id, emoji="👍")

    def test_of_many_edits_at_once_one_is_the_last_and_all_are_told(self, sara, message):
        def edit(number):
            place = {"room_id": message.room_id, "message_id": message.id}
            return lambda: messaging.edit(actor=sara, **place, body=str(number))

        edits = together(*[edit(number) for number in range(6)])
        assert {edited.body for edited in edits} == {str(number) for number in range(6)}
        last = messaging.get_message(message.id)
        assert last in edits
        assert last.edited_at == max(edited.edited_at for edited in edits)
        assert len(facts_of(MessageEdited)) == 6


class TestReactions:
    def test_each_has_one_which_another_replaces(self, sara, omar, message):
        assert react(sara, message, "👍") == {"👍": 1}
        assert react(omar, message, "👍") == {"👍": 2}
        assert react(omar, message, "❤️") == {"👍": 1, "❤️": 1}
        assert react(sara, message, None) == {"❤️": 1}
        assert react(omar, message, None) == messaging.get_message(message.id).reactions == {}
        assert len(facts_of(ReactionChanged)) == 5

    def test_what_changes_nothing_is_not_told(self, sara, message):
        react(sara, message, None)
        react(sara, message, "👍")
        react(sara, message, "👍")
        assert len(facts_of(ReactionChanged)) == 1

    def test_what_is_no_emoji_is_refused(self, sara, message):
        with pytest.raises(errors.NotAnEmoji):
            react(sara, message, "ok")

    def test_many_at_once_leave_each_person_one(self, sara, omar, message):
        def reacting(who, emoji):
            return lambda: react(who, message, emoji)

        calls = [reacting(who, emoji) for who in (sara, omar) for emoji in ("👍", "❤️", "😂", "👍")]
        answers = together(*calls)
        assert all(isinstance(answer, dict) and sum(answer.values()) <= 2 for answer in answers)
        assert sum(messaging.get_message(message.id).reactions.values()) == 2

    def test_taking_back_and_reacting_at_once_end_in_one_of_both(self, sara, message):
        together(*[lambda: react(sara, message, "👍"), lambda: react(sara, message, None)] * 3)
        assert messaging.get_message(message.id).reactions in ({}, {"👍": 1})


class TestReading:
    def test_who_sees_the_newest_page_has_read_the_room(self, sara, omar, room_id):
        for number in range(5):
            messaging.send(actor=sara, room_id=room_id, body=str(number))

        def unread():
            return messaging.get_conversation(person_id=omar.id, room_id=room_id).unread_count

        older = messaging.read_messages(actor=omar, room_id=room_id, request=PageRequest(number=2, size=2))
        assert ([message.body for message in older.items], unread()) == (["1", "2"], 5)
        newest = messaging.read_messages(actor=omar, room_id=room_id, request=PageRequest(size=2))
        assert ([message.body for message in newest.items], unread()) == (["3", "4"], 0)

    def test_nobody_reads_backwards(self, sara, omar, room_id):
        for _ in range(3):
            messaging.send(actor=sara, room_id=room_id, body="hello")
        messaging.mark_heard(room_id=room_id, seq=3, person_ids=[omar.id])
        messaging.mark_heard(room_id=room_id, seq=1, person_ids=[omar.id, 999])
        assert messaging.get_conversation(person_id=omar.id, room_id=room_id).unread_count == 0

    def test_an_empty_room_is_read(self, sara, room_id):
        page = messaging.read_messages(actor=sara, room_id=room_id, request=PageRequest())
        assert (page.items, page.total) == ([], 0)

    @pytest.mark.parametrize("rows", [3, 30])
    def test_files_and_reactions_cost_one_query_more_however_many(self, sara, omar, room_id, rows):
        for number in range(rows):
            document = upload(name=f"{number}.pdf")
            sent = messaging.send(
                actor=sara, room_id=room_id, kind=MessageKind.FILE, body="", upload=document
            )
            react(omar, sent, "👍")
        with counted_queries() as queries:
            page = messaging.list_messages(person_id=sara.id, room_id=room_id, request=PageRequest(size=100))
        assert [message.reactions for message in page.items] == [{"👍": 1}] * rows
        assert len(queries) == 4
