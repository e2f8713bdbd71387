"""How gunicorn runs one web process: `gunicorn --config python:marketplace.local.web wsgi:app`."""

import os
import warnings
from typing import Any

from marketplace.kernel.settings import load_settings_or_exit
from marketplace.local.turns import taking_turns

# known, and the reason why SOCKETIO_ASYNC_MODE is a setting
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

_settings = load_settings_or_exit(os.environ)
if _settings.database_url is None:
    raise SystemExit("marketplace: DATABASE_URL is not set: `make run` sets it, or name your own PostgreSQL.")
_host = f"[{_settings.host}]" if ":" in _settings.host else _settings.host

bind = [f"{_host}:{_settings.port}"]
# Socket.IO's polling needs one process behind one port: more processes are more ports behind a sticky proxy.
workers = 1
worker_class = "eventlet" if _settings.socketio_async_mode == "eventlet" else "gthread"
worker_connections = 4000
# a plain WebSocket holds a thread
threads = 1 if worker_class == "eventlet" else 200
timeout = 60
graceful_timeout = 3
# longer than a proxy or an app keeps a connection that it may use again
keepalive = 75
control_socket_disable = True
# at "warning" each start would say that the eventlet worker leaves with gunicorn 26, below which we stay
loglevel = "error"
accesslog = "-" if _settings.access_log else None
# %(U)s is the path without the query string, in which WebSocket clients send their tokens
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'


def post_worker_init(worker: Any) -> None:
    """Let the processes behind one port take turns: one of eventlet's would take all who are waiting."""
    for listener in worker.sockets if worker_class == "eventlet" else ():
        listener.accept = taking_turns(listener.accept)
