"""Connections to the application of this process, over both transports."""

import queue
import struct
import time
from contextlib import contextmanager

import msgspec
import socketio
import websocket

from marketplace.realtime.link import rooms
from marketplace.realtime.presence import presence

WITHIN_S = 10


class PlainLine:
    """A plain WebSocket."""

    def __init__(self, url, path, token):
        address = f"{url.replace('http', 'ws', 1)}{path}?token={token}"
        self.socket = websocket.create_connection(address, timeout=WITHIN_S)

    def say(self, frame):
        self.socket.send(frame if isinstance(frame, str) else msgspec.json.encode(frame).decode())

    def hear(self):
        """The next frame."""
        return msgspec.json.decode(self.socket.recv())

    def code(self):
        """The code with which the other side closes, whatever it says before."""
        while True:
            opcode, data = self.socket.recv_data(control_frame=True)
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return struct.unpack("!H", data[:2])[0]

    def leave(self):
        self.socket.close(timeout=1)
        self.socket.shutdown()


class CurtSocket(websocket.WebSocket):
    """Waits for no goodbye, which Werkzeug's server does not say."""

    def close(self, *_, **__):
        super().close(timeout=0.01)


class SocketioLine:
    """A Socket.IO connection, which hears the same frames; the code of a refusal is kept."""

    def __init__(self, url, namespace, token, **place):
        self.namespace = namespace
        self.frames, self.codes = queue.Queue(), queue.Queue()
        self.client = socketio.Client(reconnection=False, websocket_extra_options={"class_": CurtSocket})
        self.client.on("*", self._heard, namespace=namespace)
        self.client.on(
            "connect_error", lambda error: self.codes.put(error["data"]["code"]), namespace=namespace
        )
        auth = {"token": token, **place}
        options = {"transports": ["websocket"], "wait_timeout": WITHIN_S}
        try:
            self.client.connect(url, namespaces=[namespace], auth=auth, **options)
        except socketio.exceptions.ConnectionError:
            self.leave()

    def _heard(self, event, frame):
        if event == "error":
            self.codes.put(frame["code"])
        else:
            assert frame.get("type", "message") == event
            self.frames.put(frame)

    def say(self, frame):
        self.client.emit(frame["type"], frame, namespace=self.namespace)

    def hear(self):
        """The next frame."""
        return self.frames.get(timeout=WITHIN_S)

    def code(self):
        """The code with which the connection was refused or closed."""
        return self.codes.get(timeout=WITHIN_S)

    def leave(self):
        self.client.disconnect()


def until(ask):
    deadline = time.monotonic() + WITHIN_S
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)
    return answer


def everybody_has_left():
    """Whether nobody is connected, and those who were told of somebody were told of their going too.

    The people of the next test have the same ids.
    """
    return not (rooms.links() or vars(presence)["_here"] or vars(presence)["_written"])


@contextmanager
def lines():
    """A function that keeps the lines it is given, and leaves them in the end."""
    kept = []

    def keep(line):
        kept.append(line)
        return line

    try:
        yield keep
    finally:
        for line in kept:
            line.leave()
