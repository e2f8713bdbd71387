"""What most requests are, as operations that a test may repeat in this process."""

import itertools
from contextlib import contextmanager
from copy import copy
from types import SimpleNamespace

from benchmarks.operations import APPLICATION, LIST, MESSAGE
from marketplace.extensions import socketio
from marketplace.kernel.kept import forget_everything
from marketplace.realtime import hub
from marketplace.realtime.link import rooms
from marketplace.realtime.namespace import NamespaceLink
from marketplace.realtime.websocket import PlainLink

TASKS, FREELANCERS = 24, 8
MEMBERS = 100
# one alone takes too little time to be measured well
PUSHES = 10
CHAT = "/ws/chat"
ROOM = "hot-paths"
FRAME = {"type": "chat_message", "id": 1, "content": "x" * 60, "sender": {"id": 1, "username": "sara"}}
TASK = {
    "title": "Paint a northgate",
    "description": "Two coats of white, all brushes are here.",
    "category": 1,
    "budget": "250.00",
    "city": "Cairo",
    "task_type": "physical",
}


class Market:
    """A page of tasks, some freelancers, and a conversation."""

    def __init__(self, client, join):
        self._client = client
        self._sara = join("sara", "client")
        self._freelancers = [join(f"freelancer{number}", "freelancer") for number in range(FREELANCERS)]
        self.tasks = [_done(self._sara.post("/api/tasks/create/", TASK)).json["id"] for _ in range(TASKS)]
        self._pairs = itertools.product(self.tasks, self._freelancers)
        about = {"participant_id": self._freelancers[0].user["id"]}
        room = _done(self._sara.post("/api/messaging/conversations/create/", about)).json["id"]
        self._send = f"/api/messaging/conversations/{room}/messages/send/"

    def list(self):
        assert len(_done(self._client.get(LIST.format(page=1))).json["results"]) == 20

    def search(self):
        found = _done(self._client.get(f"{LIST.format(page=1)}&search=northgate"))
        assert len(found.json["results"]) == 20

    def list_anew(self):
        forget_everything()
        self.list()

    def search_anew(self):
        forget_everything()
        self.search()

    def detail(self):
        _done(self._client.get(f"/api/tasks/{self.tasks[0]}/"))

    def apply(self):
        task, freelancer = next(self._pairs)
        _done(freelancer.post(f"/api/tasks/{task}/apply/", APPLICATION))

    def send(self):
        _done(self._sara.post(self._send, MESSAGE))

    def login(self):
        _done(self._client.post("/api/auth/login/", {"username": "sara", "password": "StrongPass123"}))


@contextmanager
def plain_audience():
    """A hundred plain sockets of a room, whose other ends take everything; yields what pushes to them."""
    taken = []

    def send(piece, _flags):
        taken.append(piece)
        return len(piece)

    socket = SimpleNamespace(sock=SimpleNamespace(send=send), event=_Unheard(), connected=True)
    links = [PlainLink(copy(socket)) for _ in range(MEMBERS)]

    def push():
        taken.clear()
        for _ in range(PUSHES):
            hub.push(ROOM, FRAME)
        assert len(taken) == PUSHES * MEMBERS

    with _joined(links):
        yield push


@contextmanager
def namespace_audience(monkeypatch):
    """The same over Socket.IO, down to the packets that Engine.IO would write."""
    taken = []
    server = socketio.server
    monkeypatch.setattr(server.eio, "send_packet", lambda _, packet: taken.append(packet.encode()))
    carried_by = [f"hot-path-{number}" for number in range(MEMBERS)]
    quick = SimpleNamespace(queue=SimpleNamespace(qsize=lambda: 0))
    monkeypatch.setattr(server.eio, "sockets", dict.fromkeys(carried_by, quick))
    sids = [server.manager.connect(transport, CHAT) for transport in carried_by]
    links = [NamespaceLink(server, CHAT, sid) for sid in sids]

    def push():
        taken.clear()
        for _ in range(PUSHES):
            hub.push(ROOM, FRAME)
        assert len(taken) == PUSHES * MEMBERS

    with _joined(links):
        try:
            yield push
        finally:
            for sid in sids:
                server.manager.disconnect(sid, CHAT)


@contextmanager
def _joined(links):
    for link in links:
        link.join(ROOM)
    try:
        yield
    finally:
        for link in links:
            rooms.leave_all(link)


class _Unheard:
    """The event that wakes a connection's own thread, where there is none."""

    def set(self):
        pass


def _done(answer):
    assert answer.status_code < 300, answer.text
    return answer
