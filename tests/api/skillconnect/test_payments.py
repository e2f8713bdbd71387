"""Payment requests: asked in a conversation, paid through Razorpay, shown in the thread."""

import pytest

from marketplace.domains.accounts.public import Role
from marketplace.domains.payments import public as payments
from marketplace.kernel.settings import Settings
from marketplace.providers import razorpay
from marketplace.providers.razorpay import RazorpayProvider
from marketplace.providers.sandbox.razorpay.house import House
from tests.factories.razorpay import FakeRazorpay
from tests.pushes import caught_frames
from tests.query_count import counted_queries
from tests.together import together

BASE = "/api/v1/messaging"
REQUESTS = f"{BASE}/payment-requests/"
NOT_FOUND = (404, {"detail": "Not found."})
FORBIDDEN = (403, {"detail": "You do not have permission to perform this action."})
INVALID = (400, {"success": False, "error": "Invalid signature!"})
PAID_ALREADY = (400, {"error": "Payment request is already paid."})
AWAY = (502, {"error": "Payment provider is unavailable. Please try again."})
SUCCESS = (200, {"success": True})
NONSENSE = [
    ("amount", "many"),
    ("amount", None),
    ("amount", 0.99),
    ("amount", 1.001),
    ("amount", 1_000_000),
    ("amount", 10**40),
    ("amount", [1]),
    ("amount", True),
    ("conversation_id", None),
    ("conversation_id", "x"),
    ("conversation_id", 2**63),
    ("contract", "x"),
    ("contract", -1),
    ("description", "x" * 2001),
    ("description", "\0"),
    ("description", 7),
]
FORGERIES = [
    ("razorpay_signature", "<signature>"),
    ("razorpay_signature", ""),
    ("razorpay_signature", None),
    ("razorpay_signature", 7),
    ("razorpay_signature", ["x"]),
    ("razorpay_signature", "é"),
    ("razorpay_signature", "\0"),
    ("razorpay_order_id", "order_other"),
    ("razorpay_order_id", {}),
    ("razorpay_payment_id", "pay_other"),
    ("razorpay_payment_id", True),
]


@pytest.fixture
def conversation(jane, service):
    """A conversation of Jane, who ordered, and John."""
    order = jane.post("/api/v1/gigs/service-orders/", {"service_id": service["id"]}).json
    return talk(jane, order)


@pytest.fixture
def contract(john, conversation):
    return offer(john, conversation)


@pytest.fixture
def request_of(john, conversation):
    """What John asks of Jane."""
    return ask(john, conversation)


def talk(who, order, kind="serviceorder"):
    return who.post(f"{BASE}/conversations/", {"order_type": kind, "order_id": order["id"]}).json


def offer(who, conversation, **changes):
    terms = {"order_type": "service", "order_id": conversation["order_id"], "amount": 20000}
    return who.post(f"{BASE}/contracts/", {**terms, **changes}).json


def body_for(conversation, **changes):
    return {
        "conversation_id": conversation["id"],
        "amount": 20000,
        "description": "Final payment due",
        "status": "pending",
        **changes,
    }


def ask(who, conversation, **changes):
    answer = who.post(REQUESTS, body_for(conversation, **changes))
    assert answer.status_code == 201, answer.text
    return answer.json


def said(answer):
    return answer.status_code, answer.json


def open_order(who, request, **options):
    return who.post(f"{BASE}/payments/{request['id']}/create-razorpay-order/", **options)


def verify(who, request, told):
    return said(who.post(f"{BASE}/payments/{request['id']}/verify-razorpay-payment/", told))


def pay(client, order_id, outcome="succeeded"):
    """The payer acts at Razorpay; what their page is told."""
    told = client.post(f"/sandbox/payments/{order_id}", {"outcome": outcome}).json
    return {name: value for name, value in told.items() if name.startswith("razorpay_")}


@pytest.fixture
def no_webhooks(monkeypatch):
    """Razorpay cannot reach the house."""
    monkeypatch.setattr(House, "webhook_url", property(lambda _: "http://127.0.0.1:9/"))


