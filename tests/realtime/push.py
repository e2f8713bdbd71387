"""Push one frame from a process that serves nobody: `python -m tests.realtime.push ROOM TEXT`."""

import os
import sys

from flask import Flask

from marketplace import realtime
from marketplace.kernel.settings import load_settings

realtime.register(Flask("shell"), [], load_settings(os.environ))
realtime.hub.push(sys.argv[1], {"type": "said", "by": "the shell", "text": sys.argv[2]})
