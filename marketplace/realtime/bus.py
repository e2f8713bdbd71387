"""The bus: how a push reaches every process.

It is the client manager of Socket.IO, so that both transports hang on one subscription. A message of our own
travels as an emit to every namespace at once; `_handle_emit` hands it to whoever listens in this process.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import msgspec
import structlog
from redis import Redis, RedisError
from socketio import Manager
from socketio.pubsub_manager import PubSubManager
from typing_extensions import override

from marketplace.kernel.ids import new_public_id

EVERYWHERE = "*"
RETRY_S = 1
JOIN_S = 1
LISTEN_S = 5

Message = dict[str, Any]
Listener = Callable[[Message], None]

log = structlog.get_logger()


class Bus(Protocol):
    """Tells every process, this one included."""

    def initialize(self) -> None:
        """Begin to listen, for there is somebody to tell; again is nothing."""

    def announce(self, message: Message) -> bool:
        """Tell this process at once and the others through the bus; whether the bus took it."""


class LocalBus(Manager):  # type: ignore[misc]  # python-socketio ships no types
    """The bus of a single process, where there is no Redis."""

    def __init__(self, listener: Listener) -> None:
        """Hand every message to `listener`."""
        super().__init__()
        self._listener = listener

    def announce(self, message: Message) -> bool:
        """Tell this process."""
        self._listener(message)
        return True


class RedisBus(PubSubManager):  # type: ignore[misc]  # python-socketio ships no types
    """The bus of several processes: one Redis channel, subscribed from the first connection on.

    While Redis is away a message still reaches this process, and the bus is not tried again for a second, so
    that no command waits for it twice.
    """

    name = "redis"

    def __init__(self, redis: Redis, listener: Listener) -> None:
        """Publish through `redis`, and hand every message to `listener`."""
        # Redis shares its channels between its numbered databases: the number keeps two instances apart.
        number = redis.connection_pool.connection_kwargs.get("db", 0)
        super().__init__(channel=f"marketplace.realtime.{number}")
        self._redis = redis
        self._listener = listener
        self._away_until = 0.0
        self._lock = threading.Lock()
        self._is_listening = False
        self._joined = threading.Event()
        # Messages of one's own are not heard twice: processes forked from one parent must differ.
        os.register_at_fork(after_in_child=self._rename)

    @override
    def initialize(self) -> None:
        """Listen from the first connection on; it waits until it can miss nothing."""
        with self._lock:
            if not self._is_listening:
                self._is_listening = True
                super().initialize()
        self._joined.wait(JOIN_S)

    def announce(self, message: Message) -> bool:
        """Tell this process, then the others."""
        self._listener(message)
        return self._publish({**message, "method": "emit", "namespace": EVERYWHERE, "host_id": self.host_id})

    @override
    def _publish(self, data: Mapping[str, Any]) -> bool:
        if time.monotonic() < self._away_until:
            return False
        try:
            self._redis.publish(self.channel, msgspec.json.encode(data))
        except RedisError as error:
            self._away_until = time.monotonic() + RETRY_S
            log.warning("bus_unreachable", error=repr(error))
            return False
        return True

    @override
    def _listen(self) -> Iterator[bytes]:
        while True:
            try:
                yield from self._subscribe()
            except RedisError as error:
                self._joined.clear()
                log.warning("bus_lost", error=repr(error))
                time.sleep(RETRY_S)

    @override
    def _handle_emit(self, message: Message) -> None:
        if message.get("namespace") == EVERYWHERE:
            self._listener(message)
        else:
            super()._handle_emit(message)

    def _subscribe(self) -> Iterator[bytes]:
        with self._redis.pubsub() as subscription:  # type: ignore[no-untyped-call]  # redis-py left it untyped
            subscription.subscribe(self.channel)
            while True:
                message = subscription.get_message(timeout=LISTEN_S)
                if message is None:
                    continue
                if message["type"] == "message":
                    yield message["data"]
                else:
                    log.info("bus_joined", channel=self.channel)
                    self._joined.set()

    def _rename(self) -> None:
        self.host_id = new_public_id().hex
