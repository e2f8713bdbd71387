"""The rules, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.domains.payments import rules
from marketplace.domains.payments.types import HoldStatus, RequestStatus, WithdrawalStatus
from marketplace.kernel.process import NotYours, WrongState

NOW = datetime(2026, 2, 1, tzinfo=UTC)
HOLD = {
    ("pending", "confirm", "provider"): "held",
    ("failed", "confirm", "provider"): "held",
    ("cancelled", "confirm", "provider"): "held",
    ("pending", "fail", "provider"): "failed",
    ("pending", "cancel", "house"): "cancelled",
    ("pending", "cancel", "provider"): "cancelled",
    ("failed", "cancel", "house"): "cancelled",
    ("failed", "cancel", "provider"): "cancelled",
    ("held", "release", "payer"): "released",
    ("held", "refund", "payer"): "refunding",
    ("held", "refund", "payee"): "refunding",
    ("held", "refund", "staff"): "refunding",
    ("held", "refund", "house"): "refunding",
    ("held", "finish_refund", "provider"): "refunded",
    ("refunding", "finish_refund", "provider"): "refunded",
    ("refunding", "decline_refund", "provider"): "held",
    ("refunded", "return_refund", "provider"): "held",
}
WITHDRAWAL = {
    ("pending", "send", "provider"): "processing",
    ("pending", "complete", "provider"): "completed",
    ("processing", "complete", "provider"): "completed",
    ("pending", "bounce", "provider"): "returning",
    ("processing", "bounce", "provider"): "returning",
    ("completed", "bounce", "provider"): "returning",
    ("pending", "refuse", "provider"): "failed",
    ("returning", "give_back", "provider"): "failed",
}

REQUEST = {
    ("pending", "open", "payer"): "pending",
    ("pending", "pay", "payer"): "paid",
    ("pending", "pay", "provider"): "paid",
    ("pending", "call_off", "house"): "cancelled",
}


@pytest.mark.parametrize(
    ("process", "table"),
    [(rules.HOLD, HOLD), (rules.WITHDRAWAL, WITHDRAWAL), (rules.REQUEST, REQUEST)],
)
def test_every_state_action_and_actor_is_in_the_table_or_refused(process, table):
    for state in process.states:
        for action in process.actions:
            for actor in process.actors:
                wanted = table.get((state, action, actor))
                if wanted is None:
                    with pytest.raises((NotYours, WrongState)):
                        process.decide(action, state=state, actors={actor})
                else:
                    assert process.decide(action, state=state, actors={actor}) == wanted


def test_the_life_cycles_have_the_states_that_the_types_name():
    assert set(HoldStatus) == rules.HOLD.states
    assert set(WithdrawalStatus) == rules.WITHDRAWAL.states
    assert set(RequestStatus) == rules.REQUEST.states
    assert rules.HOLD.final == {"released"}
    assert rules.REQUEST.final == {"paid", "cancelled"}
    assert rules.WITHDRAWAL.final == {"failed"}


def test_an_unknown_outcome_is_asked_about_ever_more_seldom_and_then_no_more():
    waits = [rules.ask_again_at(NOW, rules.REFUND_WAITS, asked) for asked in range(1, 9)]
    day = timedelta(days=1)
    wanted = [NOW + timedelta(minutes=5), NOW + timedelta(hours=1), *[NOW + day] * 5, None]
    assert waits == wanted


def test_everything_is_asked_while_the_provider_remembers_the_key():
    assert sum(rules.SEND_WAITS, timedelta()) < rules.KEY_LIFE < timedelta(hours=24)


def test_what_must_be_done_is_repeated_for_ever():
    waits = [rules.retry_at(NOW, rules.REFUND_WAITS, attempt) - NOW for attempt in (1, 2, 3, 50)]
    assert waits == [timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=1)]


@pytest.mark.parametrize(
    ("country", "code"),
    [("Egypt", "EG"), (" egypt ", "EG"), ("eg", "EG"), ("United Kingdom", "GB"), ("", "US"), ("Mars", "US")],
)
def test_countries_are_known_by_code_and_by_name(country, code):
    assert rules.country_code(country) == code


def test_origins_are_compared_whole():
    allowed = rules.origins(["https://App.example:8443/base", "http://127.0.0.1:8000"])
    assert allowed == {"https://app.example:8443", "http://127.0.0.1:8000"}
    rules.check_origin("https://APP.example:8443/x", allowed, field="return_url")
