"""`flask openapi`: the faces' documents as files."""

from pathlib import Path

import click
import msgspec
from flask import current_app
from flask.cli import AppGroup

openapi = AppGroup("openapi", help="The OpenAPI documents of the mounted faces.")


@openapi.command("write")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def write(folder: Path) -> None:
    """Write each face's OpenAPI document into FOLDER as <face>.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, face in current_app.extensions["marketplace.faces"].items():
        target = folder / f"{name}.json"
        target.write_bytes(msgspec.json.format(msgspec.json.encode(face.spec()), indent=2))
        click.echo(str(target))
