"""`flask up`: the one command that runs everything on this machine."""

import os
import sys
from pathlib import Path

import click
from dotenv import load_dotenv

from marketplace.kernel.settings import SettingsError, load_settings
from marketplace.local.errors import LocalError
from marketplace.local.house import House


@click.command("up")
def up() -> None:
    """Run everything on this machine: PostgreSQL, Redis, web, worker and scheduler, until Ctrl-C."""
    load_dotenv(Path.cwd() / ".env")
    try:
        House(load_settings(os.environ), dict(os.environ)).run()
    except (LocalError, SettingsError) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename or 'the machine'}: {error.strerror or error}")


def _refuse(reason: str) -> None:
    click.echo(f"flask up: {reason}", err=True)
    sys.exit(1)
