"""Cards through MultiTask, with Stripe played by its sandbox twin over HTTP."""

import re

import pytest

from tests.together import together

BASE = "/api/payments/payment-methods"
NOT_FOUND = {"detail": "Not found."}


@pytest.fixture
def sara(join):
    return join("sara", "client")


@pytest.fixture
def omar(join):
    return join("omar", "client")


def add(who, reference="pm_card_visa", **options):
    return who.post(f"{BASE}/create/", {"payment_method_id": reference, **options})


def listed(who):
    answer = who.get(f"{BASE}/?page_size=100")
    assert answer.status_code == 200
    return [(method["id"], method["is_default"]) for method in answer.json["results"]]


def test_a_card_is_kept_as_documented(sara):
    answer = add(sara)
    assert answer.status_code == 201
    card = answer.json
    assert re.fullmatch(r"pm_\w{24}", card.pop("payment_method_id"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", card.pop("created_at"))
    assert card == {
        "id": 1,
        "type": "card",
        "brand": "visa",
        "last4": "4242",
        "exp_month": 12,
        "exp_year": card["exp_year"],
        "is_default": True,
    }
    assert sara.get(f"{BASE}/").json == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [answer.json],
    }


def test_the_same_card_again_is_the_existing_one(sara):
    first = add(sara)
    for again in (
        add(sara),
        add(sara, first.json["payment_method_id"]),
        sara.post(f"{BASE}/create/", {"stripe_payment_method_id": "pm_card_visa"}),
        sara.post(
            f"{BASE}/create/",
            {"stripe_payment_method_id": "pm_card_visa", "payment_method_id": "pm_card_visa"},
        ),
    ):
        assert (again.status_code, again.json) == (200, first.json)


def test_one_card_is_the_default_whatever_is_done(sara):
    first, second, third = (
        add(sara, f"pm_card_{brand}").json["id"] for brand in ("visa", "mastercard", "amex")
    )
    assert listed(sara) == [(third, False), (second, False), (first, True)]
    answer = sara.post(f"{BASE}/{second}/set-default/")
    assert (answer.status_code, answer.json["is_default"]) == (200, True)
    assert listed(sara) == [(third, False), (second, True), (first, False)]
    deleted = sara.delete(f"{BASE}/{second}/delete/")
    assert (deleted.status_code, deleted.data) == (204, b"")
    assert listed(sara) == [(third, True), (first, False)]
    fourth = add(sara, "pm_1", is_default=True).json["id"]
    assert listed(sara) == [(fourth, True), (third, False), (first, False)]


def test_a_deleted_card_is_gone_and_may_come_back_as_a_new_one(sara):
    number = add(sara).json["id"]
    assert sara.delete(f"{BASE}/{number}/delete/").status_code == 204
    for answer in (sara.delete(f"{BASE}/{number}/delete/"), sara.post(f"{BASE}/{number}/set-default/")):
        assert (answer.status_code, answer.json) == (404, NOT_FOUND)
    assert add(sara).json["id"] != number
    # an id that the provider's form gave is good for one time of keeping
    own = add(sara, "pm_own").json["id"]
    sara.delete(f"{BASE}/{own}/delete/")
    again = add(sara, "pm_own")
    assert (again.status_code, list(again.json)) == (400, ["payment_method_id"])


def test_the_cards_of_another_are_not_there(sara, omar):
    number = add(sara, "pm_sara").json["id"]
    assert listed(omar) == []
    for answer in (
        omar.delete(f"{BASE}/{number}/delete/"),
        omar.post(f"{BASE}/{number}/set-default/"),
        omar.delete(f"{BASE}/999/delete/"),
    ):
        assert (answer.status_code, answer.json) == (404, NOT_FOUND)
    stolen = add(omar, "pm_sara")
    assert (stolen.status_code, list(stolen.json)) == (400, ["payment_method_id"])
    assert listed(sara) == [(number, True)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "payment_method_id"),
        ({"payment_method_id": ""}, "payment_method_id"),
        ({"payment_method_id": None}, "payment_method_id"),
        ({"payment_method_id": 4242424242424242}, "payment_method_id"),
        ({"payment_method_id": "4242424242424242"}, "payment_method_id"),
        ({"payment_method_id": "pm_"}, "payment_method_id"),
        ({"payment_method_id": "pm_1/../x"}, "payment_method_id"),
        ({"payment_method_id": "pm_1\nx"}, "payment_method_id"),
        ({"payment_method_id": "pm_\x00"}, "payment_method_id"),
        ({"payment_method_id": "pm_é"}, "payment_method_id"),
        ({"payment_method_id": "pm_" + "1" * 300}, "payment_method_id"),
        ({"payment_method_id": "pm_" + "1" * 200}, "payment_method_id"),
        ({"payment_method_id": "pm_card_unheard"}, "payment_method_id"),
        ({"payment_method_id": "pm_card_chargeDeclined"}, "payment_method_id"),
        ({"payment_method_id": "pm_1", "stripe_payment_method_id": "pm_2"}, "payment_method_id"),
        ({"stripe_payment_method_id": ["pm_1"]}, "stripe_payment_method_id"),
        ({"payment_method_id": "pm_1", "is_default": "yes"}, "is_default"),
        ({"number": "4242424242424242", "cvc": "123"}, "number"),
        ({"payment_method_id": "pm_1", "card": {"number": "4242424242424242"}}, "card"),
        ({"payment_method_id": "pm_1", "card_number": "4242 4242 4242 4242"}, "card_number"),
    ],
)
def test_what_is_no_card_names_the_field_and_repeats_nothing(sara, body, field):
    answer = sara.post(f"{BASE}/create/", body)
    assert (answer.status_code, next(iter(answer.json))) == (400, field)
    assert "4242" not in answer.text
    assert listed(sara) == []


