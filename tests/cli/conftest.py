"""The `flask` commands, run in this process on this worker's database."""

from dataclasses import replace

import pytest


@pytest.fixture
def flask(app):
    """A function that runs a command: `flask("users", "list")`."""
    runner = app.test_cli_runner()

    def flask(*words):
        result = runner.invoke(args=list(words))
        unexpected = result.exception if not isinstance(result.exception, SystemExit) else None
        assert unexpected is None, repr(unexpected)
        return result

    return flask


@pytest.fixture
def change_settings(app, monkeypatch):
    """A function that lets the commands see other settings."""

    def change_settings(**changes):
        monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **changes))

    return change_settings
