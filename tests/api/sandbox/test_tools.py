"""The sandbox's own requests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.app import configure, create_app
from marketplace.kernel.clock import clock
from marketplace.kernel.facts import Fact, reactions
from marketplace.kernel.settings import Settings
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers.mail import Mail, Mailer
from marketplace.wiring import wire

HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Rang(Fact):
    """A timer of these tests."""

    name_of_timer: str
    sets_another_for: float | None = None


@pytest.fixture
def rung():
    """What the timers of a test have rung, in order."""
    heard = []

    def ring(fact: Rang) -> None:
        heard.append(fact.name_of_timer)
        if fact.name_of_timer == "broken":
            raise RuntimeError
        if fact.sets_another_for is not None:
            with unit_of_work() as unit:
                moment = datetime.fromtimestamp(fact.sets_another_for, UTC)
                unit.record(Rang(name_of_timer=f"after {fact.name_of_timer}"), due_at=moment)

    reactions.write(Rang, ring)
    yield heard
    wire(reactions)


def set_timer(name, hours, then_hours=None):
    now = clock.now()
    then = (now + timedelta(hours=then_hours)).timestamp() if then_hours is not None else None
    with unit_of_work() as unit:
        unit.record(Rang(name_of_timer=name, sets_another_for=then), due_at=now + timedelta(hours=hours))


class TestMail:
    def test_the_newest_mail_comes_first(self, client):
        for number in (1, 2):
            Mailer().send(Mail(to="Ann@example.com", subject=f"{number}", text="Hi", message_id=f"{number}"))
        Mailer().send(Mail(to="bob@example.com", subject="3", text="Hi", message_id="3"))
        answer = client.get("/sandbox/mail?to=ann@EXAMPLE.com")
        assert answer.status_code == 200
        assert list(answer.json) == ["messages"]
        assert [mail["subject"] for mail in answer.json["messages"]] == ["2", "1"]
        newest = answer.json["messages"][0]
        assert list(newest) == ["id", "to", "subject", "text", "sent_at"]
        assert (newest["to"], newest["text"]) == ("Ann@example.com", "Hi")
        assert datetime.fromisoformat(newest["sent_at"]).tzinfo is not None
        assert len(client.get("/sandbox/mail").json["messages"]) == 3

    @pytest.mark.parametrize("address", ["nobody@example.com", "%00", "", "%27", "a" * 3000])
    def test_who_got_nothing_has_an_empty_box(self, client, address):
        assert client.get(f"/sandbox/mail?to={address}").json == {"messages": []}


class TestClock:
    def test_the_clock_moves_and_comes_back(self, client):
        moved = datetime.fromisoformat(client.post("/sandbox/clock", {"advance_seconds": 90000}).json["now"])
        assert timedelta(seconds=89_990) < moved - clock.real_now() < timedelta(seconds=90_010)
        again = datetime.fromisoformat(client.post("/sandbox/clock", {"advance_seconds": 0.5}).json["now"])
        assert again > moved
        assert client.get("/sandbox/clock").status_code == 200
        real = datetime.fromisoformat(client.delete("/sandbox/clock").json["now"])
        assert abs(real - clock.real_now()) < timedelta(seconds=10)

    def test_timers_that_fell_due_run_before_the_answer_oldest_first(self, client, rung):
        set_timer("third", 3)
        set_timer("first", 1)
        set_timer("second", 2)
        set_timer("later", 30)
        client.post("/sandbox/clock", {"advance_seconds": 25 * HOUR})
        assert rung == ["first", "second", "third"]

    def test_a_timer_set_by_a_timer_takes_its_place_in_the_row(self, client, rung):
        set_timer("first", 1, then_hours=2)
        set_timer("third", 3)
        client.post("/sandbox/clock", {"advance_seconds": 4 * HOUR})
        assert rung == ["first", "after first", "third"]

    def test_a_timer_that_fails_does_not_hold_the_others_up(self, client, rung):
        set_timer("broken", 1)
        set_timer("second", 2)
        assert client.post("/sandbox/clock", {"advance_seconds": 3 * HOUR}).status_code == 200
        assert rung == ["broken", "second"]

    @pytest.mark.parametrize(
        "body",
        [
            "{}",
            "",
            "[]",
            "null",
            "nonsense",
            '{"advance_seconds": NaN}',
            '{"advance_seconds": Infinity}',
            '{"advance_seconds": 1e999}',
            '{"advance_seconds": 1e300}',
            '{"advance_seconds": "90000"}',
            '{"advance_seconds": true}',
            '{"advance_seconds": null}',
            '{"advance_seconds": -1}',
            '{"advance_seconds": 99999999999999999999999}',
            '{"advance_seconds": [1]}',
            "[" * 100_000,
        ],
    )
    def test_a_body_that_makes_no_sense_is_refused_and_moves_nothing(self, client, body):
        answer = client.post("/sandbox/clock", data=body, content_type="application/json")
        assert answer.status_code == 400
        assert list(answer.json) == ["detail"]
        assert clock.offset() == timedelta()

    def test_the_clock_does_not_leave_the_calendar(self, client):
        century = {"advance_seconds": 100 * 365 * 24 * HOUR}
        assert client.post("/sandbox/clock", century).status_code == 200
        answer = client.post("/sandbox/clock", century)
        assert (answer.status_code, list(answer.json)) == (400, ["detail"])

    def test_a_form_of_another_site_cannot_move_the_clock(self, client):
        answer = client.post("/sandbox/clock", data="advance_seconds=1", content_type="text/plain")
        assert answer.status_code == 415


class TestFaults:
    def test_a_fault_is_set(self, client):
        fault = {"operation": "payout", "fault": "timeout_after", "times": 2}
        assert client.post("/sandbox/stripe/faults", fault).json == fault

    @pytest.mark.parametrize(
        "change", [{"operation": "x"}, {"fault": "x"}, {"times": -1}, {"times": 1001}, {"times": "1"}]
    )
    def test_a_fault_that_nobody_knows_is_refused(self, client, change):
        fault = {"operation": "payout", "fault": "timeout_after", "times": 2} | change
        answer = client.post("/sandbox/stripe/faults", fault)
        assert (answer.status_code, list(answer.json)) == (400, ["detail"])


@pytest.fixture
def production(session_app, settings, own_bus):
    """An application in production; what making it changed in this process is put back."""
    yield create_app(
        Settings(
            environment="production",
            secret_key="x" * 32,
            database_url=settings.database_url,
            redis_url=settings.redis_url,
            public_url="https://shop.example",
            mail_url="smtp://127.0.0.1:9",
            stripe_api_key="sk_live_x",
            stripe_webhook_secret="whsec_x",
            instance_path=settings.instance_path,
            rate_limits=False,
        )
    )
    configure(session_app.config["SETTINGS"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sandbox/"),
        ("GET", "/sandbox/mail"),
        ("POST", "/sandbox/clock"),
        ("DELETE", "/sandbox/clock"),
        ("POST", "/sandbox/payments/pi_1"),
        ("POST", "/sandbox/stripe/faults"),
        ("POST", "/sandbox/stripe/v1/payment_intents"),
        ("GET", "/sandbox/stripe/onboarding/acct_1"),
        ("GET", "/sandbox/assets/sandbox.css"),
    ],
)
def test_production_knows_no_sandbox(production, method, path):
    answer = production.test_client().open(path, method=method)
    assert answer.status_code == 404
