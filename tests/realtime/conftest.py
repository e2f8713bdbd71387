"""Houses with channels to try, and real clients of both transports."""

import itertools
import json
import os
import queue
import socket
import struct
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
import requests
import socketio
import websocket

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Registration, Role
from marketplace.kernel.tokens import Use, tokens

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 60
MODES = ("eventlet", "threading")
SERVERS = (*MODES, "werkzeug")


def until(ask, *, within_s=10.0):
    """What `ask` answers once that is true."""
    deadline = time.monotonic() + within_s
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)
    return answer


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class House:
    """A web process of its own."""

    def __init__(self, settings, server, log, *, port=None, **environ):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.environ = {
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "DATABASE_POOL_SIZE": "2",
            "REDIS_URL": settings.redis_url or "",
            "INSTANCE_PATH": str(settings.instance_path),
            "PORT": str(self.port),
            "SOCKETIO_ASYNC_MODE": "threading" if server == "werkzeug" else server,
            "PYTHONWARNINGS": "ignore",
            **environ,
        }
        gunicorn = ["gunicorn", "--config", "python:marketplace.local.web", "tests.realtime.house:serve()"]
        command = ["tests.realtime.house", str(self.port)] if server == "werkzeug" else gunicorn
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=ROOT, env=self.environ, stdout=output, stderr=output
            )

    def wait(self):
        until(self.answers, within_s=WITHIN_S)
        return self

    def answers(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return requests.get(f"{self.url}/state", timeout=2).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def state(self):
        return requests.get(f"{self.url}/state", timeout=5).json()

    def post(self, path, token=""):
        answer = requests.post(f"{self.url}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=10)
        assert answer.ok

    def worker(self):
        """The process that holds the sockets: gunicorn's child, or Werkzeug itself."""
        children = psutil.Process(self.process.pid).children()
        return children[0].pid if children else self.process.pid

    def kill(self):
        worker = self.worker()
        self.process.kill()
        if worker != self.process.pid:
            os.kill(worker, 9)
        self.process.wait(10)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


class Plain:
    """A client of the documented URL."""

    def __init__(self, house, path, token=None, **options):
        query = "" if token is None else f"?token={token}"
        self.ws = websocket.create_connection(
            f"ws://127.0.0.1:{house.port}{path}{query}", timeout=10, enable_multithread=True, **options
        )

    def send(self, frame):
        self.ws.send(frame if isinstance(frame, str) else json.dumps(frame))

    def hear(self):
        opcode, data = self.ws.recv_data(control_frame=True)
        while opcode in {websocket.ABNF.OPCODE_PING, websocket.ABNF.OPCODE_PONG}:
            opcode, data = self.ws.recv_data(control_frame=True)
        assert opcode == websocket.ABNF.OPCODE_TEXT, (opcode, data)
        return json.loads(data)

    def code(self):
        """The code with which the server closes, whatever it says before."""
        while True:
            opcode, data = self.ws.recv_data(control_frame=True)
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                self.ws.shutdown()
                return struct.unpack("!H", data[:2])[0]

    def close(self):
        self.ws.close(timeout=1)


class Namespace:
    """A client of a Socket.IO namespace, which hears the same frames."""

    def __init__(self, house, namespace, token=None, transports=("websocket",), **place):
        self.namespace = namespace
        self.heard = queue.Queue()
        self.refused = queue.Queue()
        self.io = socketio.Client(reconnection=False)
        self.io.on("*", lambda event, data: self.heard.put((event, data)), namespace=namespace)
        self.io.on("connect_error", self.refused.put, namespace=namespace)
        self.io.on("disconnect", lambda *_: self.heard.put(("disconnect", {})), namespace=namespace)
        auth = {**place} if token is None else {"token": token, **place}
        self.io.connect(
            house.url, namespaces=[namespace], auth=auth, transports=list(transports), wait_timeout=10
        )
        self.ws = self.io.eio.ws

    def send(self, frame):
        frame = dict(frame)
        self.io.emit(frame.pop("type"), frame, namespace=self.namespace)

    def hear(self):
        event, frame = self.heard.get(timeout=10)
        assert event == frame.get("type"), (event, frame)
        return frame

    def code(self):
        event, frame = self.heard.get(timeout=10)
        while event != "error":
            event, frame = self.heard.get(timeout=10)
        assert self.heard.get(timeout=10)[0] == "disconnect"
        return frame["code"]

    def close(self):
        was_cut = not self.io.connected
        self.io.disconnect()
        if was_cut and self.ws is not None:
            self.ws.shutdown()  # the library leaves it open


class People:
    """People who can sign in, and tokens of theirs."""

    def __init__(self):
        self._number = itertools.count(1)

    def join(self, *, face="multitask"):
        name = f"person{next(self._number)}"
        return accounts.register(
            Registration(
                username=name,
                email=f"{name}@example.com",
                password="StrongPass123",
                roles=frozenset({Role.CLIENT}),
            ),
            face=face,
        )

    @staticmethod
    def short_token(signed_in, *, seconds, monkeypatch):
        claims = tokens.read(signed_in.access, Use.ACCESS)
        with monkeypatch.context() as patch:
            patch.setattr(tokens, "lifetime", lambda _: timedelta(seconds=seconds))
            return tokens.issue(
                Use.ACCESS,
                person_id=claims.person_id,
                session_id=claims.session_id,
                generation=claims.generation,
                face=claims.face,
            )


@pytest.fixture(scope="session", params=MODES)
def mode(request):
    return request.param


@pytest.fixture(scope="session")
def houses(settings, mode, tmp_path_factory):
    """Two web processes over one Redis and one database."""
    folder = tmp_path_factory.mktemp(mode)
    pair = [House(settings, mode, folder / f"{number}.log") for number in (1, 2)]
    try:
        yield [house.wait() for house in pair]
    finally:
        for house in pair:
            house.stop()


@pytest.fixture
def house(houses):
    return houses[0]


@pytest.fixture
def build(settings, tmp_path):
    """Start further houses; they end with the test."""
    built = []

    def start(server, *, of=settings, **options):
        built.append(House(of, server, tmp_path / f"house{len(built)}.log", **options))
        return built[-1].wait()

    yield start
    for house in built:
        if house.process.poll() is None:
            house.stop()


@pytest.fixture
def people(app):
    return People()


@pytest.fixture
def opened():
    """Keeps clients, and closes them when the test ends."""
    clients = []

    def keep(client):
        clients.append(client)
        return client

    yield keep
    for client in clients:
        client.close()


@pytest.fixture(params=["plain", "socketio"])
def transport(request):
    return request.param


@pytest.fixture
def connect(transport, opened):
    """Come to a talk over either transport."""

    def come(house, talk, token):
        if transport == "plain":
            return opened(Plain(house, f"/ws/talk/{talk}/", token))
        return opened(Namespace(house, "/ws/talk", token, talk_id=talk))

    return come


@pytest.fixture
def approach(transport, opened):
    """Come to a desk over either transport."""

    def come(house, desk, token):
        if transport == "plain":
            return opened(Plain(house, f"/ws/desk/{desk}/", token))
        return opened(Namespace(house, "/ws/desk", token, desk_id=desk))

    return come
