import string

import pytest

from marketplace.domains.notifications import rules
from marketplace.domains.notifications.errors import AlwaysOn
from marketplace.domains.notifications.types import ABOUT_MONEY, Changes, Preferences, Type


@pytest.mark.parametrize("kind", Type)
def test_every_type_says_something(kind):
    template = rules.TEMPLATES[kind]
    words = {
        name: f"<{name}>"
        for text in (template.title, template.message)
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }
    title, message = template.fill(words)
    assert title
    assert all(word in title + message for word in words.values())


def test_a_word_may_hold_braces():
    title, message = rules.TEMPLATES[Type.SYSTEM].fill({"title": "{text}", "text": "{0.__class__}"})
    assert (title, message) == ("{text}", "{0.__class__}")


def test_an_excerpt_is_one_short_line():
    assert rules.excerpt("one\n two\t three") == "one two three"
    assert rules.excerpt("x" * 140) == "x" * 140
    assert rules.excerpt("x" * 141) == "x" * 139 + "…"


def test_a_change_leaves_what_it_does_not_name():
    before = Preferences(mail=False, push=True, muted=frozenset({Type.SYSTEM, Type.NEW_MESSAGE}))
    after = rules.change(before, Changes(types={Type.SYSTEM: True, Type.TASK_CANCELLED: False}))
    assert after == Preferences(
        mail=False, push=True, muted=frozenset({Type.NEW_MESSAGE, Type.TASK_CANCELLED})
    )
    assert rules.change(before, Changes(mail=True, push=False, types={})) == Preferences(
        mail=True, push=False, muted=before.muted
    )


@pytest.mark.parametrize("kind", sorted(ABOUT_MONEY))
def test_money_is_always_told_of(kind):
    with pytest.raises(AlwaysOn) as refused:
        rules.change(Preferences(), Changes(types={kind: False}))
    assert refused.value.of_field == kind
    assert rules.change(Preferences(), Changes(types={kind: True})) == Preferences()
