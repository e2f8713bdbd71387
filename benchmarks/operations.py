"""The requests that are measured, in the world of `flask bench load`."""

import asyncio
import itertools
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.house import House
from benchmarks.wire import HttpClient, http_request, spread
from marketplace.cli.bench import PASSWORD, TASKS

SEED = 11
FIRST_FREELANCER, FREELANCERS = 4901, 100
CONNECTIONS, LOGIN_CONNECTIONS = 16, 4
HEADS = ("north", "river", "stone", "green", "iron", "moor", "glass", "oak")
TAILS = ("gate", "hall", "lamp", "bridge", "shelf", "garden")
PAGE, FOUND = 20, 0.017
LIST = "/api/tasks/?page={page}&page_size=20&status=OPEN&ordering=-created_at"
APPLICATION = {
    "proposal": "I have done ten of these and can start tomorrow.",
    "offered_price": "250.00",
    "estimated_duration": "5 days",
}
MESSAGE = {"content": "Hello, is the job still open? I can come on Monday."}

Requests = Callable[[Sequence[str], int], Iterator[bytes]]


def listing(tokens: Sequence[str], tasks: int) -> Iterator[bytes]:
    """Open tasks, newest first, any of the first fifty pages."""
    del tokens
    chance, last = random.Random(SEED), min(50, tasks // 2 // PAGE)
    while True:
        yield http_request("GET", LIST.format(page=chance.randint(1, last)))


def search(tokens: Sequence[str], tasks: int) -> Iterator[bytes]:
    """Open tasks with a word that 1.7 % of all have, any of the first five pages."""
    del tokens
    chance, last = random.Random(SEED), max(1, min(5, int(tasks / 2 * FOUND / PAGE)))
    while True:
        word = chance.choice(HEADS) + chance.choice(TAILS)
        yield http_request("GET", f"{LIST.format(page=chance.randint(1, last))}&search={word}")


def detail(tokens: Sequence[str], tasks: int) -> Iterator[bytes]:
    """One task, any."""
    del tokens
    chance = random.Random(SEED)
    while True:
        yield http_request("GET", f"/api/tasks/{chance.randint(1, tasks)}/")


def apply(tokens: Sequence[str], tasks: int) -> Iterator[bytes]:
    """Every request another freelancer's application to another task."""
    body = json.dumps(APPLICATION).encode()
    for round_, number in itertools.product(range(len(tokens)), range(tasks // 2)):
        token = tokens[(round_ + number) % len(tokens)]
        yield http_request("POST", f"/api/tasks/{2 * (number + 1)}/apply/", token=token, body=body)


def send(tokens: Sequence[str], tasks: int) -> Iterator[bytes]:
    """A message in any of a hundred conversations of two."""
    del tasks
    chance, body = random.Random(SEED), json.dumps(MESSAGE).encode()
    while True:
        number = chance.randrange(len(tokens))
        path = f"/api/messaging/conversations/{number + 1}/messages/send/"
        yield http_request("POST", path, token=tokens[number], body=body)


def login(tokens: Sequence[str], tasks: int) -> Iterator[bytes]:
    """Anybody signs in."""
    del tokens, tasks
    chance = random.Random(SEED)
    while True:
        yield login_request(f"user{chance.randint(1, 5000)}")


REST: Mapping[str, Requests] = {
    "list": listing,
    "search": search,
    "detail": detail,
    "apply": apply,
    "send": send,
    "login": login,
}


def login_request(username: str) -> bytes:
    """Somebody signs in."""
    body = json.dumps({"username_or_email": username, "password": PASSWORD}).encode()
    return http_request("POST", "/api/auth/login/", body=body)


async def sign_in(house: House, usernames: Sequence[str]) -> list[str]:
    """The access token of each, in this order."""
    clients = await spread(house, [HttpClient] * LOGIN_CONNECTIONS)
    waiting = dict(enumerate(usernames))
    tokens: dict[int, str] = {}

    async def work(client: HttpClient) -> None:
        while waiting:
            place, username = waiting.popitem()
            answer = json.loads(await client.answer_to(login_request(username)))
            tokens[place] = answer["access"]
        client.close()

    await asyncio.gather(*map(work, clients))
    return [tokens[place] for place in range(len(usernames))]


def freelancers(count: int = FREELANCERS) -> list[str]:
    """The usernames of those who applied for nothing yet."""
    return [f"user{FIRST_FREELANCER + number}" for number in range(count)]


__all__ = ["CONNECTIONS", "LOGIN_CONNECTIONS", "REST", "TASKS", "freelancers", "login_request", "sign_in"]
