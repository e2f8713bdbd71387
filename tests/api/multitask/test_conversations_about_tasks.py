"""Opening a conversation through MultiTask."""

from tests.api.multitask.test_tasks import TASK


def test_a_conversation_is_opened_once_a_pair_and_task(join):
    omar, lina = join("omar"), join("lina")
    task = omar.post("/api/tasks/create/", TASK).json
    body = {"participant_id": lina.user["id"], "task_id": task["id"]}
    first = omar.post("/api/messaging/conversations/create/", body)
    assert first.status_code == 201
    assert first.json["task_id"] == task["id"]
    assert first.json["other_participant"]["username"] == "lina"
    again = lina.post(
        "/api/messaging/conversations/create/", {"participant_id": omar.user["id"], "task_id": task["id"]}
    )
    assert (again.status_code, again.json["id"]) == (200, first.json["id"])
    plain = omar.post("/api/messaging/conversations/create/", {"participant_id": lina.user["id"]})
    assert (plain.status_code, plain.json["task_id"]) == (201, None)
    assert plain.json["id"] != first.json["id"]


def test_the_task_must_exist_and_belong_to_one_of_the_two(join):
    omar, lina, nour = join("omar"), join("lina"), join("nour")
    task = omar.post("/api/tasks/create/", TASK).json
    for body, field in (
        ({"participant_id": nour.user["id"], "task_id": task["id"]}, "task_id"),
        ({"participant_id": nour.user["id"], "task_id": 999}, "task_id"),
        ({"participant_id": lina.user["id"]}, "participant_id"),
        ({"participant_id": 999}, "participant_id"),
        ({}, "participant_id"),
    ):
        answer = lina.post("/api/messaging/conversations/create/", body)
        assert (answer.status_code, list(answer.json)) == (400, [field])
