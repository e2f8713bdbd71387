"""The web server's entry."""

import gc
import os
import sys

# Nothing that is imported is garbage: looking for it takes a sixth of the start.
gc.disable()
# psycopg waits in C unless told otherwise before its import; under eventlet that stops every other request.
if "eventlet" in sys.modules:
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")

from marketplace.app import create_app
from marketplace.kernel.settings import load_settings_or_exit
from marketplace.realtime import leaving

app = create_app(load_settings_or_exit(os.environ))
if "gunicorn" in sys.modules:  # a web worker, not a command: its sockets hear that it goes
    leaving.on_sigterm()
# What is there now stays: no later collection looks at it, and a worker's forked child shares it untouched.
gc.freeze()
gc.enable()
