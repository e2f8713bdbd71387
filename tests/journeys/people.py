"""People who use the running house as an app would: HTTP, a plain WebSocket, a Socket.IO client."""

import json
import queue
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import requests
import socketio
import websocket

PASSWORD = "StrongPass123"
PATIENCE_S = 20
_numbers = count(1)


def eventually(look, *, within_s=PATIENCE_S, every_s=0.1):
    """What `look` answers once it is true; the last answer is shown when it never is."""
    until = time.monotonic() + within_s
    while not (found := look()):
        if time.monotonic() > until:
            message = f"not within {within_s} s: {found!r}"
            raise AssertionError(message)
        time.sleep(every_s)
    return found


@dataclass
class Somebody:
    """Somebody signed in to the house at `url`."""

    url: str
    username: str
    access: str
    refresh: str
    user: dict

    @classmethod
    def joins(cls, url, user_type, name="person"):
        """Register somebody new."""
        username = f"{name}{next(_numbers)}-{time.monotonic_ns() % 10**9}"
        body = {
            "username": username,
            "email": f"{username}@example.com",
            "password": PASSWORD,
            "password2": PASSWORD,
            "user_type": user_type,
        }
        answer = requests.post(f"{url}/api/auth/register/", json=body, timeout=PATIENCE_S)
        assert answer.status_code == 201, answer.text
        return cls(url, username, answer.json()["access"], answer.json()["refresh"], answer.json()["user"])

    @property
    def id(self):
        return self.user["id"]

    def ask(self, method, path, body=None, *, expect=200, **headers):
        """Send a request; its JSON, once the status is what is expected."""
        answer = requests.request(
            method,
            f"{self.url}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.access}", **headers},
            timeout=PATIENCE_S,
        )
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.ask("POST", path, body, **options)

    def mails(self):
        """Mails in the sandbox, newest first."""
        address = f"{self.username}@example.com"
        return requests.get(f"{self.url}/sandbox/mail", params={"to": address}, timeout=PATIENCE_S).json()[
            "messages"
        ]

    def mail_about(self, words):
        """The mail whose subject has these words, once a worker has sent it."""
        return eventually(
            lambda: next((mail for mail in self.mails() if words in mail["subject"].lower()), None)
        )

    def verification_token(self):
        """The token of the verification mail."""
        return re.search(
            r"^\d+\.[0-9a-f]{64}$", self.mail_about("confirm your address")["text"], re.MULTILINE
        ).group()

    def notifications(self):
        """The inbox, newest first."""
        return self.get("/api/notifications/?page_size=100")["results"]

    def types(self):
        """The types of the inbox, oldest first."""
        return [row["notification_type"] for row in reversed(self.notifications())]

    @contextmanager
    def on_websocket(self, path):
        """Frames from the documented URL, over a plain WebSocket."""
        address = self.url.replace("http", "ws", 1)
        socket = websocket.create_connection(f"{address}{path}?token={self.access}", timeout=PATIENCE_S)
        try:
            yield PlainLine(socket)
        finally:
            socket.close()
            # a socket that the other side has closed is not let go of by `close`
            socket.shutdown()

    @contextmanager
    def on_socketio(self, namespace, **path):
        """Frames from the namespace, over Socket.IO."""
        session = requests.Session()
        client = socketio.Client(reconnection=False, http_session=session)
        frames = queue.Queue()
        client.on("*", lambda _, frame: frames.put(frame), namespace=namespace)
        auth = {"token": self.access, **path}
        client.connect(self.url, namespaces=[namespace], auth=auth, wait_timeout=PATIENCE_S)
        try:
            yield SocketioLine(client, namespace, frames)
        finally:
            client.disconnect()
            session.close()


@dataclass
class PlainLine:
    """A plain WebSocket."""

    socket: websocket.WebSocket

    def say(self, frame):
        self.socket.send(json.dumps(frame))

    def hear(self, kind):
        """The next frame of that kind; of none, where a face says none."""
        while True:
            frame = self.hear_any()
            if frame.get("type") == kind:
                return frame

    def hear_any(self):
        """The next frame."""
        return json.loads(self.socket.recv())

    def sees_other(self):
        """Whether the other person of a conversation is online; from now on that is told."""
        self.say({"type": "watch"})
        return self.hear("presence")["is_online"]


@dataclass
class SocketioLine:
    """A Socket.IO connection."""

    client: socketio.Client
    namespace: str
    frames: queue.Queue

    def say(self, frame):
        self.client.emit(frame["type"], frame, namespace=self.namespace)

    def hear(self, kind):
        """The next frame of that kind; of none, where a face says none."""
        while True:
            frame = self.frames.get(timeout=PATIENCE_S)
            if frame.get("type") == kind:
                return frame


def pay(url, reference, outcome="succeeded"):
    """The payer, or the bank, acts."""
    answer = requests.post(
        f"{url}/sandbox/payments/{reference}", json={"outcome": outcome}, timeout=PATIENCE_S
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def in_threads(calls):
    """Run calls at once in threads and wait for all."""
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
