"""The extension objects, and nothing else."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sock import Sock
from flask_socketio import SocketIO

limiter = Limiter(get_remote_address, headers_enabled=True, in_memory_fallback_enabled=True)
socketio = SocketIO()
sock = Sock()
