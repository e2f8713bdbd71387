"""The room of a deal: one a deal, closed by either side, put away by each."""

import pytest

from marketplace.domains.messaging import errors
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.public import MessageKind
from marketplace.kernel.errors import NotFound
from marketplace.kernel.pages import PageRequest
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories.messaging import deal_room
from tests.factories.people import person
from tests.together import together


def listed(who):
    page = messaging.list_conversations(person_id=who.id, request=PageRequest())
    assert page.total == len(page.items)
    return [conversation.id for conversation in page.items]


def test_a_deal_has_one_room_for_its_two_sides(sara, omar, deal_room_id):
    assert deal_room(omar, sara, subject="gig_order:27") == deal_room_id
    assert deal_room(sara, omar, subject="proposal_order:27") != deal_room_id
    for who, other in ((sara, omar), (omar, sara)):
        conversation = messaging.get_conversation(person_id=who.id, room_id=deal_room_id)
        assert (conversation.subject, conversation.is_active) == ("gig_order:27", True)
        assert conversation.other.id == other.id


def test_a_room_that_another_command_opens_is_there_only_if_that_succeeds(sara, omar):
    def accept():
        with unit_of_work():
            deal_room(sara, omar, subject="gig_order:27")
            raise NotFound

    with pytest.raises(NotFound):
        accept()
    assert listed(sara) == []


def test_eight_who_open_at_once_open_one_room(sara, omar):
    opened = together(*[lambda: deal_room(sara, omar, subject="gig_order:27")] * 8)
    assert len(set(opened)) == 1
    assert listed(sara) == listed(omar) == [opened[0]]


def test_either_side_closes_and_opens_it_again(sara, omar, deal_room_id):
    messaging.set_active(actor=sara, room_id=deal_room_id, is_active=False)
    for who in (sara, omar):
        with pytest.raises(errors.RoomClosed):
            messaging.send(actor=who, room_id=deal_room_id, body="hello")
        assert listed(who) == [deal_room_id]
    messaging.set_active(actor=omar, room_id=deal_room_id, is_active=True)
    assert messaging.send(actor=sara, room_id=deal_room_id, body="hello").seq == 1


def test_the_house_is_heard_in_a_closed_room(sara, deal_room_id):
    messaging.set_active(actor=sara, room_id=deal_room_id, is_active=False)
    news = {"kind": MessageKind.CONTRACT, "body": "Offer", "about": "contract:9"}
    assert messaging.post(sender_id=sara.id, room_id=deal_room_id, **news).seq == 1
    assert not messaging.get_conversation(person_id=sara.id, room_id=deal_room_id).is_active


def test_what_was_sent_before_a_room_closed_may_be_repeated(sara, deal_room_id):
    hello = {"actor": sara, "room_id": deal_room_id, "body": "hello", "client_msg_id": "a1"}
    sent = messaging.send(**hello)
    messaging.set_active(actor=sara, room_id=deal_room_id, is_active=False)
    assert messaging.send(**hello) == sent


def test_a_room_that_closes_while_people_talk_stays_without_a_gap(sara, omar, deal_room_id):
    def say(who):
        return [messaging.send(actor=who, room_id=deal_room_id, body="hello").seq for _ in range(20)]

    def close():
        messaging.set_active(actor=sara, room_id=deal_room_id, is_active=False)

    results = together(lambda: say(sara), lambda: say(omar), close)
    assert all(isinstance(result, errors.RoomClosed | list | None) for result in results)
    assert messaging.find_gaps() == []
    with pytest.raises(errors.RoomClosed):
        messaging.send(actor=sara, room_id=deal_room_id, body="hello")


