"""Structured logs: one JSON line an event in production, readable lines in development."""

import logging
from contextlib import suppress

import structlog
from typing_extensions import override

from marketplace.kernel.settings import Settings


class Lines(structlog.PrintLogger):
    """Prints lines, also where nobody reads them any more: what is logged is never what fails."""

    @override
    def msg(self, message: str) -> None:
        """Print a line."""
        with suppress(OSError, ValueError):  # a broken pipe, a full disk, a closed stream
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def configure_logs(settings: Settings) -> None:
    """Set structlog up for the environment."""
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.is_production
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            last,
        ],
        logger_factory=lambda *_: Lines(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
