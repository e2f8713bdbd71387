"""Prints what the application serves.

It is a process of its own because making an application configures the process that it runs in.
"""

import json
import sys

from marketplace.app import FACES, create_app
from marketplace.kernel.settings import load_settings
from tests.architecture.checks.url_map import describe

app = create_app(load_settings({"RATE_LIMITS": "off"}))
json.dump(describe(app, [prefix for face in FACES for prefix in face.prefixes]), sys.stdout)
