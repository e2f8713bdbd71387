"""The category that a description fits, and whether there is a model to ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.domains.catalog.public import Category
from marketplace.domains.chatbot.rules import answers, categories, prompts
from marketplace.domains.chatbot.rules.reading import rank
from marketplace.domains.chatbot.types import Mode
from marketplace.domains.listings import public as listings
from marketplace.kernel.pages import PageRequest
from marketplace.providers.language_model import ModelUnavailable, language_model

MOST_ALTERNATIVES = 3
MOST_CATEGORIES = 1000
# How sure a model is whose choice has no words of ours on its side.
_MODEL_ALONE = 0.7
_MODEL_AND_RULES = 0.9


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """The category that a description fits best, how surely from 0 to 1, and the next best.

    Each comes with how many tasks of it are open.
    """

    category: tuple[Category, int] | None
    confidence: float
    alternatives: Sequence[tuple[Category, int]]
    mode: Mode


def suggest_category(*, description: str) -> Suggestion:
    """The category that a description fits best, and the next best."""
    counted = {one[0].slug: one for one in listings.list_categories(PageRequest(size=MOST_CATEGORIES)).items}
    matches = [match for match in rank(description) if match.slug in counted]
    ranked = [match.slug for match in matches]
    sure = categories.confidence(matches)
    chosen = _chosen_by_model(description, list(counted)) if language_model.is_configured else None
    if chosen is not None:
        sure = max(sure, _MODEL_AND_RULES) if chosen in ranked[:1] else _MODEL_ALONE
        ranked = [chosen, *(slug for slug in ranked if slug != chosen)]
    return Suggestion(
        category=counted[ranked[0]] if ranked else None,
        confidence=sure,
        alternatives=[counted[slug] for slug in ranked[1 : MOST_ALTERNATIVES + 1]],
        mode=Mode.RULES if chosen is None else Mode.LLM,
    )


def mode() -> Mode:
    """How answers are made at present."""
    return Mode.LLM if language_model.is_configured else Mode.RULES


def _chosen_by_model(description: str, slugs: Sequence[str]) -> str | None:
    """The category that a model chooses for words that stand in the description."""
    try:
        pointed = answers.parse(language_model.ask(prompts.sorting(slugs), [("user", description)]))
    except ModelUnavailable:
        return None
    return None if pointed is None else answers.chosen_category(pointed, description, slugs)
