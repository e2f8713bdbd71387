"""What people want to hear: every type by every way, told by what really happens."""

import pytest

from marketplace.api.multitask.schemas.notifications import DOCUMENTED
from marketplace.domains.notifications.types import ABOUT_MONEY, Type
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from tests.api.multitask.test_tasks import OFFER, TASK
from tests.pushes import caught_frames

BASE = "/api/notifications"
TYPES = frozenset(map(Type, DOCUMENTED))
MUTABLE = sorted(TYPES - ABOUT_MONEY)


class Story:
    """Omar has work, Lina does it; each step is a request."""

    def __init__(self, client, join):
        self.client = client
        self.omar, self.lina = join("omar", "client"), join("lina", "freelancer")

    def apply(self):
        self.task = self.omar.post("/api/tasks/create/", TASK).json["id"]
        self.deal = self.lina.post(f"/api/tasks/{self.task}/apply/", OFFER).json["id"]

    def decide(self, verb):
        self.apply()
        self.omar.post(f"/api/tasks/applications/{self.deal}/{verb}/")

    def end(self, verb):
        self.decide("accept")
        self.omar.post(f"/api/tasks/{self.task}/{verb}/")

    def review(self):
        self.end("complete")
        self.omar.post(f"/api/tasks/{self.task}/review/", {"rating": 5})

    def pay(self):
        self.decide("accept")
        intent = self.omar.post("/api/payments/intents/create/", {"application_id": self.deal}).json
        self.act(intent["intent_id"])
        self.escrow = intent["escrow_id"]

    def settle(self, verb):
        self.pay()
        self.omar.post(f"/api/payments/escrow/{self.escrow}/{verb}/")

    def withdraw(self, outcome):
        self.settle("release")
        account = self.lina.post("/api/payments/connect/create/").json["account_id"]
        self.act(account)
        self.act(account, outcome) if outcome == "failed" else None
        self.lina.post("/api/payments/withdrawals/create/", {"amount": 120})
        for _ in range(3):
            relay.sweep()
            clock.advance(60)

    def say(self):
        body = {"participant_id": self.lina.user["id"]}
        room = self.omar.post("/api/messaging/conversations/create/", body).json["id"]
        self.omar.post(f"/api/messaging/conversations/{room}/messages/send/", {"content": "Hello"})

    def change_password(self):
        body = {"old_password": "StrongPass123", "new_password": "Other-Pass-456"}
        assert self.lina.post("/api/auth/profile/change-password/", body).status_code == 200

    def act(self, reference, outcome="succeeded"):
        self.client.post(f"/sandbox/payments/{reference}", {"outcome": outcome})


# What makes each type, and who is told.
STEPS = {
    Type.NEW_APPLICATION: ("omar", Story.apply),
    Type.APPLICATION_ACCEPTED: ("lina", lambda story: story.decide("accept")),
    Type.APPLICATION_REJECTED: ("lina", lambda story: story.decide("reject")),
    Type.TASK_COMPLETED: ("lina", lambda story: story.end("complete")),
    Type.TASK_CANCELLED: ("lina", lambda story: story.end("cancel")),
    Type.NEW_MESSAGE: ("lina", Story.say),
    Type.REVIEW_RECEIVED: ("lina", Story.review),
    Type.PAYMENT_HELD: ("lina", Story.pay),
    Type.PAYMENT_RELEASED: ("lina", lambda story: story.settle("release")),
    Type.PAYMENT_REFUNDED: ("lina", lambda story: story.settle("refund")),
    Type.WITHDRAWAL_COMPLETED: ("lina", lambda story: story.withdraw("succeeded")),
    Type.WITHDRAWAL_FAILED: ("lina", lambda story: story.withdraw("failed")),
    Type.SYSTEM: ("lina", Story.change_password),
}


@pytest.fixture
def story(client, join):
    return Story(client, join)


@pytest.fixture
def pushed(monkeypatch):
    """The titles that sockets were told of."""
    frames = caught_frames(monkeypatch)
    return lambda: [frame["notification"]["title"] for frame in frames if "notification" in frame]


def told(story, reader, kind):
    """The titles of one type in somebody's inbox."""
    rows = reader.get(f"{BASE}/?type={kind}&page_size=100").json["results"]
    assert {row["notification_type"] for row in rows} <= {kind}
    return [row["title"] for row in rows]


def mailed(story, reader):
    relay.sweep()
    answer = story.client.get(f"/sandbox/mail?to={reader.user['email']}")
    return [mail["subject"] for mail in answer.json["messages"]]


def prefer(reader, **wanted):
    assert reader.put(f"{BASE}/preferences/", wanted).status_code == 200


def test_every_type_has_its_step():
    assert set(STEPS) == TYPES


@pytest.mark.parametrize("kind", sorted(STEPS))
def test_who_wants_everything_is_told_once_by_every_way(story, pushed, kind):
    name, step = STEPS[kind]
    reader = getattr(story, name)
    step(story)
    (title,) = told(story, reader, kind)
    assert pushed().count(title) >= 1
    assert mailed(story, reader).count(title) == 1


@pytest.mark.parametrize("kind", sorted(STEPS))
def test_who_wants_nothing_is_told_of_money_alone(story, pushed, kind):
    name, step = STEPS[kind]
    reader = getattr(story, name)
    prefer(reader, **{str(one): False for one in MUTABLE})
    before = len(mailed(story, reader))
    step(story)
    rows = reader.get(f"{BASE}/?page_size=100").json["results"]
    assert {row["notification_type"] for row in rows} <= {str(one) for one in ABOUT_MONEY}
    assert len(told(story, reader, kind)) == (kind in ABOUT_MONEY)
    assert len(mailed(story, reader)) - before == len(rows)


@pytest.mark.parametrize("kind", MUTABLE)
def test_one_type_is_switched_off_and_on_again_by_itself(story, kind):
    name, step = STEPS[kind]
    reader = getattr(story, name)
    prefer(reader, **{str(kind): False})
    everything = reader.get(f"{BASE}/preferences/").json
    assert [one for one, wanted in everything.items() if not wanted] == [str(kind)]
    step(story)
    assert told(story, reader, kind) == []
    prefer(reader, **{str(kind): True})
    if kind is not Type.SYSTEM:  # the old password is no longer the right one
        step(story)
        assert len(told(story, reader, kind)) == 1


@pytest.mark.parametrize(
    ("wanted", "by_mail", "by_push"),
    [
        ({"email_notifications": False}, False, True),
        ({"push_notifications": False}, True, False),
        ({"email_notifications": False, "push_notifications": False}, False, False),
    ],
)
def test_a_way_that_is_switched_off_leaves_the_others(story, pushed, wanted, by_mail, by_push):
    prefer(story.omar, **wanted)
    story.apply()
    assert told(story, story.omar, Type.NEW_APPLICATION) == ["New application"]
    assert ("New application" in mailed(story, story.omar)) is by_mail
    assert ("New application" in pushed()) is by_push


def test_both_sides_hear_where_refunded_money_goes(story):
    story.settle("refund")
    for who, whom in ((story.omar, "you"), (story.lina, "the client")):
        (row,) = who.get(f"{BASE}/?type=payment_refunded").json["results"]
        assert row["message"] == f"$120.00 for “Assemble a wardrobe” is on its way back to {whom}."
        assert row["data"] == {"task_id": story.task, "escrow_id": story.escrow}
