"""Changing one's profile, by either method of the two documents."""

import pytest

from marketplace.kernel import relay
from marketplace.providers.sandbox import mailbox

PROFILE = "/api/auth/profile/"
TASK = {"title": "Paint a fence", "description": "Blue.", "category": 6, "budget": "100"}
CHANGES = {
    "first_name": "Sara",
    "last_name": "Haddad",
    "phone_number": "+20 100 000 0000",
    "city": "Cairo",
    "country": "Egypt",
    "bio": "I fix what others gave up.",
}


@pytest.fixture
def sara(join):
    return join("sara")


@pytest.fixture(params=["PATCH", "PUT"])
def change(request, sara):
    """Sara changes her profile, by either method."""
    return sara.patch if request.param == "PATCH" else sara.put


def post_task(owner):
    return owner.post("/api/tasks/create/", TASK).json["id"]


def apply(freelancer, task_id):
    answer = freelancer.post(f"/api/tasks/{task_id}/apply/", {"proposal": "I can", "offered_price": "90"})
    return answer.json["id"]


def test_what_is_sent_changes_and_the_rest_stays(sara, change):
    before = sara.get(PROFILE).json
    for name, value in CHANGES.items():
        before |= {name: value}
        answer = change(PROFILE, {name: value})
        assert (answer.status_code, answer.json) == (200, before)
    assert sara.get(PROFILE).json == before


def test_a_text_may_be_emptied(change):
    change(PROFILE, CHANGES)
    emptied = change(PROFILE, {"bio": "", "city": "  "}).json
    assert (emptied["bio"], emptied["city"], emptied["first_name"]) == ("", "", "Sara")


def test_a_profile_that_is_sent_back_whole_changes_nothing(sara, change):
    before = change(PROFILE, CHANGES).json
    assert change(PROFILE, before).json == before
    assert sara.get(PROFILE).json == before
    relay.sweep()
    assert len(mailbox.list_mails(to="sara@example.com")) == 1


def test_what_is_not_hers_to_set_stays(sara, change):
    before = sara.get(PROFILE).json
    forbidden = {
        "id": 99,
        "username": "queen",
        "is_verified": True,
        "date_joined": "2001-01-01T00:00:00Z",
        "status": "suspended",
        "is_staff": True,
        "roles": ["admin"],
        "password": "Paper-Moon-42",
        "avatar": "https://example.com/x.png",
    }
    assert change(PROFILE, forbidden).json == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "no-address"}, "email"),
        ({"email": ""}, "email"),
        ({"email": None}, "email"),
        ({"email": "omar@example.com"}, "email"),
        ({"email": "OMAR@example.com"}, "email"),
        ({"first_name": "x" * 151}, "first_name"),
        ({"bio": "x" * 2001}, "bio"),
        ({"bio": "nul\x00nul"}, "bio"),
        ({"bio": ["x"]}, "bio"),
        ({"city": None}, "city"),
        ({"user_type": "admin"}, "user_type"),
        ({"user_type": None}, "user_type"),
        ({"user_type": "client", "is_freelancer": True}, "user_type"),
        ({"user_type": "both", "is_client": False}, "user_type"),
        ({"is_client": False, "is_freelancer": False}, "user_type"),
        ({"is_client": 0}, "is_client"),
        ({"is_freelancer": "true"}, "is_freelancer"),
    ],
)
def test_a_change_that_is_refused_names_the_field_and_changes_nothing(sara, join, change, body, field):
    join("omar")
    before = sara.get(PROFILE).json
    answer = change(PROFILE, {**CHANGES, **body})
    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert sara.get(PROFILE).json == before


def test_nobody_changes_a_profile_without_a_token(client):
    assert {client.patch(PROFILE, {}).status_code, client.put(PROFILE, {}).status_code} == {401}


def test_a_new_address_is_to_be_proven_again(client, sara, change):
    relay.sweep()
    (first,) = mailbox.list_mails(to="sara@example.com")
    client.post("/api/auth/verify-email/", {"token": token_in(first)})
    assert sara.get(PROFILE).json["is_verified"] is True
    changed = change(PROFILE, {"email": "new@example.com"}).json
    assert (changed["email"], changed["is_verified"]) == ("new@example.com", False)
    relay.sweep()
    (mail,) = mailbox.list_mails(to="new@example.com")
    client.post("/api/auth/verify-email/", {"token": token_in(mail)})
    assert sara.get(PROFILE).json["is_verified"] is True
    login = {"username_or_email": "new@example.com", "password": "StrongPass123"}
    assert client.post("/api/auth/login/", login).status_code == 200
    assert client.get("/api/auth/check-email/?email=sara@example.com").json["available"] is True


