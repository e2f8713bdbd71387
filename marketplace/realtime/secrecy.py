"""Secrecy: a token in the URL of a WebSocket reaches no log."""

import logging
import re
from typing import Any

from typing_extensions import override

HIDDEN = "token=hidden"
_TOKEN = re.compile(r"(?<![\w-])token=[^&\s\"']*")
_LOGGED = ("QUERY_STRING", "RAW_URI", "REQUEST_URI")


def hide_token(environ: dict[str, Any]) -> None:
    """Hide it where web servers look for what they log; the request has read it already."""
    for name in _LOGGED:
        if name in environ:
            environ[name] = _TOKEN.sub(HIDDEN, environ[name])


class HideTokens(logging.Filter):
    """Hides it in the request lines of Werkzeug's server, which logs them as they came."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _hide(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_hide(argument) for argument in record.args)
        return True


def _hide(value: Any) -> Any:
    return _TOKEN.sub(HIDDEN, value) if isinstance(value, str) else value