def thread(who, conversation):
    return who.get(f"{BASE}/conversations/{conversation['id']}/messages/").json


def statuses(who):
    return [request["status"] for request in who.get(REQUESTS).json]


class TestAsking:
    def test_a_request_is_answered_as_it_was_made(self, john, jane, conversation, contract):
        request = ask(john, conversation, contract=contract["id"])
        assert request == {
            "id": request["id"],
            "contract": contract["id"],
            "conversation_id": conversation["id"],
            "amount": 20000,
            "description": "Final payment due",
            "status": "pending",
            "created_at": request["created_at"],
        }
        for who in (john, jane):
            assert who.get(REQUESTS).json == [request]

    def test_a_request_stands_in_the_thread(self, john, jane, conversation, request_of):
        (message,) = thread(jane, conversation)
        assert (message["message_type"], message["content"]) == ("payment", "Final payment due")
        assert (message["payment_amount"], message["payment_status"]) == (20000, "pending")
        assert message["sender_id"] == john.user["id"]
        (listed,) = jane.get(f"{BASE}/conversations/").json
        assert (listed["last_message"], listed["unread_count"]) == (message, 0)

    def test_one_without_a_contract_and_words_is_enough(self, john, jane, conversation):
        request = john.post(REQUESTS, {"conversation_id": conversation["id"], "amount": 99.5}).json
        assert (request["contract"], request["amount"], request["description"]) == (None, 99.5, "")
        assert thread(jane, conversation)[0]["content"] == "Asked for a payment of 99.50."

    def test_the_words_stay_as_they_are(self, john, conversation):
        words = "  Final <b>payment</b> देय \n"
        assert ask(john, conversation, description=words)["description"] == words

    def test_how_it_stands_is_not_the_senders_to_say(self, john, conversation):
        for status in ("paid", "x", 7, None, ["paid"]):
            assert ask(john, conversation, status=status, payment_status="paid")["status"] == "pending"

    def test_nothing_cannot_be_asked_for(self, john, conversation):
        for amount in (0, -1, "0", "0.00", -0.5):
            answer = john.post(REQUESTS, body_for(conversation, amount=amount))
            assert said(answer) == (400, {"amount": "Amount must be greater than zero."}), amount

    def test_what_makes_no_sense_is_refused_in_one_text(self, john, jane, conversation):
        for field, value in NONSENSE:
            status, told = said(john.post(REQUESTS, body_for(conversation, **{field: value})))
            assert (status, list(told)) == (400, [field]), value
            assert isinstance(told[field], str)
        assert thread(jane, conversation) == []

    def test_what_is_missing_is_named(self, john):
        assert said(john.post(REQUESTS, {})) == (
            400,
            dict.fromkeys(("conversation_id", "amount"), "This field is required."),
        )

    def test_only_the_freelancer_asks_and_strangers_find_nothing(self, jane, enter, conversation):
        assert said(jane.post(REQUESTS, body_for(conversation))) == FORBIDDEN
        for name, role in (("rob", Role.FREELANCER), ("rosa", Role.CLIENT)):
            stranger = enter(name, role)
            assert said(stranger.post(REQUESTS, body_for(conversation))) == NOT_FOUND
            assert stranger.get(REQUESTS).json == []
        assert said(jane.post(REQUESTS, body_for({"id": 999}))) == NOT_FOUND

    def test_a_contract_must_stand_and_be_of_this_order(self, john, jane, service, conversation, contract):
        another = jane.post("/api/v1/gigs/service-orders/", {"service_id": service["id"]}).json
        elsewhere = offer(john, {"order_id": another["id"]})
        rejected = offer(john, conversation)
        jane.post(f"{BASE}/contracts/{rejected['id']}/reject/")
        cancelled = offer(john, conversation)
        john.patch(f"{BASE}/contracts/{cancelled['id']}/", {"status": "cancelled"})
        for unfit in (elsewhere["id"], rejected["id"], cancelled["id"], 999):
            answer = john.post(REQUESTS, body_for(conversation, contract=unfit))
            assert (answer.status_code, list(answer.json)) == (400, ["contract"])
        jane.post(f"{BASE}/contracts/{contract['id']}/accept/")
        assert ask(john, conversation, contract=contract["id"])["contract"] == contract["id"]

    def test_in_a_conversation_that_is_closed_nothing_is_asked(self, john, jane, conversation):
        jane.patch(f"{BASE}/conversations/{conversation['id']}/", {"is_active": False})
        assert said(john.post(REQUESTS, body_for(conversation))) == (
            400,
            {"error": "Conversation is not active."},
        )
        assert john.get(REQUESTS).json == []

    def test_who_applied_to_a_project_asks_its_client(self, john, jane, proposal):
        order = john.post("/api/v1/gigs/proposal-orders/", {"proposal_id": proposal["id"]}).json
        conversation = talk(jane, order, "proposalorder")
        assert said(jane.post(REQUESTS, body_for(conversation))) == FORBIDDEN
        assert ask(john, conversation)["conversation_id"] == conversation["id"]

    def test_a_key_makes_a_repeated_request_one(self, john, conversation):
        headers = {"Idempotency-Key": "once"}
        answers = [john.post(REQUESTS, body_for(conversation), headers=headers) for _ in range(2)]
        assert answers[0].json == answers[1].json
        assert len(john.get(REQUESTS).json) == 1

    def test_the_list_costs_the_same_however_long_it_is(self, john, conversation):
        counts = []
        for _ in range(2):
            ask(john, conversation)
            ask(john, conversation)
            with counted_queries() as statements:
                assert john.get(REQUESTS).status_code == 200
            counts.append(len(statements))
        assert counts[0] == counts[1]


