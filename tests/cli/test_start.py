"""The server's entries, started as an operator starts them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = "marketplace: ENVIRONMENT=production needs SECRET_KEY, DATABASE_URL"
ENTRIES = {
    "a command": ("-m", "flask", "--app", "wsgi", "users", "list"),
    "help": ("-m", "flask", "--app", "wsgi", "--help"),
    "web server": ("-m", "gunicorn", "--config", "python:marketplace.local.web", "wsgi:app"),
}


def start(*words, **environ):
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "FLASK_SKIP_DOTENV": "1", **environ},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_production_start_without_its_secrets_ends_with_one_line_that_names_them(entry):
    run = start(*ENTRIES[entry], ENVIRONMENT="production")
    assert run.returncode != 0
    assert run.stderr.startswith(NEEDED)
    assert run.stderr.count("\n") == 1
    assert run.stdout == ""


@pytest.mark.parametrize("command", ["schema upgrade", "bench load", "doctor", "users list", "outbox status"])
def test_a_command_without_a_database_names_the_setting(command):
    run = start("-m", "flask", "--app", "wsgi", *command.split())
    assert run.returncode == 1
    assert run.stderr.startswith("Error: DATABASE_URL is not set")
    assert run.stderr.count("\n") == 1


def test_a_web_server_without_a_database_names_the_setting():
    run = start(*ENTRIES["web server"])
    assert run.returncode != 0
    assert run.stderr.startswith("marketplace: DATABASE_URL is not set")
    assert run.stderr.count("\n") == 1


def test_help_shows_the_commands():
    run = start("-m", "flask", "--app", "wsgi", "--help")
    assert run.returncode == 0
    assert all(name in run.stdout for name in ("users", "outbox", "schema", "catalog", "demo", "openapi"))