def test_who_puts_a_room_away_no_longer_finds_it_and_the_other_does(sara, omar, deal_room_id):
    message = messaging.send(actor=sara, room_id=deal_room_id, body="hello")
    messaging.archive(actor=omar, room_id=deal_room_id)
    assert (listed(omar), listed(sara)) == ([], [deal_room_id])
    assert messaging.statistics(person_id=omar.id).total_conversations == 0
    page = PageRequest()
    for attempt in (
        lambda: messaging.get_conversation(person_id=omar.id, room_id=deal_room_id),
        lambda: messaging.list_messages(person_id=omar.id, room_id=deal_room_id, request=page),
        lambda: messaging.read_messages(actor=omar, room_id=deal_room_id, request=page),
        lambda: messaging.missed(person_id=omar.id, room_id=deal_room_id, after_seq=0),
        lambda: messaging.mark_read(actor=omar, room_id=deal_room_id),
        lambda: messaging.send(actor=omar, room_id=deal_room_id, body="hello"),
        lambda: messaging.edit(actor=omar, room_id=deal_room_id, message_id=message.id, body="x"),
        lambda: messaging.react(actor=omar, room_id=deal_room_id, message_id=message.id, emoji="👍"),
        lambda: messaging.set_active(actor=omar, room_id=deal_room_id, is_active=False),
        lambda: messaging.archive(actor=omar, room_id=deal_room_id),
    ):
        with pytest.raises(errors.RoomNotFound):
            attempt()


def test_it_returns_with_all_that_was_said_when_the_other_says_more(sara, omar, deal_room_id):
    messaging.send(actor=sara, room_id=deal_room_id, body="before")
    messaging.archive(actor=omar, room_id=deal_room_id)
    messaging.send(actor=sara, room_id=deal_room_id, body="after")
    assert listed(omar) == [deal_room_id]
    said = messaging.list_messages(person_id=omar.id, room_id=deal_room_id, request=PageRequest())
    assert [message.body for message in said.items] == ["before", "after"]


def test_it_returns_to_whoever_opens_it_again_and_to_nobody_else(sara, omar, deal_room_id):
    for who in (sara, omar):
        messaging.archive(actor=who, room_id=deal_room_id)
    people = [sara.id, omar.id]
    again = messaging.open_deal_room(subject="gig_order:27", member_ids=people, opened_by=omar.id)
    assert again == deal_room_id
    messaging.open_deal_room(subject="gig_order:27", member_ids=people)
    assert (listed(omar), listed(sara)) == ([deal_room_id], [])


def test_it_returns_to_both_when_the_house_posts(sara, omar, deal_room_id):
    for who in (sara, omar):
        messaging.archive(actor=who, room_id=deal_room_id)
    messaging.post(
        sender_id=sara.id, room_id=deal_room_id, kind=MessageKind.CONTRACT, body="Offer", about="contract:9"
    )
    assert listed(sara) == listed(omar) == [deal_room_id]


def test_what_is_said_while_a_room_is_put_away_is_never_hidden(sara, omar, deal_room_id):
    """Either the message came first and was put away with the room, or the room came back with it."""

    def put_away():
        messaging.archive(actor=omar, room_id=deal_room_id)

    for turn in range(1, 6):
        archived, sent = together(
            put_away, lambda: messaging.send(actor=sara, room_id=deal_room_id, body="hello")
        )
        assert (archived, sent.seq) == (None, 2 * turn - 1)
        messaging.send(actor=sara, room_id=deal_room_id, body="and again")
        assert listed(omar) == [deal_room_id]


def test_two_who_put_a_room_away_at_once_do_it_once(omar, deal_room_id):
    results = together(*[lambda: messaging.archive(actor=omar, room_id=deal_room_id)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "RoomNotFound"]


def test_other_rooms_are_neither_closed_nor_put_away(sara, room_id):
    with pytest.raises(errors.RoomNotFound):
        messaging.set_active(actor=sara, room_id=room_id, is_active=False)
    with pytest.raises(errors.RoomNotFound):
        messaging.archive(actor=sara, room_id=room_id)


def test_a_stranger_can_do_nothing_with_it(deal_room_id):
    stranger = person(username="lina")
    for attempt in (
        lambda: messaging.set_active(actor=stranger, room_id=deal_room_id, is_active=False),
        lambda: messaging.archive(actor=stranger, room_id=deal_room_id),
        lambda: messaging.post(
            sender_id=stranger.id,
            room_id=deal_room_id,
            kind=MessageKind.CONTRACT,
            body="x",
            about="contract:9",
        ),
    ):
        with pytest.raises(errors.RoomNotFound):
            attempt()
