"""Browsers on another origin."""

from dataclasses import replace

import pytest

from marketplace.app import configure, create_app

ALLOWED = "https://app.example.com"


@pytest.fixture
def browser(settings, app, own_bus):
    yield create_app(replace(settings, cors_origins=(ALLOWED,))).test_client()
    configure(app.config["SETTINGS"])


def test_an_allowed_origin_may_ask_with_a_token(browser):
    asked = {
        "Origin": ALLOWED,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, idempotency-key",
    }
    answer = browser.options("/api/tasks/create/", headers=asked)
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()
    refused = browser.post("/api/tasks/create/", headers={"Origin": ALLOWED})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]


def test_another_origin_is_told_nothing(browser):
    answer = browser.get("/api/tasks/", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_without_a_list_no_origin_is_allowed(client):
    assert "Access-Control-Allow-Origin" not in client.get("/api/tasks/", headers={"Origin": ALLOWED}).headers
