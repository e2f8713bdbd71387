"""Mounting: the channels of the faces, at their URLs and namespaces."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engineio.payload import Payload
from flask import Flask
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from marketplace.extensions import sock, socketio
from marketplace.kernel.offload import on_event_loop
from marketplace.kernel.settings import Settings
from marketplace.realtime import websocket
from marketplace.realtime.allowance import Allowance
from marketplace.realtime.bus import Bus, LocalBus, RedisBus
from marketplace.realtime.channel import Channel
from marketplace.realtime.door import Door
from marketplace.realtime.frames import MAX_FRAME_BYTES
from marketplace.realtime.hub import deliver, hub
from marketplace.realtime.keeper import keeper
from marketplace.realtime.leaving import leaving
from marketplace.realtime.namespace import DoorNamespace
from marketplace.realtime.origins import Origins
from marketplace.realtime.presence import presence
from marketplace.realtime.secrecy import HideTokens

_SOCKET_IO = "socket.io"
_ENVELOPE_BYTES = 1024  # what Socket.IO writes round a frame: the namespace, the event's name


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often what is done, in seconds, and how many frames a connection may send."""

    ping_s: float = 25
    ping_timeout_s: float = 20
    beat_s: float = 10
    alive_s: int = 30
    frames_burst: int = 200
    frames_per_s: float = 20

    def allowance(self) -> Allowance:
        """What one connection may send."""
        return Allowance(burst=self.frames_burst, per_s=self.frames_per_s)


def register(
    app: Flask, channels: Iterable[type[Channel]], settings: Settings, pace: Pace | None = None
) -> None:
    """Mount every channel as a plain WebSocket and as a Socket.IO namespace."""
    pace = pace or Pace()
    doors = _doors(app, channels, pace.allowance if settings.rate_limits else None)
    origins = Origins(settings)
    redis = _redis(settings)
    bus: Bus = LocalBus(deliver) if redis is None else RedisBus(redis, deliver)
    hub.configure(bus)
    presence.configure(redis, alive_s=pace.alive_s)
    keeper.configure(beat_s=pace.beat_s)
    # A request of Socket.IO's polling has a bounded length; of too many packets in it none would be heard.
    Payload.max_decode_packets = MAX_FRAME_BYTES
    socketio.init_app(
        app,
        async_mode=_async_mode(settings),
        # One after another for each client, as they were sent.
        async_handlers=False,
        client_manager=bus,
        cors_allowed_origins=origins.allows,
        manage_session=False,
        max_http_buffer_size=MAX_FRAME_BYTES + _ENVELOPE_BYTES,
        path=_SOCKET_IO,
        ping_interval=pace.ping_s,
        ping_timeout=pace.ping_timeout_s,
    )
    app.wsgi_app = leaving.turning_away(  # type: ignore[assignment,method-assign]  # as Flask documents it
        app.wsgi_app, path=f"/{_SOCKET_IO}/"
    )
    for door in doors:
        socketio.server.register_namespace(DoorNamespace(door))
    websocket.mount(app, sock, doors, bus=bus, origins=origins, ping_s=pace.ping_s)
    logging.getLogger("werkzeug").addFilter(HideTokens())


def _doors(
    app: Flask, channels: Iterable[type[Channel]], allowance: Callable[[], Allowance] | None
) -> list[Door]:
    by_path: defaultdict[str, list[type[Channel]]] = defaultdict(list)
    for channel in channels:
        by_path[channel.path].append(channel)
    doors = [Door(sharing, app.url_map.converters, allowance=allowance) for sharing in by_path.values()]
    if len({door.namespace for door in doors}) < len(doors):
        raise ValueError("Two paths would share a namespace.")
    return doors


def _redis(settings: Settings) -> Redis | None:
    """A client that gives up at once: who pushes has a person waiting."""
    if settings.redis_url is None:
        return None
    return Redis.from_url(
        settings.redis_url,
        socket_connect_timeout=1,
        socket_timeout=2,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 1),
    )


def _async_mode(settings: Settings) -> str:
    """The mode of the settings; a process that is not patched (shell, worker, test) has threads."""
    if settings.socketio_async_mode == "eventlet" and not on_event_loop():
        return "threading"
    return settings.socketio_async_mode
