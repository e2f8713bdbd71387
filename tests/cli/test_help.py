"""Every command teaches its own use."""

import click
import pytest
from flask import Flask

from marketplace.cli import register_commands


def commands():
    """Each command of the house by its words: `users create`."""
    app = Flask("help")
    known = set(app.cli.commands)
    register_commands(app)
    groups = [((name,), command) for name, command in app.cli.commands.items() if name not in known]
    while groups:
        words, command = groups.pop()
        yield pytest.param(command, id=" ".join(words))
        if isinstance(command, click.Group):
            groups += [((*words, name), inner) for name, inner in command.commands.items()]


@pytest.mark.parametrize("command", sorted(commands(), key=lambda param: param.id))
def test_its_help_is_a_sentence_and_explains_its_arguments(command):
    sentence = (command.help or "").partition("\n\n")[0]
    assert sentence[:1].isupper()
    assert sentence.endswith(".")
    assert len(sentence.split()) >= 4
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            assert parameter.make_metavar(click.Context(command)).strip("[].") in command.help
        else:
            assert parameter.help.endswith(".")
