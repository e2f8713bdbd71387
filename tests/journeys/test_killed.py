"""Two hundred stories while processes are killed at random: nothing is lost, nothing happens twice."""

import json
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psutil
import pytest
import requests

from tests.house import folder_of_its_own, running_in
from tests.journeys.people import Somebody, eventually
from tests.journeys.test_story import TASK

STORIES = 200
PAIRS = 8
VICTIMS = ("web", "worker", "redis")
KILLS_OF_EACH = 7
LONGEST_STORY_S = 1.0
SETTLED_WITHIN_S = 150
# to look at a long inbox all the time takes the machine from those who fill it
LOOK_EVERY_S = 1.0


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_fact_is_heard_once_whoever_is_killed():
    with folder_of_its_own() as folder, running_in(folder, RATE_LIMITS="off", DEMO="off") as url:
        pairs = [
            (Somebody.joins(url, "client", "owner"), Somebody.joins(url, "freelancer", "seller"))
            for _ in range(PAIRS)
        ]
        killers = killers_by_story(folder)

        def tell(number):
            if number in killers:
                killers[number].start()
            tell_story(number, *pairs[number % PAIRS])

        with ThreadPoolExecutor(PAIRS) as pool:
            list(pool.map(tell, range(STORIES)))
        for killer in killers.values():
            killer.join()
        told = Counter(number % PAIRS for number in range(STORIES))
        for number, (owner, seller) in enumerate(pairs):
            check_inbox(owner, {"new_application": told[number]})
            check_inbox(seller, {"application_accepted": told[number], "new_message": told[number]})


def tell_story(number, owner, seller):
    """One task, application, acceptance and message; each request is repeated until it is answered."""
    title = f"Story {number}"
    task = insist(owner, "/api/tasks/create/", {**TASK, "title": title}, f"{number}-task")
    if task is None:
        mine = persist(lambda: owner.get("/api/tasks/my-tasks/?page_size=100"))["results"]
        task = next(row for row in mine if row["title"] == title)
    offer = {"proposal": "I can", "bid_amount": "120.00"}
    application = insist(seller, f"/api/tasks/{task['id']}/apply/", offer, f"{number}-apply")
    if application is None:
        listed = persist(lambda: owner.get(f"/api/tasks/{task['id']}/applications/"))["results"]
        application = listed[0]
    insist(owner, f"/api/tasks/applications/{application['id']}/accept/", None, f"{number}-accept")
    body = {"participant_id": seller.id, "task_id": task["id"]}
    conversation = persist(lambda: talk(owner, body))
    insist(
        owner,
        f"/api/messaging/conversations/{conversation['id']}/messages/send/",
        {"content": title},
        f"{number}-message",
    )


def insist(somebody, path, body, key):
    """Repeat a keyed request until it is answered; `None` when it was carried out and its answer was lost."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            answer = requests.post(
                f"{somebody.url}{path}",
                json=body,
                headers={"Authorization": f"Bearer {somebody.access}", "Idempotency-Key": key},
                timeout=20,
            )
        except requests.RequestException:
            time.sleep(0.2)
            continue
        if answer.ok:
            return answer.json()
        assert answer.status_code == 409, answer.text
        if "lost" in answer.text:
            return None
        time.sleep(0.2)
    message = f"{path} was not answered"
    raise AssertionError(message)


def talk(owner, body):
    answer = requests.post(
        f"{owner.url}/api/messaging/conversations/create/",
        json=body,
        headers={"Authorization": f"Bearer {owner.access}"},
        timeout=20,
    )
    assert answer.ok, answer.text
    return answer.json()


def persist(look):
    """What `look` answers, once the server is there."""
    until = time.monotonic() + 60
    while True:
        try:
            return look()
        except requests.RequestException:
            assert time.monotonic() < until
            time.sleep(0.2)


def killers_by_story(folder):
    """Who kills -9 one program of the house at a random point soon after a random story began."""
    chance = random.Random(42)
    victims = [*VICTIMS * KILLS_OF_EACH]
    chance.shuffle(victims)
    apart = STORIES // len(victims)
    return {
        number * apart + chance.randrange(apart): threading.Timer(
            chance.uniform(0, LONGEST_STORY_S), kill, (folder, victim)
        )
        for number, victim in enumerate(victims)
    }


def kill(folder, victim):
    """Kill -9 a program and what it started, once it runs."""
    for process in eventually(lambda: of_house(folder, victim), within_s=60):
        # some end with their leader
        with suppress(psutil.NoSuchProcess):
            process.kill()


def of_house(folder, name):
    """The living processes of one program of the house."""
    try:
        record = json.loads((folder / "instance" / "run" / f"{name}.json").read_text())
        leader = psutil.Process(record["pid"])
        return [leader, *leader.children(recursive=True)]
    except (FileNotFoundError, psutil.NoSuchProcess):
        return []


def check_inbox(somebody, expected):
    """Each task is told once, in the inbox and by mail."""

    def subject(data):
        return data.get("task_id", data.get("conversation_id"))

    def inbox():
        rows = []
        for page in range(1, 10):
            answer = somebody.get(f"/api/notifications/?page_size=100&page={page}")
            rows += answer["results"]
            if answer["next"] is None:
                return rows
        return rows

    total = sum(expected.values())
    eventually(lambda: len(inbox()) >= total, within_s=SETTLED_WITHIN_S, every_s=LOOK_EVERY_S)
    rows = inbox()
    assert Counter(row["notification_type"] for row in rows) == expected
    told = [(row["notification_type"], subject(row["data"])) for row in rows]
    assert len(told) == len(set(told))
    eventually(lambda: len(somebody.mails()) >= total + 1, within_s=SETTLED_WITHIN_S, every_s=LOOK_EVERY_S)
    assert len(somebody.mails()) == total + 1