class TestPaying:
    def test_the_order_of_a_request_is_as_documented_and_stays_the_same(self, jane, request_of):
        opened = open_order(jane, request_of)
        assert opened.status_code == 200
        order = opened.json
        assert order.pop("order_id").startswith("order_")
        assert order.pop("razorpay_key").startswith("rzp_test_")
        assert order == {"amount": 2000000, "currency": "INR", "description": "Final payment due"}
        assert open_order(jane, request_of).json == opened.json

    def test_a_payment_is_verified_and_shown_and_books_itself_once(
        self, client, john, jane, conversation, request_of
    ):
        told = pay(client, open_order(jane, request_of).json["order_id"])
        for _ in range(3):
            assert verify(jane, request_of, told) == SUCCESS
        assert statuses(john) == statuses(jane) == ["paid"]
        assert thread(john, conversation)[0]["payment_status"] == "paid"
        assert said(open_order(jane, request_of)) == PAID_ALREADY
        wallet = payments.get_wallet(person_id=john.user["id"], currency="INR")
        assert wallet.available.minor == 2_000_000
        assert list(payments.verify()) == []

    @pytest.mark.usefixtures("no_webhooks")
    def test_a_browser_that_was_closed_is_made_up_for(self, client, john, jane, request_of):
        pay(client, open_order(jane, request_of).json["order_id"])
        assert statuses(jane) == ["pending"]
        assert said(open_order(jane, request_of)) == PAID_ALREADY
        assert statuses(john) == ["paid"]

    @pytest.mark.usefixtures("no_webhooks")
    def test_what_is_not_proven_is_said_so_and_changes_nothing(self, client, jane, request_of):
        assert verify(jane, request_of, {}) == INVALID
        told = pay(client, open_order(jane, request_of).json["order_id"])
        for name, value in FORGERIES:
            assert verify(jane, request_of, told | {name: value}) == INVALID, value
        assert statuses(jane) == ["pending"]
        assert verify(jane, request_of, told) == SUCCESS
        for name, value in FORGERIES:
            assert verify(jane, request_of, told | {name: value}) == INVALID, value
        assert statuses(jane) == ["paid"]

    def test_a_proof_without_a_part_is_none(self, client, jane, request_of):
        told = pay(client, open_order(jane, request_of).json["order_id"])
        for missing in told:
            part = {name: value for name, value in told.items() if name != missing}
            assert verify(jane, request_of, part) == INVALID

    def test_whoever_has_the_conversation_open_sees_it_asked_and_paid(
        self, client, john, jane, conversation, monkeypatch
    ):
        pushed = caught_frames(monkeypatch)
        request = ask(john, conversation)
        verify(jane, request, pay(client, open_order(jane, request).json["order_id"]))
        frames = [frame for frame in pushed if "payment_status" in frame]
        (message,) = thread(jane, conversation)
        assert frames == [
            {**message, "payment_status": "pending"},
            {**message, "type": "message_updated"},
        ]

    def test_the_proof_of_one_request_pays_no_other(self, client, john, jane, conversation, request_of):
        other = ask(john, conversation)
        told = pay(client, open_order(jane, request_of).json["order_id"])
        opened = open_order(jane, other).json["order_id"]
        for forged in (told, told | {"razorpay_order_id": opened}):
            assert verify(jane, other, forged) == INVALID
        assert statuses(jane) == ["pending", "paid"]

    def test_only_the_client_pays_and_strangers_find_nothing(self, john, enter, jane, request_of):
        stranger = enter("rosa", Role.CLIENT)
        for who, wanted in ((john, FORBIDDEN), (stranger, NOT_FOUND)):
            assert said(open_order(who, request_of)) == wanted
            assert verify(who, request_of, {}) == wanted
        assert said(open_order(jane, {"id": 999})) == NOT_FOUND

    def test_a_provider_that_is_away_is_named_and_stores_nothing(self, jane, request_of):
        fake = FakeRazorpay()
        fake.fail("create_order", "refuse", "before")
        headers = {"Idempotency-Key": "again"}
        with razorpay.replaced(fake):
            for _ in range(2):
                assert said(open_order(jane, request_of, headers=headers)) == AWAY
            assert open_order(jane, request_of, headers=headers).json["order_id"] == "order_1"

    def test_production_without_keys_says_so(self, jane, request_of):
        with razorpay.replaced(RazorpayProvider(Settings(environment="production"))):
            assert open_order(jane, request_of).status_code == 503
            status, told = verify(jane, request_of, {})
            assert (status, list(told)) == (503, ["detail"])

    def test_the_secret_is_in_no_answer(self, app, client, jane, request_of):
        secret = razorpay.key_secret(app.config["SETTINGS"])
        opened = open_order(jane, request_of)
        acted = client.post(f"/sandbox/payments/{opened.json['order_id']}", {"outcome": "succeeded"})
        assert secret not in opened.text + acted.text + client.get("/sandbox/").text

    def test_of_many_who_open_and_verify_at_once_one_pays(self, client, john, jane, request_of):
        orders = together(*[lambda: open_order(jane, request_of).json["order_id"]] * 4)
        assert len(set(orders)) == 1
        told = pay(client, orders[0])
        assert together(*[lambda: verify(jane, request_of, told)] * 8) == [SUCCESS] * 8
        wallet = payments.get_wallet(person_id=john.user["id"], currency="INR")
        assert wallet.available.minor == 2_000_000
        assert list(payments.verify()) == []

    def test_a_paid_contract_cannot_be_called_off(self, client, john, jane, conversation, contract):
        jane.post(f"{BASE}/contracts/{contract['id']}/accept/")
        request = ask(john, conversation, contract=contract["id"])
        verify(jane, request, pay(client, open_order(jane, request).json["order_id"]))
        answer = jane.patch(f"{BASE}/contracts/{contract['id']}/", {"status": "cancelled"})
        assert (answer.status_code, list(answer.json)) == (400, ["error"])


def test_multitask_shows_none_of_it(client, john, jane, request_of):
    told = pay(client, open_order(jane, request_of).json["order_id"])
    verify(jane, request_of, told)
    hold_id = payments.find_payment_requests([f"payment_request:{request_of['id']}"])[
        f"payment_request:{request_of['id']}"
    ].hold_id
    for who in (john, jane):
        assert who.get(f"/api/payments/escrow/{hold_id}/").status_code == 404
        for step in ("release", "refund"):
            assert who.post(f"/api/payments/escrow/{hold_id}/{step}/").status_code == 404
        assert who.get("/api/payments/wallet/transactions/").json["results"] == []
