"""The twin's HTTP: Stripe's shapes where its client does not show them."""

import pytest

KEY = {"Authorization": "Bearer sk_test_any"}
PATH = "/sandbox/stripe/v1"


@pytest.fixture
def ask(client):
    def ask(method, path, form=None, **headers):
        return client.flask.open(f"{PATH}{path}", method=method, data=form, headers=KEY | headers)

    return ask


@pytest.fixture
def intent(ask):
    return ask("POST", "/payment_intents", {"amount": "500", "currency": "USD", "metadata[a]": "b"}).json


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer sk_live_x", "Basic !", "Bearer " + "x" * 9000])
def test_a_key_of_the_test_mode_is_asked_for(client, header):
    headers = {"Authorization": header} if header else {}
    answer = client.flask.get(f"{PATH}/payment_intents/pi_1", headers=headers)
    assert answer.status_code == 401
    assert answer.json["error"]["type"] == "invalid_request_error"


def test_an_intent_has_stripes_shape(intent):
    assert intent["object"] == "payment_intent"
    assert (intent["amount"], intent["currency"], intent["metadata"]) == (500, "usd", {"a": "b"})
    assert intent["livemode"] is False
    assert isinstance(intent["created"], int)


def test_metadata_is_added_to_what_was_noted_before(ask, intent):
    changed = ask("POST", f"/payment_intents/{intent['id']}", {"metadata[c]": "d"}).json
    assert changed["metadata"] == {"a": "b", "c": "d"}
    assert changed["amount"] == 500


def test_a_repeated_key_says_that_its_answer_is_an_old_one(ask):
    form = {"amount": "500", "currency": "usd"}
    first = ask("POST", "/payment_intents", form, **{"Idempotency-Key": "k"})
    again = ask("POST", "/payment_intents", form, **{"Idempotency-Key": "k"})
    assert again.json == first.json
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Request-Id"].startswith("req_")
    other = ask("POST", "/payment_intents", form | {"amount": "501"}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json["error"]["type"]) == (400, "idempotency_error")


def test_a_request_that_was_not_understood_leaves_its_key_free(ask):
    assert ask("POST", "/payment_intents", {}, **{"Idempotency-Key": "k"}).status_code == 400
    form = {"amount": "500", "currency": "usd"}
    assert ask("POST", "/payment_intents", form, **{"Idempotency-Key": "k"}).status_code == 200


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"currency": "usd"}, "amount"),
        ({"amount": "0", "currency": "usd"}, "amount"),
        ({"amount": "-5", "currency": "usd"}, "amount"),
        ({"amount": "1.5", "currency": "usd"}, "amount"),
        ({"amount": "9" * 5000, "currency": "usd"}, "amount"),
        ({"amount": "NaN", "currency": "usd"}, "amount"),
        ({"amount[x]": "1", "currency": "usd"}, "amount"),
        ({"amount": "5"}, "currency"),
        ({"amount": "5", "currency": "dollars"}, "currency"),
        ({"amount": "5", "currency": "usd", "metadata": "x"}, "metadata"),
        ({"amount": "5", "currency": "usd", "metadata[a][b]": "x"}, "metadata"),
        ({"amount": "5", "currency": "usd", "metadata[a]": "x" * 501}, "metadata"),
        ({"amount": "5", "currency": "usd", "metadata[a]": "\0"}, None),
        ({"amount": "5", "currency": "usd", "a[b": "c"}, None),
        ({"amount": "5", "currency": "usd", "a" + "[a]" * 9: "c"}, "a"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(ask, form, param):
    answer = ask("POST", "/payment_intents", form)
    assert answer.status_code == 400
    assert answer.json["error"].get("param") == param


@pytest.mark.parametrize(
    "path", ["/payment_intents/%00", "/refunds/re_1", "/accounts/po_1", "/payouts/po_1", "/transfers/tr_1"]
)
def test_what_is_not_there_is_missing(ask, path):
    answer = ask("GET", path, **{"Stripe-Account": "acct_1"})
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/charges"), ("DELETE", "/accounts/acct_1"), ("POST", "/x")]
)
def test_what_the_twin_does_not_play_is_unrecognised(ask, method, path):
    answer = ask(method, path)
    assert answer.status_code == 404
    assert "Unrecognized request URL" in answer.json["error"]["message"]


def test_the_platform_itself_is_not_paid_out(ask):
    assert ask("POST", "/payouts", {"amount": "5", "currency": "usd"}).status_code == 400


def test_a_transfer_to_nobody_is_refused(ask):
    answer = ask("POST", "/transfers", {"amount": "5", "currency": "usd", "destination": "acct_x"})
    assert answer.json["error"]["code"] == "resource_missing"
