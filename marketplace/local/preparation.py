"""`python -m` this runs several `flask` commands in one process, which imports the application once."""

import sys

import click
from flask.cli import cli

# Begins the line that names the command whose output follows.
MARK = "\x1e"


def main(commands: list[str]) -> int:
    """Run the commands one after another until one fails; answers its exit code."""
    for command in commands:
        click.echo(f"{MARK}{command}")
        try:
            code = cli.main(["--app", "wsgi", *command.split()], prog_name="flask", standalone_mode=False)
        except click.ClickException as error:
            error.show()
            return error.exit_code
        if isinstance(code, int) and code != 0:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
