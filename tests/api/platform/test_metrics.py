import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from marketplace.api.platform import metrics


def samples(client: FlaskClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {
        line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")
    }


def labels(endpoint: str, status: int, *, method: str = "GET") -> str:
    return f'endpoint="{endpoint}",method="{method}",status="{status}"'


def test_requests_are_counted_and_timed_by_how_they_ended(client: FlaskClient):
    client.get("/docs/multitask/")
    client.get("/docs/accountant/")
    client.get("/docs/nothing/")
    numbers = samples(client)
    assert numbers[f"http_requests_total{{{labels('platform.swagger', 200)}}}"] == 2
    assert numbers[f"http_requests_total{{{labels('platform.swagger', 404)}}}"] == 1
    assert numbers[f"http_request_duration_seconds_count{{{labels('platform.swagger', 200)}}}"] == 2
    assert 0 < numbers[f"http_request_duration_seconds_sum{{{labels('platform.swagger', 200)}}}"] < 10


def test_prometheus_is_answered_in_its_text_format(client: FlaskClient):
    assert client.get("/metrics").content_type == "text/plain; version=0.0.4; charset=utf-8"


def test_a_fault_is_counted_as_one(app: Flask, client: FlaskClient):
    @app.get("/fault")
    def fault():
        raise ZeroDivisionError

    assert client.get("/fault").status_code == 500
    assert samples(client)[f"http_requests_total{{{labels('fault', 500)}}}"] == 1


def test_a_request_that_a_hook_answers_is_counted_too(app: Flask, client: FlaskClient):
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: ("Busy", 429))
    client.get("/healthz")
    app.before_request_funcs[None].pop(0)
    assert samples(client)[f"http_requests_total{{{labels('health.healthz', 429)}}}"] == 1


def test_strangers_cannot_invent_time_series(client: FlaskClient):
    before = len(samples(client))
    for number in range(20):
        client.open(f"/nowhere/{number}", method=f"VERB{number}")
    numbers = samples(client)
    assert numbers[f"http_requests_total{{{labels('unmatched', 404, method='other')}}}"] == 20
    assert len(numbers) - before < 40


def test_a_websocket_does_not_count_as_a_request_that_lasted_hours(client: FlaskClient):
    client.get("/healthz", headers={"Upgrade": "WebSocket", "Connection": "Upgrade"})
    assert not any("health.healthz" in name for name in samples(client))


def test_two_applications_count_apart(app: Flask, client: FlaskClient):
    other = Flask("another")
    other.register_blueprint(metrics.blueprint)
    metrics.observe(other)
    client.get("/healthz")
    assert not any("health.healthz" in name for name in samples(other.test_client()))


def test_the_outbox_shows_what_it_still_owes(client: FlaskClient):
    numbers = samples(client)
    assert numbers['outbox_deliveries{state="waiting"}'] == 3
    assert numbers['outbox_deliveries{state="late"}'] == 1


def test_the_numbers_are_answered_while_the_database_is_away(app: Flask, client: FlaskClient):
    def is_away():
        raise OperationalError("SELECT 1", {}, ConnectionRefusedError())

    metrics.observe(app).register(metrics.OutboxGauge(is_away))
    response = client.get("/metrics")
    assert response.status_code == 200
    assert "process_cpu_seconds_total" in response.text
    assert "outbox_deliveries" not in response.text


@pytest.mark.parametrize("method", sorted(metrics.METHODS))
def test_a_known_method_keeps_its_name(app: Flask, method: str):
    with app.test_request_context(method=method):
        assert metrics._method() == method
