"""Changing and deleting tasks through MultiTask."""

import pytest

from tests.api.multitask.test_tasks import OFFER, TASK

NEW = {"title": "Assemble two wardrobes", "description": "Four doors.", "category": 6, "budget": "150.5"}
NOT_FOUND = {"detail": "Not found."}


@pytest.fixture
def omar(join):
    return join("omar", "client")


@pytest.fixture
def lina(join):
    return join("lina", "freelancer")


@pytest.fixture
def task(omar):
    return omar.post("/api/tasks/create/", TASK).json


@pytest.fixture
def update(task):
    return f"/api/tasks/{task['id']}/update/"


@pytest.fixture
def delete(task):
    return f"/api/tasks/{task['id']}/delete/"


def accept(omar, lina, task):
    """Lina is chosen for the task; her application."""
    applied = lina.post(f"/api/tasks/{task['id']}/apply/", OFFER).json
    return omar.post(f"/api/tasks/applications/{applied['id']}/accept/").json


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"title": "  Paint a door "}, {"title": "Paint a door"}),
        ({"budget": "99.5"}, {"budget": "99.50"}),
        ({"category": "6"}, {"category": 6, "category_name": "Painting and decorating"}),
        ({"deadline": None}, {"deadline": None, "is_overdue": False}),
        ({"city": "", "address": ""}, {"city": "", "address": ""}),
        ({"task_type": "DIGITAL"}, {"task_type": "digital"}),
        (
            {"description": "Three doors.", "deadline": "2030-01-31"},
            {"description": "Three doors.", "deadline": "2030-01-31", "is_overdue": False},
        ),
    ],
)
def test_a_part_of_a_task_is_changed_and_the_rest_stays(omar, client, task, update, change, shown):
    answer = omar.patch(update, change)
    assert answer.status_code == 200
    assert answer.json == task | shown | {"updated_at": answer.json["updated_at"]}
    assert omar.get(f"/api/tasks/{task['id']}/").json == answer.json
    assert client.get(f"/api/tasks/{task['id']}/").json.items() <= answer.json.items()


def test_a_task_is_described_anew_and_optional_fields_that_are_not_sent_stay(omar, task, update):
    answer = omar.put(update, NEW)
    assert answer.status_code == 200
    assert answer.json == task | {
        **NEW,
        "budget": "150.50",
        "category_name": "Painting and decorating",
        "updated_at": answer.json["updated_at"],
    }


@pytest.mark.parametrize("missing", ["title", "description", "category", "budget"])
def test_a_task_described_anew_needs_what_a_new_one_needs(omar, update, missing):
    answer = omar.put(update, {name: value for name, value in NEW.items() if name != missing})
    assert (answer.status_code, answer.json) == (400, {missing: ["This field is required."]})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "x\x00"}, "description"),
        ({"description": ["x"]}, "description"),
        ({"category": 999}, "category"),
        ({"category": True}, "category"),
        ({"category": None}, "category"),
        ({"budget": 0}, "budget"),
        ({"budget": "1.234"}, "budget"),
        ({"budget": "NaN"}, "budget"),
        ({"budget": "9" * 30}, "budget"),
        ({"budget": None}, "budget"),
        ({"deadline": "31/12/2030"}, "deadline"),
        ({"deadline": 20301231}, "deadline"),
        ({"task_type": "astral"}, "task_type"),
        ({"city": "x" * 101}, "city"),
        ({"address": {}}, "address"),
    ],
)
def test_bad_changes_name_the_field_and_change_nothing(omar, task, update, change, field):
    for answer in (omar.patch(update, {"title": "New", **change}), omar.put(update, NEW | change)):
        assert (answer.status_code, list(answer.json)) == (400, [field])
    assert omar.get(f"/api/tasks/{task['id']}/").json == task


@pytest.mark.parametrize("body", [[], "x", 1, None])
def test_a_body_that_is_no_object_changes_nothing(omar, task, update, body):
    answer = omar.patch(update, data=str(body), content_type="application/json")
    assert answer.status_code == 400
    assert omar.get(f"/api/tasks/{task['id']}/").json == task


def test_what_is_not_the_owners_to_write_is_ignored(omar, lina, task, update):
    sent = {"status": "COMPLETED", "client": lina.user["id"], "id": 7, "created_at": None, "escrow": 1}
    answer = omar.patch(update, sent)
    assert (answer.status_code, answer.json) == (200, task)


def test_the_same_again_is_no_change(omar, task, update):
    answer = omar.patch(update, {"title": TASK["title"], "budget": "100.0"})
    assert (answer.status_code, answer.json) == (200, task)
    assert omar.patch(update, {}).json == task


def test_only_the_owner_changes_and_deletes(client, join, lina, task, update, delete):
    for somebody in (lina, join("maya", "client")):
        for answer in (somebody.patch(update, {"title": "Mine"}), somebody.delete(delete)):
            assert answer.status_code == 403
            assert answer.json == {"detail": "You do not have permission to perform this action."}
    for answer in (client.patch(update, {}), client.put(update, NEW), client.delete(delete)):
        assert answer.status_code == 401


def test_what_does_not_exist_is_neither_changed_nor_deleted(omar):
    for answer in (
        omar.patch("/api/tasks/999/update/", {"title": "x"}),
        omar.put("/api/tasks/999/update/", NEW),
        omar.delete("/api/tasks/999/delete/"),
    ):
        assert (answer.status_code, answer.json) == (404, NOT_FOUND)


