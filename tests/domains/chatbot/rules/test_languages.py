"""The files of the languages say the same things, and speak of categories that there are."""

import json
import re
import string
import tomllib
from importlib.resources import files

import pytest

from marketplace.domains.chatbot.rules import categories, replies
from marketplace.domains.chatbot.rules.dates import _RESOLVERS
from marketplace.domains.chatbot.rules.intents import Intent, Topic
from marketplace.domains.chatbot.rules.vocabulary import vocabulary
from marketplace.domains.chatbot.types import Language, Slot

FOLDER = files("marketplace.domains.chatbot").joinpath("languages")
CATALOGUE = json.loads(files("marketplace.domains.catalog").joinpath("catalogue.json").read_text("utf-8"))
SLUGS = {category["slug"] for category in CATALOGUE["categories"]}
# Which words these have differs from language to language.
FREE = {"numbers", "multipliers", "counts", "units", "duals", "currencies", "city_names", "categories"}


def data(name):
    return tomllib.loads(FOLDER.joinpath(f"{name}.toml").read_text("utf-8"))


def names(language):
    return {
        (section, name)
        for section, content in data(language).items()
        for name in (content if isinstance(content, dict) and section not in FREE else [""])
    }


@pytest.mark.parametrize("language", Language)
def test_each_language_has_every_list(language):
    assert names(language) == names(Language.ENGLISH)


@pytest.mark.parametrize("language", Language)
def test_each_language_has_words_for_every_category(language):
    assert set(vocabulary(language).table("categories")) == SLUGS


def test_the_categories_are_those_of_the_catalogue():
    assert categories.slugs() == SLUGS


@pytest.mark.parametrize("language", Language)
def test_every_list_of_days_intents_and_topics_is_used(language):
    words = vocabulary(language)
    assert set(words.table("dates")) == set(_RESOLVERS)
    assert set(words.table("intents")) == set(Intent)
    assert set(words.table("topics")) == set(Topic)


@pytest.mark.parametrize("language", Language)
def test_every_pattern_can_be_compiled(language):
    words = vocabulary(language)
    for section in ("dates", "date_cues", "money", "intents", "topics", "injection"):
        for name, listed in words.table(section).items():
            if name != "between":
                assert words.each(section, name) or not listed


def test_every_reply_is_there_in_every_language_with_the_same_holes():
    for name, content in data("replies").items():
        variants = content.values() if name in {"categories", "fact_place"} else [content]
        for variant in variants:
            assert set(variant) == set(Language), name
            holes = {
                frozenset(hole for _, hole, _, _ in string.Formatter().parse(text) if hole)
                for text in variant.values()
            }
            assert len(holes) == 1, name


def test_there_is_a_reply_for_every_topic_slot_and_category():
    known = data("replies")
    assert {name.removeprefix("topic_") for name in known if name.startswith("topic_")} == set(Topic)
    assert {f"ask_{slot}" for slot in Slot} <= set(known)
    assert set(known["categories"]) == SLUGS
    assert set(replies._EXAMPLES) <= SLUGS


def test_no_reply_stands_in_the_code():
    for path in FOLDER.joinpath("..", "rules").iterdir():
        if path.name.endswith(".py"):
            assert not re.search("[\u0620-\u064a\u0904-\u0939]", path.read_text("utf-8")), path.name
