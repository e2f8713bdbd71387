"""What people hear of their orders and of the contracts of one, over both transports."""

import pytest

from marketplace.domains.accounts.public import Role
from tests.api.skillconnect.lines import PlainLine, SocketioLine, everybody_has_left, lines, until
from tests.factories.people import sign_in

GIGS = "/api/v1/gigs"
CONTRACTS = "/api/v1/messaging/contracts/"


@pytest.fixture(params=["plain", "socketio"])
def listen(request, live_server):
    """Listen at a path over a transport; everybody has left when the test ends."""
    with lines() as keep:

        def listen(who, path, namespace, **place):
            if request.param == "plain":
                return keep(PlainLine(live_server, path, who.token))
            return keep(SocketioLine(live_server, namespace, who.token, **place))

        yield listen
    until(everybody_has_left)


@pytest.fixture
def notices(listen):
    """Listen to what happens to one's orders."""
    return lambda who: listen(who, "/ws/notifications/", "/ws/notifications")


@pytest.fixture
def track(listen):
    """Listen to the contracts of an order."""

    def track(who, kind, order):
        path = f"/ws/messaging/contracts/{kind}/{order['id']}/"
        place = {"order_type": kind, "order_id": order["id"]}
        return listen(who, path, "/ws/messaging/contracts", **place)

    return track


@pytest.fixture
def order(jane, service):
    return jane.post(f"{GIGS}/service-orders/", {"service_id": service["id"]}).json


def test_a_freelancer_hears_of_an_order_and_a_client_of_the_answer(notices, john, jane, service):
    his, hers = notices(john), notices(jane)
    order = jane.post(f"{GIGS}/service-orders/", {"service_id": service["id"]}).json
    told = {
        "id": order["id"],
        "title": "Website Design",
        "client": "jane",
        "freelancer": "john",
        "order_type": "serviceorder",
        "status": "pending",
        "text": "New order received from jane for service 'Website Design'.",
        "created_at": order["created_at"],
    }
    assert his.hear() == told
    john.patch(f"{GIGS}/service-orders/{order['id']}/", {"status": "accepted"})
    text = "Your order for service 'Website Design' was accepted by john."
    assert hers.hear() == {**told, "status": "accepted", "text": text}
    john.patch(f"{GIGS}/service-orders/{order['id']}/", {"status": "cancelled"})
    text = "Your order for service 'Website Design' was cancelled by john."
    assert hers.hear() == {**told, "status": "cancelled", "text": text}


def test_a_client_hears_of_an_application_and_freelancers_of_the_choice(notices, enter, john, jane, proposal):
    other = enter("other", Role.FREELANCER)
    hers, his, its = notices(jane), notices(john), notices(other)
    ids = [
        who.post(f"{GIGS}/proposal-orders/", {"proposal_id": proposal["id"]}).json["id"]
        for who in (john, other)
    ]
    title = "Landing Page Design Required"
    told = hers.hear()
    assert (told["id"], told["order_type"], told["freelancer"]) == (ids[0], "proposalorder", "john")
    assert told["text"] == f"New application received from john for proposal '{title}'."
    assert hers.hear()["freelancer"] == "other"
    jane.patch(f"{GIGS}/proposal-orders/{ids[1]}/", {"status": "accepted"})
    assert its.hear()["text"] == f"Your application for proposal '{title}' was accepted by jane."
    refused = his.hear()
    assert (refused["status"], refused["id"]) == ("rejected", ids[0])


def test_a_token_hears_the_frames_of_its_own_face(notices, client, john, jane, service):
    multitask = sign_in(client, john.person)
    his, elsewhere = notices(john), notices(multitask)
    jane.post(f"{GIGS}/service-orders/", {"service_id": service["id"]})
    assert his.hear()["order_type"] == "serviceorder"
    frame = elsewhere.hear()
    assert (frame["type"], frame["notification"]["notification_type"]) == ("new_notification", "system")


def test_contracts_are_told_at_once_and_with_every_change(track, john, jane, order):
    body = {"order_type": "service", "order_id": order["id"], "amount": 20000}
    first = john.post(CONTRACTS, body).json
    his, hers = track(john, "serviceorder", order), track(jane, "service", order)
    now = {"id": first["id"], "amount": 20000, "status": "pending", "workflow_status": "draft"}
    assert his.hear() == hers.hear() == now
    jane.post(f"{CONTRACTS}{first['id']}/accept/")
    now |= {"status": "accepted", "workflow_status": "in_progress"}
    assert his.hear() == hers.hear() == now
    jane.patch(f"{CONTRACTS}{first['id']}/", {"workflow_status": "completed"})
    assert his.hear() == hers.hear() == now | {"workflow_status": "completed"}
    second = jane.post(CONTRACTS, {**body, "amount": 0.5}).json
    assert his.hear() == {"id": second["id"], "amount": 0.5, "status": "pending", "workflow_status": "draft"}


def test_strangers_track_nothing(track, enter, john, order):
    assert track(enter("other", Role.FREELANCER), "serviceorder", order).code() == 4403
    assert track(john, "proposalorder", order).code() == 4403
    assert track(john, "nonsense", order).code() == 4403
    assert track(john, "service", {"id": 999}).code() == 4403
