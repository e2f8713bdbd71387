"""The web server's entry."""

import os

# psycopg waits in C unless told otherwise before its import; under eventlet that stops every other request.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

from marketplace.app import create_app
from marketplace.kernel.settings import load_settings_or_exit

app = create_app(load_settings_or_exit(os.environ))