def test_a_task_is_changed_while_it_is_open_alone(omar, lina, task, update):
    accept(omar, lina, task)
    for step, state in (("complete", "in_progress"), (None, "completed")):
        answer = omar.patch(update, {"title": "Another"})
        assert (answer.status_code, answer.json) == (
            400,
            {"detail": f"Cannot update this task: it is {state}."},
        )
        if step:
            omar.post(f"/api/tasks/{task['id']}/{step}/")
    assert omar.put(update, NEW).status_code == 400


def test_a_deleted_task_is_nowhere(client, omar, lina, task, delete):
    lina.post(f"/api/tasks/{task['id']}/save/")
    answer = omar.delete(delete)
    assert (answer.status_code, answer.data) == (204, b"")
    assert omar.delete(delete).status_code == 404
    for somebody in (client, omar, lina):
        assert somebody.get(f"/api/tasks/{task['id']}/").status_code == 404
        assert somebody.get("/api/tasks/").json["count"] == 0
        assert somebody.get(f"/api/tasks/{task['id']}/reviews/").status_code == 404
    for path in ("my-tasks", "saved"):
        for somebody in (omar, lina):
            assert somebody.get(f"/api/tasks/{path}/").json["count"] == 0
    for answer in (
        lina.post(f"/api/tasks/{task['id']}/apply/", OFFER),
        lina.post(f"/api/tasks/{task['id']}/save/"),
        omar.post(f"/api/tasks/{task['id']}/cancel/"),
        omar.patch(f"/api/tasks/{task['id']}/update/", {"title": "Back"}),
        omar.get(f"/api/tasks/{task['id']}/applications/"),
    ):
        assert (answer.status_code, answer.json) == (404, NOT_FOUND)
    counts = client.get("/api/tasks/categories/?page_size=100").json["results"]
    assert {row["task_count"] for row in counts} == {0}


def test_applications_go_with_their_task_and_applicants_are_told(omar, lina, task, delete):
    application = lina.post(f"/api/tasks/{task['id']}/apply/", OFFER).json
    assert omar.delete(delete).status_code == 204
    assert lina.get("/api/tasks/my-applications/").json["count"] == 0
    for verb in ("accept", "reject"):
        assert omar.post(f"/api/tasks/applications/{application['id']}/{verb}/").status_code == 404
    (told,) = lina.get("/api/notifications/").json["results"]
    assert (told["notification_type"], told["data"]) == ("application_rejected", {})
    assert told["message"] == "Your application to “Assemble a wardrobe” was not accepted."
    (known,) = omar.get("/api/notifications/").json["results"]
    assert (known["notification_type"], known["data"]) == ("new_application", {})


def test_what_was_said_about_a_deleted_task_stays(omar, lina, task, delete):
    body = {"participant_id": lina.user["id"], "task_id": task["id"]}
    opened = omar.post("/api/messaging/conversations/create/", body).json
    path = f"/api/messaging/conversations/{opened['id']}"
    lina.post(f"{path}/messages/send/", {"content": "Is it still free?"})
    omar.delete(delete)
    seen = lina.get(f"{path}/").json
    assert (seen["task_id"], seen["last_message"]["content"]) == (None, "Is it still free?")
    assert lina.post(f"{path}/messages/send/", {"content": "A pity."}).status_code == 201
    refused = omar.post("/api/messaging/conversations/create/", body)
    assert (refused.status_code, refused.json) == (400, {"task_id": ["There is no such task."]})


def test_a_task_under_way_is_not_deleted_and_a_cancelled_one_is(omar, lina, task, delete):
    accept(omar, lina, task)
    refused = omar.delete(delete)
    assert refused.status_code == 400
    assert refused.json == {"detail": "Cannot delete this task: it is in_progress. Cancel it instead."}
    omar.post(f"/api/tasks/{task['id']}/cancel/")
    assert omar.delete(delete).status_code == 204
    for somebody, path in ((lina, "my-tasks"), (lina, "my-applications"), (omar, "my-tasks")):
        assert somebody.get(f"/api/tasks/{path}/").json["count"] == 0


def test_a_completed_task_is_not_deleted(omar, lina, task, delete):
    accept(omar, lina, task)
    omar.post(f"/api/tasks/{task['id']}/complete/")
    refused = omar.delete(delete)
    assert (refused.status_code, refused.json) == (
        400,
        {"detail": "Cannot delete this task: it is completed."},
    )


@pytest.mark.parametrize("is_paid", [True, False])
def test_a_task_with_a_payment_stays(client, omar, lina, task, delete, is_paid):
    application = accept(omar, lina, task)
    intent = omar.post("/api/payments/intents/create/", {"application_id": application["id"]}).json
    if is_paid:
        client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})
    omar.post(f"/api/tasks/{task['id']}/cancel/")
    refused = omar.delete(delete)
    assert (refused.status_code, list(refused.json)) == (400, ["detail"])
    assert "A payment was made or prepared" in refused.json["detail"]
    escrow = omar.get(f"/api/payments/escrow/{intent['escrow_id']}/").json
    assert omar.get(f"/api/tasks/{escrow['task_id']}/").json["status"] == "CANCELLED"