def test_card_numbers_reach_no_log_and_no_table(sara, caplog, capfd, owner):
    sara.post(f"{BASE}/create/", {"number": "4242424242424242"}, headers={"Idempotency-Key": "k"})
    sara.post(f"{BASE}/create/", {"payment_method_id": "4242424242424242"})
    assert "4242424242424242" not in caplog.text + "".join(capfd.readouterr())
    with owner.connect() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM idempotency_keys").scalars().all()
    assert all(b"4242424242424242" not in body for body in bodies)


def test_an_idempotency_key_adds_once(sara):
    keyed = {"headers": {"Idempotency-Key": "once"}}
    first = sara.post(f"{BASE}/create/", {"payment_method_id": "pm_1"}, **keyed)
    again = sara.post(f"{BASE}/create/", {"payment_method_id": "pm_1"}, **keyed)
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after"])
def test_a_provider_that_hangs_up_is_asked_again(client, sara, fault):
    client.post("/sandbox/stripe/faults", {"operation": "card", "fault": fault, "times": 1})
    assert add(sara, "pm_1").status_code == 503
    assert listed(sara) == []
    assert add(sara, "pm_1").status_code == 201


def test_a_provider_that_refuses_is_quoted(client, sara):
    client.post("/sandbox/stripe/faults", {"operation": "card", "fault": "refuse", "times": 1})
    refused = add(sara, "pm_1")
    said = "The payment provider refused this payment method. The sandbox refused on purpose."
    assert (refused.status_code, refused.json) == (400, {"payment_method_id": [said]})
    assert add(sara, "pm_1").status_code == 201


def test_the_same_card_at_once_is_kept_once(sara):
    answers = together(*[lambda: add(sara, "pm_1")] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["id"] for answer in answers}) == 1


def test_whoever_shows_no_token_is_refused(client):
    for answer in (
        client.get(f"{BASE}/"),
        add(client),
        client.delete(f"{BASE}/1/delete/"),
        client.post(f"{BASE}/1/set-default/"),
    ):
        assert answer.status_code == 401
