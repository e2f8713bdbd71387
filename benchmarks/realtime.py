"""What a push costs: `python -m benchmarks.realtime [eventlet|threading] [plain|socketio] [members]`.

One web process, its members in this process, pushes from this process through Redis. It prints the time from
a push to its last member, deliveries a second, and the memory of an idle connection.
"""

import json
import selectors
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
import websocket
from flask import Flask

from marketplace import realtime
from marketplace.app import configure
from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Registration, Role
from marketplace.kernel import schema
from marketplace.kernel.settings import Settings
from marketplace.local.services import start_postgres, start_redis
from tests.realtime.conftest import House

DELIVERIES = 100_000
PASSWORD = "StrongPass123"  # noqa: S105 - of a person who lives as long as this run
ROUNDS = 50
FRAME = {"type": "said", "by": "the benchmark", "text": "x" * 200}


def main() -> None:
    mode, transport, members = ([*sys.argv[1:], *("eventlet", "plain", "100")[len(sys.argv) - 1 :]])[:3]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        postgres, redis = start_postgres(path, fsync=False), start_redis(path, fsync=False)
        try:
            schema.upgrade(postgres.owner_url)
            settings = Settings(
                database_url=postgres.url, redis_url=redis.url, instance_path=path / "instance"
            )
            run(settings, mode, transport, int(members))
        finally:
            redis.stop()
            postgres.stop()


def run(settings: Settings, mode: str, transport: str, members: int) -> None:
    configure(settings)
    realtime.register(Flask("benchmark"), [], settings)
    newcomer = Registration(
        username="sara", email="sara@example.com", password=PASSWORD, roles=frozenset({Role.CLIENT})
    )
    token = accounts.register(newcomer, face="multitask").access
    house = House(settings, mode, settings.instance_path.with_suffix(".log")).wait()
    try:
        worker = psutil.Process(house.worker())
        clients = [connect(house, transport, token)]
        before = worker.memory_info().rss
        clients += [connect(house, transport, token) for _ in range(members - 1)]
        time.sleep(1)
        idle = (worker.memory_info().rss - before) / max(members - 1, 1)
        print(f"{mode}, {transport}, {members} members: {idle / 1024:.0f} kB an idle connection")
        measure(clients)
    finally:
        house.kill()


def connect(house: House, transport: str, token: str) -> websocket.WebSocket:
    if transport == "plain":
        return websocket.create_connection(
            f"ws://127.0.0.1:{house.port}/ws/talk/2/?token={token}", timeout=10
        )
    client = websocket.create_connection(
        f"ws://127.0.0.1:{house.port}/socket.io/?EIO=4&transport=websocket", timeout=10
    )
    client.recv()
    client.send(f"40/ws/talk,{json.dumps({'token': token, 'talk_id': 2})}")
    assert client.recv().startswith("40/ws/talk,{"), "not let in"
    return client


def measure(clients: list[websocket.WebSocket]) -> None:
    readers = selectors.DefaultSelector()
    for client in clients:
        client.sock.settimeout(0)
        readers.register(client.sock, selectors.EVENT_READ)
    realtime.hub.push("talk:2", FRAME)
    size = drain(readers, quiet_s=1.0) // len(clients)

    latencies = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        realtime.hub.push("talk:2", FRAME)
        receive(readers, size * len(clients))
        latencies.append((time.perf_counter() - started) * 1000)
    latencies.sort()
    median = statistics.median(latencies)
    print(f"  a push to its last member: median {median:.1f} ms, worst {latencies[-1]:.1f} ms")

    started = time.perf_counter()
    pushes = DELIVERIES // len(clients)
    for _ in range(pushes):
        realtime.hub.push("talk:2", FRAME)
    receive(readers, size * len(clients) * pushes)
    taken_s = time.perf_counter() - started
    print(f"  {pushes} pushes in a row: {pushes * len(clients) / taken_s:,.0f} deliveries a second")


def receive(readers: selectors.BaseSelector, size: int) -> None:
    deadline = time.monotonic() + 120
    while size > 0:
        assert time.monotonic() < deadline, f"{size} bytes did not come"
        for key, _ in readers.select(1):
            size -= len(key.fileobj.recv(1 << 20))
    assert size == 0, "more came than was sent"


def drain(readers: selectors.BaseSelector, *, quiet_s: float) -> int:
    total = 0
    while ready := readers.select(quiet_s):
        total += sum(len(key.fileobj.recv(1 << 20)) for key, _ in ready)
    return total


if __name__ == "__main__":
    main()
