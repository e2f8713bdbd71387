"""Structured logs."""

import sys

import pytest
import structlog

from marketplace.kernel.logs import configure_logs
from marketplace.kernel.settings import Settings


class Pipe:
    """A stream whose reader has gone."""

    def __init__(self, error):
        self.error = error

    def write(self, _):
        raise self.error

    flush = write


@pytest.fixture(autouse=True)
def _configured():
    configure_logs(Settings())


@pytest.mark.parametrize(
    "error", [BrokenPipeError(), OSError("No space left on device"), ValueError("closed")]
)
@pytest.mark.parametrize("level", ["info", "warning", "error", "exception"])
def test_what_nobody_reads_stops_nothing(monkeypatch, error, level):
    monkeypatch.setattr(sys, "stdout", Pipe(error))
    getattr(structlog.get_logger(), level)("something_happened", why="a test")


def test_a_line_says_what_happened(capsys):
    structlog.get_logger().warning("something_happened", why="a test")
    line = capsys.readouterr().out
    assert "something_happened" in line
    assert "why=a test" in line.replace("'", "")
