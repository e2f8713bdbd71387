"""One story through two faces: what it leaves in the core is compared row by row.

A client posts work, a freelancer applies and is chosen, both talk, the work is paid for and finished. What is
said to differ below is what the documents themselves want otherwise, and nothing else does.
"""

import sqlalchemy as sa

from marketplace.domains.accounts.public import Role
from tests.factories import people

TITLE = "Landing page"
# MultiTask counts in dollars, SkillConnect in rupees.
CURRENCIES = {"USD": "the currency", "INR": "the currency"}
KINDS = {"task": "the work", "proposal": "the work", "application": "the deal", "proposal_order": "the deal"}
# MultiTask holds the money until it is released by hand; SkillConnect's client pays what was asked for.
ESCROW_ONLY = {"payment_held"}
SIDES = {
    "owner_id",
    "assignee_id",
    "buyer_id",
    "seller_id",
    "payer_id",
    "payee_id",
    "person_id",
    "sender_id",
}


def _made(who, path, body, status=201):
    answer = who.post(path, body)
    assert answer.status_code == status, answer.text
    return answer.json


def through_multitask(client, buyer, seller):
    """The story as MultiTask's document tells it."""
    sara, karim = people.sign_in(client, buyer), people.sign_in(client, seller)
    body = {"title": TITLE, "description": "One page.", "category": 2, "budget": "120.00"}
    task = _made(sara, "/api/tasks/create/", {**body, "task_type": "digital"})["id"]
    offer = {"proposal": "I can.", "offered_price": "120.00"}
    application = _made(karim, f"/api/tasks/{task}/apply/", offer)["id"]
    _made(sara, f"/api/tasks/applications/{application}/accept/", None, 200)
    talk = {"participant_id": seller.id, "task_id": task}
    chat = _made(sara, "/api/messaging/conversations/create/", talk)["id"]
    say = f"/api/messaging/conversations/{chat}/messages/send/"
    _made(sara, say, {"content": "Is Saturday fine?"})
    _made(karim, say, {"content": "Saturday at nine."})
    intent = _made(sara, "/api/payments/intents/create/", {"application_id": application})
    _made(client, f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"}, 200)
    _made(sara, f"/api/tasks/{task}/complete/", None, 200)
    _made(sara, f"/api/payments/escrow/{intent['escrow_id']}/release/", None, 200)


def through_skillconnect(client, buyer, seller):
    """The story as SkillConnect's document tells it."""
    jane, john = enter(client, buyer), enter(client, seller)
    base = "/api/v1"
    body = {"title": TITLE, "description": "One page.", "category_id": 2, "timeline_days": 7}
    proposal = _made(jane, f"{base}/gigs/proposals/", {**body, "budget_min": 120, "budget_max": 120})["id"]
    order = _made(john, f"{base}/gigs/proposal-orders/", {"proposal_id": proposal, "message": "I can."})["id"]
    chosen = jane.patch(f"{base}/gigs/proposal-orders/{order}/", {"status": "accepted"})
    assert chosen.status_code == 200, chosen.text
    talk = {"order_type": "proposalorder", "order_id": order}
    chat = _made(jane, f"{base}/messaging/conversations/", talk)["id"]
    say = f"{base}/messaging/conversations/{chat}/messages/"
    _made(jane, say, {"content": "Is Saturday fine?"})
    _made(john, say, {"content": "Saturday at nine."})
    terms = {"order_type": "proposal", "order_id": order, "amount": 120}
    contract = _made(john, f"{base}/messaging/contracts/", terms)["id"]
    _made(jane, f"{base}/messaging/contracts/{contract}/accept/", None, 200)
    asked = {"conversation_id": chat, "contract": contract, "amount": 120}
    request = _made(john, f"{base}/messaging/payment-requests/", asked)["id"]
    payment = f"{base}/messaging/payments/{request}"
    razorpay = _made(jane, f"{payment}/create-razorpay-order/", None, 200)
    paid = _made(client, f"/sandbox/payments/{razorpay['order_id']}", {"outcome": "succeeded"}, 200)
    proof = {name: paid[name] for name in paid if name.startswith("razorpay_")}
    _made(jane, f"{payment}/verify-razorpay-payment/", proof, 200)
    done = jane.patch(f"{base}/messaging/contracts/{contract}/", {"workflow_status": "completed"})
    assert done.status_code == 200, done.text


def enter(client, who):
    """The client of a person who signs in through SkillConnect."""
    body = {"email": f"{who.username}@example.com", "password": people.PASSWORD}
    return client.signed_in(client.post("/api/v1/users/login/", body).json)


# What a story leaves in each part of the core, of these people.
TRACES = {
    "listings": """
        SELECT kind, owner_id, assignee_id, title, description, category_id, price_minor, price_max_minor,
            currency, place, city, status, deals_count, is_active
        FROM listings WHERE owner_id = ANY(:people)""",
    "deals": """
        SELECT kind, buyer_id, seller_id, title, proposal, price_minor, price_max_minor, currency, status
        FROM deals WHERE buyer_id = ANY(:people)""",
    "holds": """
        SELECT payer_id, payee_id, amount_minor, agreed_minor, fee_minor, currency, status
        FROM holds WHERE payer_id = ANY(:people)""",
    "ledger": """
        SELECT t.kind AS movement, e.amount_minor, e.currency, a.purpose, a.owner_id
        FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
        JOIN ledger_accounts a ON a.id = e.account_id JOIN holds h ON h.id = t.hold_id
        WHERE h.payer_id = ANY(:people) ORDER BY t.id, e.amount_minor""",
    "balances": """
        SELECT owner_id, purpose, currency, balance_minor
        FROM ledger_accounts WHERE owner_id = ANY(:people) AND balance_minor <> 0""",
    "rooms": """
        SELECT person_id, count(*) AS rooms
        FROM memberships WHERE person_id = ANY(:people) GROUP BY person_id ORDER BY person_id""",
    "talk": """
        SELECT sender_id, body
        FROM messages WHERE sender_id = ANY(:people) AND kind = 'text' ORDER BY seq""",
    "inbox": """
        SELECT DISTINCT person_id, type
        FROM notifications WHERE person_id = ANY(:people) ORDER BY person_id, type""",
}


def rows(owner, statement, parts):
    """What a statement finds, with people by their parts in the story."""
    with owner.connect() as connection:
        found = connection.execute(sa.text(statement), {"people": list(parts)}).mappings()
        return [{name: said(name, value, parts) for name, value in row.items()} for row in found]


def said(name, value, parts):
    if name in SIDES:
        return parts.get(value, value)
    return {**CURRENCIES, **KINDS}.get(value, value) if isinstance(value, str) else value


def traces(owner, buyer, seller):
    parts = {buyer.id: "the buyer", seller.id: "the seller"}
    found = {name: rows(owner, statement, parts) for name, statement in TRACES.items()}
    found["inbox"] = [row for row in found["inbox"] if row["type"] not in ESCROW_ONLY]
    return found


def test_the_same_story_leaves_the_same_rows_whichever_face_it_goes_through(client, owner):
    pairs = []
    for number, story in enumerate((through_multitask, through_skillconnect)):
        pair = (
            people.person(Role.CLIENT, username=f"buyer{number}"),
            people.person(Role.FREELANCER, username=f"seller{number}"),
        )
        story(client, *pair)
        pairs.append(pair)
    first, second = (traces(owner, *pair) for pair in pairs)
    for name in first:
        assert first[name], name
        assert first[name] == second[name], name