def test_mails_to_the_old_address_prove_and_reset_nothing(client, sara, change):
    client.post("/api/auth/password-reset/", {"email": "sara@example.com"})
    relay.sweep()
    reset, verification = mailbox.list_mails(to="sara@example.com")
    change(PROFILE, {"email": "new@example.com"})
    assert client.post("/api/auth/verify-email/", {"token": token_in(verification)}).status_code == 400
    body = {"token": token_in(reset), "new_password": "Paper-Moon-42"}
    assert list(client.post("/api/auth/password-reset/confirm/", body).json) == ["token"]


def test_the_case_of_an_address_is_no_new_address(client, sara, change):
    relay.sweep()
    client.post("/api/auth/verify-email/", {"token": token_in(mailbox.list_mails()[0])})
    changed = change(PROFILE, {"email": "Sara@Example.com"}).json
    assert (changed["email"], changed["is_verified"]) == ("Sara@Example.com", True)


@pytest.mark.parametrize(
    ("body", "user_type"),
    [
        ({"user_type": "client"}, "client"),
        ({"user_type": "FREELANCER"}, "freelancer"),
        ({"is_client": False}, "freelancer"),
        ({"is_freelancer": False}, "client"),
        ({"is_client": True, "is_freelancer": False}, "client"),
        ({"user_type": "freelancer", "is_client": False}, "freelancer"),
        ({"user_type": "both", "is_client": True}, "both"),
        ({"is_client": True}, "both"),
    ],
)
def test_a_role_is_given_up_by_either_way_to_say_it(sara, change, body, user_type):
    changed = change(PROFILE, body).json
    assert changed["user_type"] == user_type
    assert changed["is_client"] is (user_type != "freelancer")
    assert changed["is_freelancer"] is (user_type != "client")
    # the token at hand knows
    expected = 201 if changed["is_client"] else 403
    assert sara.post("/api/tasks/create/", TASK).status_code == expected


def test_a_role_is_taken_on(join):
    omar = join("omar", "client")
    assert omar.patch(PROFILE, {"is_freelancer": True}).json["user_type"] == "both"
    assert omar.patch(PROFILE, {"user_type": "freelancer"}).json["user_type"] == "freelancer"


def test_the_last_role_stays(join):
    omar = join("omar", "client")
    answer = omar.patch(PROFILE, {"is_client": False})
    assert (answer.status_code, answer.json) == (400, {"user_type": ["Keep at least one role."]})
    assert omar.patch(PROFILE, {"is_freelancer": False}).json["user_type"] == "client"


def test_a_client_with_unfinished_tasks_stays_one(sara, change, join):
    omar = join("omar", "freelancer")
    task_id = post_task(sara)
    body = {"user_type": "freelancer", "bio": "new"}
    for step in (
        lambda: None,
        lambda: sara.post(f"/api/tasks/applications/{apply(omar, task_id)}/accept/"),
    ):
        step()
        answer = change(PROFILE, body)
        assert (answer.status_code, list(answer.json)) == (400, ["detail"])
        assert "tasks" in answer.json["detail"]
    assert sara.get(PROFILE).json["user_type"] == "both"
    assert sara.get(PROFILE).json["bio"] == ""
    sara.post(f"/api/tasks/{task_id}/complete/")
    assert change(PROFILE, body).json["user_type"] == "freelancer"


def test_a_freelancer_somebody_waits_for_stays_one(sara, change, join):
    omar = join("omar", "client")
    task_id = post_task(omar)
    application_id = apply(sara, task_id)
    for step in (lambda: None, lambda: omar.post(f"/api/tasks/applications/{application_id}/accept/")):
        step()
        answer = change(PROFILE, {"is_freelancer": False})
        assert (answer.status_code, list(answer.json)) == (400, ["detail"])
        assert "applications" in answer.json["detail"]
    omar.post(f"/api/tasks/{task_id}/cancel/")
    assert change(PROFILE, {"is_freelancer": False}).json["user_type"] == "client"


def test_a_rejected_application_holds_nobody(sara, join):
    omar = join("omar", "client")
    omar.post(f"/api/tasks/applications/{apply(sara, post_task(omar))}/reject/")
    assert sara.patch(PROFILE, {"user_type": "client"}).json["user_type"] == "client"


def token_in(mail):
    return next(line for line in mail.text.splitlines() if len(line.partition(".")[2]) == 64)
