"""The web server's entry."""

import os
import sys

# psycopg waits in C unless told otherwise before its import; under eventlet that stops every other request.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

from marketplace.app import create_app
from marketplace.kernel.settings import load_settings_or_exit
from marketplace.realtime import leave_on_sigterm

app = create_app(load_settings_or_exit(os.environ))
if "gunicorn" in sys.modules:  # a web worker, not a command: its sockets hear that it goes
    leave_on_sigterm()
