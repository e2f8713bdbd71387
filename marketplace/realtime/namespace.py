"""The Socket.IO transport: a namespace for each door, events named as the frames' kinds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Self

import socketio
import structlog
from socketio.exceptions import ConnectionRefusedError as Refused
from socketio.packet import Packet
from typing_extensions import override

from marketplace.realtime.channel import Channel, CloseChannel
from marketplace.realtime.codes import COME_AGAIN, Code
from marketplace.realtime.door import Door, admit, depart, respond
from marketplace.realtime.frames import Frame, FrameRefused, plain
from marketplace.realtime.link import Link

ERROR = "error"
# So many packets may wait for a client.
MOST_WAITING = 1000

log = structlog.get_logger()


class NamespaceLink(Link):
    """One client's connection to a namespace."""

    def __init__(self, server: socketio.Server, namespace: str, sid: str) -> None:
        """Stand on a connection that Socket.IO has accepted."""
        super().__init__()
        self.server = server
        self.namespace = namespace
        self.sid = sid
        self.ending: CloseChannel | None = None
        # what carries it, with whatever other namespaces the client has
        self._transport = server.eio.sockets[server.manager.eio_sid_from_sid(sid, namespace)]

    @override
    def send(self, frame: Frame) -> None:
        self._emit(self.event_of(frame), plain(frame))

    @override
    def close(self, code: int, detail: str = "") -> None:
        if self.ending is not None:
            return
        self.ending = CloseChannel(code, detail)
        if self.channel is None:
            return
        self._emit(ERROR, {**self.channel.refusal(detail), "code": int(code)})
        if code in COME_AGAIN:
            # clients come again by themselves when the transport ends, not when they are sent away
            self._transport.close(wait=False, abort=True)
        else:
            self.server.disconnect(self.sid, namespace=self.namespace, ignore_queue=True)
        depart(self)

    @override
    @classmethod
    def fan_out(cls, frames: Sequence[Frame], links: Sequence[Self]) -> None:
        by_namespace: defaultdict[str, list[Self]] = defaultdict(list)
        for link in links:
            by_namespace[link.namespace].append(link)
        for namespace, its in by_namespace.items():
            sids = [link.sid for link in its]
            for frame in frames:
                event = its[0].event_of(frame)
                its[0].server.manager.emit(event, frame, namespace=namespace, room=sids, ignore_queue=True)
        for link in links:
            link.cut_if_slow()

    def cut_if_slow(self) -> None:
        """Let a client go that reads too slowly."""
        if self.ending is None and self._transport.queue.qsize() > MOST_WAITING:
            log.warning("slow_client_cut", person_id=self.claims.person_id if self.claims else None)
            self.close(Code.TRY_LATER, "Too slow.")

    def event_of(self, frame: Frame) -> str:
        """The name of the event that carries a frame: its kind."""
        kind_key = self.channel.kind_key if self.channel else "type"
        return str(frame.get(kind_key, "message"))

    def _emit(self, event: str, frame: Frame) -> None:
        self.server.manager.emit(event, frame, namespace=self.namespace, room=self.sid, ignore_queue=True)


class DoorNamespace(socketio.Namespace):  # type: ignore[misc]  # python-socketio ships no types
    """The namespace of a door."""

    def __init__(self, door: Door) -> None:
        """Serve the door under its namespace."""
        super().__init__(door.namespace)
        self._door = door
        self._links: dict[str, NamespaceLink] = {}

    @override
    def trigger_event(self, event: str, *args: Any) -> None:
        """Hear everything: connections, disconnections and frames.

        A client may name its own events `connect` and `disconnect`: those are frames like any other.
        """
        sid, *data = args
        link = self._links.get(sid)
        if link is None:
            if event == "connect":
                self._connect(sid, data[1] if len(data) > 1 else None)
        elif event == "disconnect" and not self.server.manager.is_connected(sid, self.namespace):
            del self._links[sid]
            depart(link)
        else:
            self._hear(link, event, data)

    def _connect(self, sid: str, auth: object) -> None:
        link = NamespaceLink(self.server, self.namespace, sid)
        given: Mapping[str, object] = auth if isinstance(auth, dict) else {}
        token = given.get("token")
        try:
            admit(link, self._door, token=token if isinstance(token, str) else "", given=given)
        except CloseChannel as closing:
            link.ending = link.ending or closing
        if link.ending is not None:
            depart(link)
            raise Refused(
                link.ending.detail or "Refused.", {"code": link.ending.code, "detail": link.ending.detail}
            )
        self._links[sid] = link

    @staticmethod
    def _hear(link: NamespaceLink, event: str, data: list[Any]) -> None:
        try:
            respond(link, [lambda channel: _frame(channel, event, data)])
        except CloseChannel as closing:
            link.close(closing.code, closing.detail)


def _frame(channel: Channel, event: str, data: list[Any]) -> Frame:
    given = data[0] if data else None
    if len(data) > 1 or not isinstance(given, dict | None) or Packet.data_is_binary(data):
        raise FrameRefused("A frame is one JSON object.")
    return {**(given or {}), channel.kind_key: event}
