"""A client that repeats with its `Idempotency-Key` is never worse off than one that repeats without."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.service import open_hold
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.idempotency import IdempotencyKey
from marketplace.providers import stripe
from marketplace.providers.payments import OutcomeUnknown
from marketplace.providers.stripe import StripeProvider
from tests.api.multitask.test_tasks import OFFER, TASK
from tests.client import Client
from tests.together import together

INTENTS = "/api/payments/intents/create/"
KEYED = {"headers": {"Idempotency-Key": "k-1"}}
# Every POST that may answer 503 once it has begun: what it asks the provider for, what it is sent, and what
# the repeat answers.
PASSING = {
    "/api/payments/connect/create/": ("create_account", {}, 201),
    "/api/payments/connect/onboarding/": ("onboarding_link", {}, 200),
    "/api/payments/payment-methods/create/": ("attach_method", {"payment_method_id": "pm_card_visa"}, 201),
    INTENTS: ("create_payment", {"application_id": 1}, 200),
    # What was asked for before is carried out by then.
    "/api/payments/escrow/{escrow_id}/refund/": ("refund", {}, 400),
}
# These ask before they commit anything, so that their key is free in any case.
NOT_BEGUN = {"/api/auth/google/login/", "/api/auth/portfolio/"}


@pytest.fixture
def omar(join):
    return join("omar", "client")


@pytest.fixture
def deal(omar, join):
    """The id of an accepted application of 120.00."""
    lina = join("lina", "freelancer")
    task = omar.post("/api/tasks/create/", TASK).json["id"]
    application = lina.post(f"/api/tasks/{task}/apply/", OFFER).json["id"]
    omar.post(f"/api/tasks/applications/{application}/accept/")
    return application


@pytest.fixture
def paid(client, omar, deal):
    """The id of an escrow that holds the money."""
    intent = omar.post(INTENTS, {"application_id": deal}).json
    client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})
    return intent["escrow_id"]


@pytest.fixture
def books(app):
    yield
    assert list(payments.verify()) == []


pytestmark = pytest.mark.usefixtures("books")


def fail(client, operation, fault, times=1):
    client.post("/sandbox/stripe/faults", {"operation": operation, "fault": fault, "times": times})


def is_replayed(answer):
    return answer.headers.get("Idempotent-Replayed") == "true"


def count_of(owner, kind):
    with owner.connect() as connection:
        return connection.scalar(
            sa.text("SELECT count(*) FROM sandbox_objects WHERE kind = :kind"), {"kind": kind}
        )


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after"])
def test_an_intent_is_opened_by_the_repeat(client, omar, deal, owner, fault):
    fail(client, "payment", fault, times=2)
    answers = [omar.post(INTENTS, {"application_id": deal}, **KEYED) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [503, 503, 200, 200]
    assert [is_replayed(answer) for answer in answers] == [False, False, False, True]
    assert answers[3].data == answers[2].data
    assert answers[2].json["escrow_id"] == 1
    assert count_of(owner, "payment_intent") == 1


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after"])
def test_a_refund_is_asked_for_once(client, omar, paid, owner, fault):
    fail(client, "refund", fault)
    path = f"/api/payments/escrow/{paid}/refund/"
    answers = [omar.post(path, **KEYED) for _ in range(2)]
    assert [(answer.status_code, is_replayed(answer)) for answer in answers] == [(503, False)] * 2
    clock.advance(301)
    relay.sweep()
    done = omar.post(path, **KEYED)
    assert (done.status_code, done.json["detail"]) == (400, "Cannot refund this escrow: it is refunded.")
    assert omar.get(f"/api/payments/escrow/{paid}/").json["status"] == "refunded"
    assert count_of(owner, "refund") == 1


def test_whatever_may_be_unavailable_is_listed_here(client):
    paths = client.get("/docs/multitask/openapi.json").json["paths"]
    may = {path for path, verbs in paths.items() if "503" in verbs.get("post", {}).get("responses", {})}
    assert may == set(PASSING) | NOT_BEGUN


@pytest.mark.parametrize("path", PASSING)
def test_a_passing_failure_frees_the_key(request, omar, path, monkeypatch):
    def hang_up(*_, **__):
        raise OutcomeUnknown("it hung up")

    operation, body, wanted = PASSING[path]
    where = path.format(escrow_id=request.getfixturevalue("deal" if path == INTENTS else "paid"))
    with monkeypatch.context() as patch:
        patch.setattr(type(stripe.provider()), operation, hang_up)
        broken = [omar.post(where, body, **KEYED) for _ in range(2)]
    assert [(answer.status_code, is_replayed(answer)) for answer in broken] == [(503, False)] * 2
    clock.advance(301)
    relay.sweep()
    again = omar.post(where, body, **KEYED)
    assert (again.status_code, is_replayed(again)) == (wanted, False)
    assert is_replayed(omar.post(where, body, **KEYED))


def test_of_eight_repeats_one_opens_the_intent(app, client, omar, deal, owner):
    fail(client, "payment", "timeout_after")
    assert omar.post(INTENTS, {"application_id": deal}, **KEYED).status_code == 503

    def again():
        return Client(app.test_client(), omar.token).post(INTENTS, {"application_id": deal}, **KEYED)

    answers = together(*[again] * 8)
    assert {answer.status_code for answer in answers} <= {200, 409}
    bodies = {answer.data for answer in answers if answer.status_code == 200}
    assert len(bodies) == 1
    assert count_of(owner, "payment_intent") == 1


def test_a_run_that_breaks_down_halfway_is_continued_by_the_repeat(omar, deal, owner, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(open_hold, "_note_intent", lambda *_: 1 / 0)
        assert omar.post(INTENTS, {"application_id": deal}, **KEYED).status_code == 500
    again = omar.post(INTENTS, {"application_id": deal}, **KEYED)
    assert (again.status_code, is_replayed(again)) == (200, False)
    assert count_of(owner, "payment_intent") == 1


def test_a_run_that_was_killed_halfway_is_continued_once_its_time_is_over(omar, deal, owner):
    first = omar.post(INTENTS, {"application_id": deal}, **KEYED)
    assert first.status_code == 201
    with owner.connect() as connection:
        connection.execute(sa.update(IdempotencyKey).values(status=None, body=None))
    assert omar.post(INTENTS, {"application_id": deal}, **KEYED).status_code == 409
    past = clock.real_now() - timedelta(seconds=1)
    with owner.connect() as connection:
        connection.execute(sa.update(IdempotencyKey).values(leased_until=past))
    again = omar.post(INTENTS, {"application_id": deal}, **KEYED)
    assert (again.status_code, again.json) == (200, first.json)


def test_a_slow_run_that_was_overtaken_changes_nothing_any_more(app, omar, deal, owner, monkeypatch):
    answers = []
    create = StripeProvider.create_payment

    def create_slowly(self, *args, **options):
        payment = create(self, *args, **options)
        if not answers:
            answers.append(None)
            past = clock.real_now() - timedelta(seconds=1)
            with owner.connect() as connection:
                connection.execute(sa.update(IdempotencyKey).values(leased_until=past))
            twin = Client(app.test_client(), omar.token)
            answers[:] = together(lambda: twin.post(INTENTS, {"application_id": deal}, **KEYED))
        return payment

    monkeypatch.setattr(StripeProvider, "create_payment", create_slowly)
    slow = omar.post(INTENTS, {"application_id": deal}, **KEYED)
    assert (slow.status_code, answers[0].status_code) == (409, 200)
    assert is_replayed(omar.post(INTENTS, {"application_id": deal}, **KEYED))
    assert count_of(owner, "payment_intent") == 1
