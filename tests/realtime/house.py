"""A web process with channels to try: under gunicorn `tests.realtime.house:serve()`, by itself Werkzeug's."""

import gc
import os
import signal
import sys
import threading
import time

# as the server's entry does
gc.disable()
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

from flask import Flask, request
from sqlalchemy import text
from werkzeug.serving import make_server

from marketplace import realtime
from marketplace.api import errors
from marketplace.api.converters import IdConverter
from marketplace.api.multitask.dialect import dialect
from marketplace.app import configure
from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.events import SessionRevoked
from marketplace.extensions import socketio
from marketplace.kernel import relay
from marketplace.kernel.combining import Combined, CombinedCommand
from marketplace.kernel.database import database
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.facts import reactions
from marketplace.kernel.reading import reading
from marketplace.kernel.settings import load_settings
from marketplace.realtime import Channel, Code, hears, hub, namespace, presence
from marketplace.realtime.handlers import close_revoked_session

gc.freeze()
gc.enable()

PACE = realtime.Pace(
    ping_s=float(os.environ.get("PING_S", "25")),
    ping_timeout_s=5,
    beat_s=0.5,
    alive_s=int(os.environ.get("ALIVE_S", "2")),
)
KEEPS_S = 1.5


def keep(promises):
    """Do what was promised, after a while."""
    time.sleep(KEEPS_S)
    for room, promise in promises:
        hub.push(room, {"type": "kept", "text": promise})
    return [None for _ in promises]


kept = Combined(keep)
promised = CombinedCommand(lambda promises: [kept.then(promise) for promise in promises])


class Talk(Channel):
    """A room for people: odd numbers do not exist."""

    path = "/ws/talk/<id:talk_id>/"

    def opens(self, person, *, talk_id):
        with reading() as connection:
            connection.execute(text("SELECT 1"))
        if talk_id % 2:
            raise NotFound
        self.person, self.room, self.told = person, f"talk:{talk_id}", 0
        return [self.room]

    @hears("say")
    def say(self, frame):
        with reading() as connection:
            connection.execute(text("SELECT 1"))
        hub.push(self.room, {"type": "said", "by": self.person.username, "text": frame["text"]})

    @hears("echo")
    def echo(self, frame):
        return [frame]

    @hears("promise")
    def promise(self, frame):
        promised.soon([(self.room, frame["text"])])
        return [frame]

    @hears("refuse")
    def refuse(self, _):
        raise Conflict("Not like that.")

    @hears("fail")
    def fail(self, _):
        raise RuntimeError("made to fail")

    @hears("leave")
    def leave(self, _):
        raise realtime.CloseChannel(Code.NORMAL, "Bye.")


class Desk(Channel):
    """A forgiving room of small frames, with codes of its own, that counts who is at it."""

    path = "/ws/desk/<id:desk_id>/"
    is_forgiving = True
    outlives_token = True
    most_bytes = 1000
    not_theirs = Code.FORBIDDEN

    def opens(self, person, *, desk_id):
        if desk_id % 2:
            raise NotFound
        self.place = f"desk:{desk_id}"
        return [self.place]

    def greets(self):
        return [{"type": "here", "others": sorted(presence.online(range(1, 50), self.place))}]

    @hears("tell")
    def tell(self, frame):
        hub.push(self.place, frame, but=self.wire.id)


class Gate(Channel):
    """Hears of everybody who comes to or goes from the house, wherever."""

    path = "/ws/gate/"

    def opens(self, person):
        return ["gate"]


def tell_at_gate(person_id, place, is_online):
    if place == realtime.ANYWHERE:
        hub.push("gate", {"type": "passed", "person": person_id, "is_online": is_online})


class MultitaskNews(Channel):
    """News as one face says it, to those who signed in through it."""

    path = "/ws/news/"
    face = "multitask"
    is_deaf = True

    def opens(self, person):
        return [f"multitask.news:{person.id}"]


class OtherNews(Channel):
    """News as another face says it."""

    path = "/ws/news/"
    face = "other"
    kind_key = "event"

    def opens(self, person):
        return [f"other.news:{person.id}"]

    def receive(self, frames):
        return [[{"event": "heard", "what": frame["event"]}] for frame in frames]


def create():
    """The application of one process."""
    settings = load_settings(os.environ)
    namespace.MOST_WAITING = int(os.environ.get("MOST_WAITING", namespace.MOST_WAITING))
    configure(settings)
    if not reactions.of(SessionRevoked.name):
        reactions.send(SessionRevoked, close_revoked_session)
    app = Flask("house")
    app.url_map.converters["id"] = IdConverter
    errors.register(app, (), dialect)
    realtime.register(app, [Talk, Desk, Gate, MultitaskNews, OtherNews], settings, pace=PACE)
    presence.listen(tell_at_gate)

    @app.get("/state")
    def state():
        online = presence.online(range(1, 50))
        return {
            "connections_of_database": database.engine.pool.checkedout(),
            "online": sorted(online),
            "counts": {str(person): presence.count(person) for person in online},
            "threads": threading.active_count(),
            "mode": socketio.async_mode,
        }

    _let_push(app)

    @app.post("/sign-out")
    def sign_out():
        person, _ = accounts.identify(request.headers["Authorization"].removeprefix("Bearer "))
        accounts.sign_out(person)
        return {}

    @app.post("/sweep")
    def sweep():
        time.sleep(relay.FIRST_RETRY_S + 0.5)
        return {"taken": relay.sweep()}

    return app


def _let_push(app):
    @app.post("/push/<room>")
    def push(room):
        hub.push(room, {"type": "said", "by": "the house", "text": "over HTTP"})
        return {}

    @app.post("/push/<room>/<int:number>")
    def push_in_order(room, number):
        hub.push_in_order([(room, number, {"type": "said", "by": "the house", "text": str(number)})])
        return {}

    @app.post("/flood/<room>")
    def flood(room):
        for number in range(20):
            frame = {"type": "said", "by": "the house", "text": f"{number} " + "x" * 8000}
            hub.push_all([(room, frame)] * 50)
            time.sleep(0.1)
        return {}


def serve():
    """What gunicorn loads."""
    app = create()
    realtime.leaving.on_sigterm()
    return app


if __name__ == "__main__":

    def leave():
        realtime.leaving.go_away()
        os._exit(0)

    server = make_server("127.0.0.1", int(sys.argv[1]), create(), threaded=True)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=leave).start())
    server.serve_forever()
