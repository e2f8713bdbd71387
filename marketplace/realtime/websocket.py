"""The plain WebSocket transport: the documented URLs, JSON text frames, close codes."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

import structlog
from flask import Blueprint, Flask, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed, Server
from typing_extensions import override

from marketplace.kernel.combining import GATHER_S
from marketplace.realtime.bus import Bus
from marketplace.realtime.channel import Channel, CloseChannel
from marketplace.realtime.codes import Code
from marketplace.realtime.door import Door, admit, depart, respond
from marketplace.realtime.frames import MAX_FRAME_BYTES, Frame, decode, text_message
from marketplace.realtime.link import Link
from marketplace.realtime.origins import Origins
from marketplace.realtime.secrecy import hide_token
from marketplace.realtime.wire import Wire

MAX_QUEUED_BYTES = 1024 * 1024
BEHIND_BYTES = 32 * 1024
MAX_UNREAD = 64
MOST_HEARD = 16
GOODBYE_S = 2.0
_BEARER = "bearer "

log = structlog.get_logger()


class PlainLink(Link):
    """One plain WebSocket. Its own thread reads, answers and writes; others write what makes nobody wait."""

    def __init__(self, socket: Server) -> None:
        """Stand on an accepted socket."""
        super().__init__()
        self._socket = socket
        self._wire = Wire(socket.sock, is_full=self._is_full, on_end=socket.event.set)
        socket.sock = self._wire
        self._ending: tuple[int, str] | None = None
        self._is_over = False
        self._owner = threading.get_ident()

    @override
    def send(self, frame: Frame) -> None:
        if not self.push(text_message(frame)) and threading.get_ident() == self._owner:
            self._write()

    @override
    def close(self, code: int, detail: str = "") -> None:
        if self._ending is None:
            self._ending = (int(code), detail)
        self._socket.event.set()

    @override
    @classmethod
    def fan_out(cls, frames: Sequence[Frame], links: Sequence[Self]) -> None:
        messages = b"".join(map(text_message, frames))
        for link in links:
            link.push(messages)
        if any(link.is_behind for link in links):
            time.sleep(0)  # a burst takes no turn from those who would write it

    @property
    def is_behind(self) -> bool:
        """Whether much waits to be written."""
        return self._wire.queued_bytes > BEHIND_BYTES

    def push(self, messages: bytes) -> bool:
        """Send as far as that waits for nobody, and let the connection's own thread write the rest.

        Answers whether all is sent. A client that reads too slowly is let go.
        """
        if self._wire.queued_bytes < MAX_QUEUED_BYTES:
            is_sent = self._wire.push(messages)
        else:
            is_sent = False
            if self._ending is None:
                log.warning("slow_client_cut", person_id=self.claims.person_id if self.claims else None)
            self._ending = self._ending or (Code.TRY_LATER, "Too slow.")
            self._wire.cut()
        if not is_sent:
            self._socket.event.set()
        return is_sent

    def converse(self, hear: Callable[[Sequence[str | bytes]], None]) -> None:
        """Write what is queued and hear what arrives, until one of the two ends it."""
        unread = self._socket.input_buffer
        heard, heard_at = 0, 0.0
        while True:
            self._write()
            if self._ending is not None:
                self._socket.close(*self._ending)
                return
            if unread:
                self._gather(heard, heard_at + GATHER_S)
                arrived = unread[:MOST_HEARD]
                del unread[:MOST_HEARD]
                hear(arrived)
                heard, heard_at = len(arrived), time.monotonic()
                continue
            if not self._socket.connected or not self._socket.thread.is_alive():
                return
            self._socket.event.wait(self._socket.ping_interval)
            self._socket.event.clear()

    def end(self) -> None:
        """Give the client a moment to hear how it ended, then let go of the socket."""
        self._is_over = True
        self._socket.thread.join(GOODBYE_S)
        self._wire.cut()

    def _gather(self, enough: int, until: float) -> None:
        """Wait a moment for as many frames as came last time: who sends several at once goes on doing so."""
        while len(self._socket.input_buffer) < enough and (left_s := until - time.monotonic()) > 0:
            self._socket.event.wait(left_s)
            self._socket.event.clear()

    def _write(self) -> None:
        if self._wire.queued_bytes and self._socket.connected:
            self._wire.send()

    def _is_full(self) -> bool:
        return len(self._socket.input_buffer) >= MAX_UNREAD and not (self._ending or self._is_over)


def mount(
    app: Flask, sock: Sock, doors: Sequence[Door], *, bus: Bus, origins: Origins, ping_s: float
) -> None:
    """Serve each door at its documented URL."""
    app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": ping_s, "max_message_size": MAX_FRAME_BYTES}
    blueprint = Blueprint("realtime", __name__)

    @blueprint.before_request
    def prepare() -> None:
        bus.initialize()
        origins.check(request.environ)
        # Compression would cost 300 kB of windows a connection and an encoding of its own for every client.
        request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        hide_token(request.environ)

    for door in doors:
        sock.route(door.open_path, bp=blueprint, endpoint=_endpoint(door))(_view(door))
    app.register_blueprint(blueprint)


def _view(door: Door) -> Callable[..., None]:
    def view(socket: Server, **given: Any) -> None:
        link = PlainLink(socket)
        try:
            admit(link, door, token=_token(), given=given)
            link.converse(lambda arrived: respond(link, [*map(_decoded, arrived)]))
        except CloseChannel as closing:
            link.close(closing.code, closing.detail)
            _finish(link)
        except (ConnectionClosed, OSError):
            log.debug("client_gone", path=door.path)
        finally:
            depart(link)
            link.end()

    return view


def _decoded(message: str | bytes) -> Callable[[Channel], object]:
    return lambda channel: decode(message, most_bytes=channel.most_bytes)


def _finish(link: PlainLink) -> None:
    try:
        link.converse(lambda _: None)
    except (ConnectionClosed, OSError):
        log.debug("client_gone_before_goodbye")


def _token() -> str:
    header = request.headers.get("Authorization", "")
    if header.lower().startswith(_BEARER):
        return header[len(_BEARER) :].strip()
    return request.args.get("token", "")


def _endpoint(door: Door) -> str:
    return door.path.strip("/").replace("/", "-")
