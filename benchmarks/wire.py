"""Clients that cost little: HTTP/1.1 and WebSocket by hand, on asyncio.

The machine that is measured also runs whoever measures it, so every moment spent here is missing there.
"""

import asyncio
import itertools
import math
import os
import re
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TypeVar

from typing_extensions import override

from benchmarks.house import House

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
HEAD_END = b"\r\n\r\n"
TRIES_EACH = 30
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")

Answered = Callable[["HttpClient", int, bytes], None]
Client = TypeVar("Client", bound=asyncio.Protocol)


def http_request(method: str, path: str, *, token: str = "", body: bytes = b"") -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + HEAD_END + body


class HttpClient(asyncio.Protocol):
    """One kept-alive connection, one request at a time."""

    def __init__(self) -> None:
        """Start unconnected."""
        self.asked_at = 0.0
        self._answered: Answered | None = None
        self._transport: asyncio.Transport | None = None
        self._data = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self, request: bytes, answered: Answered) -> None:
        """Send a request; `answered(client, status, body)` hears, of status 0 if the connection is lost."""
        self._answered = answered
        self.asked_at = time.perf_counter()
        if self._transport is None or self._transport.is_closing():
            asyncio.get_running_loop().call_soon(self._answer, 0, b"")
        else:
            self._transport.write(request)

    async def answer_to(self, request: bytes) -> bytes:
        """The body that answers a request; anything but a success stops the run."""
        future: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self.ask(request, lambda _, status, body: future.set_result((status, body)))
        status, body = await future
        assert is_success(status), f"{status} to {request[:200]!r}: {body[:500]!r}"
        return body

    @override
    def data_received(self, data: bytes) -> None:
        self._data = self._data + data if self._data else data
        end = self._data.find(HEAD_END)
        if end < 0:
            return
        length = _LENGTH.search(self._data, 0, end + 2)
        size = end + len(HEAD_END) + (int(length[1]) if length else 0)
        if len(self._data) >= size:
            status, body = int(self._data[9:12]), self._data[end + len(HEAD_END) : size]
            self._data = self._data[size:]
            self._answer(status, body)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._answer(0, b"")

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()

    def _answer(self, status: int, body: bytes) -> None:
        answered, self._answered = self._answered, None
        if answered is not None:
            answered(self, status, body)


class SocketClient(asyncio.Protocol):
    """One WebSocket (RFC 6455); a subclass says what its texts mean."""

    def __init__(self, path: str) -> None:
        """Ask for a path once connected."""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_closed = False
        self._path = path
        self._transport: asyncio.Transport | None = None
        self._data = b""
        self._is_upgraded = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    async def open(self) -> None:
        """Ask to be let in, and wait until that is so."""
        assert self._transport is not None
        lines = [f"GET {self._path} HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade"]
        lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"]
        self._transport.write("\r\n".join(lines).encode() + HEAD_END)
        await asyncio.wait_for(self.opened, 20)

    def upgraded(self) -> None:
        """The server speaks WebSocket from here on."""

    def heard(self, text: bytes) -> None:
        """A text has come."""

    def say(self, text: bytes) -> None:
        """Send a text."""
        self._send(TEXT, text)

    @override
    def data_received(self, data: bytes) -> None:
        self._data = self._data + data if self._data else data
        if not self._is_upgraded and not self._upgrade():
            return
        start, data = 0, self._data
        while (end := frame_end(data, start)) is not None:
            body_start, body_end = end
            self._take(data[start] & 0x0F, data[body_start:body_end])
            start = body_end
        self._data = data[start:]

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.is_closed = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"closed before it was open: {self._data[:300]!r}"))
            # whoever waits hears it; where nobody does any more, asyncio need not say so either
            self.opened.exception()

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()

    def _upgrade(self) -> bool:
        head, found, rest = self._data.partition(HEAD_END)
        if not found:
            return False
        if int(head[9:12]) != HTTPStatus.SWITCHING_PROTOCOLS:
            self.close()
            return False
        self._is_upgraded, self._data = True, rest
        self.upgraded()
        return True

    def _take(self, opcode: int, body: bytes) -> None:
        if opcode == TEXT:
            self.heard(body)
        elif opcode == PING:
            self._send(PONG, body)
        elif opcode == CLOSE:
            self._data = body
            self.close()

    def _send(self, opcode: int, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(masked_frame(opcode, body))


def frame_end(data: bytes, start: int) -> tuple[int, int] | None:
    """Where the body of a server's frame begins and ends; None until all of it is there."""
    have = len(data) - start
    if have < 2:
        return None
    size, body = data[start + 1] & 0x7F, start + 2
    if size >= 126:
        wide = 2 if size == 126 else 8
        if have < 2 + wide:
            return None
        size, body = int.from_bytes(data[body : body + wide], "big"), body + wide
    return None if len(data) < body + size else (body, body + size)


def masked_frame(opcode: int, body: bytes) -> bytes:
    """A frame of a client."""
    size, mask = len(body), os.urandom(4)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    else:
        head = bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2, "big")
    pad = (mask * (size // 4 + 1))[:size]
    hidden = int.from_bytes(body, "big") ^ int.from_bytes(pad, "big")
    return head + mask + hidden.to_bytes(size, "big")


def is_success(status: int) -> bool:
    """Whether a status says that it was done."""
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


async def spread(house: House, makers: Sequence[Callable[[], Client]]) -> list[Client]:
    """Connect each client, every second one to another web process, so that two runs are alike.

    Web processes that share a port take connections as they come; what one has taken too many of is let go.
    """
    pids = house.worker_pids
    wanted = {pid: math.ceil((len(makers) - place) / len(pids)) for place, pid in enumerate(pids)}
    loop = asyncio.get_running_loop()
    clients: dict[int, Client] = {}
    places = {pid: itertools.count(place, len(pids)) for place, pid in enumerate(pids)}
    for _ in range(TRIES_EACH * len(makers)):
        if len(clients) == len(makers):
            return [clients[place] for place in range(len(makers))]
        probe, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", house.port)
        pid = await house.holder_of(probe.get_extra_info("sockname")[1])
        if wanted[pid] == 0:
            probe.close()
            continue
        wanted[pid] -= 1
        place = next(places[pid])
        clients[place] = makers[place]()
        probe.set_protocol(clients[place])
        clients[place].connection_made(probe)
    raise TimeoutError("one web process takes every connection")
