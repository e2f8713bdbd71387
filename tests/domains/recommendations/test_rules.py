import math

import pytest

from marketplace.domains.recommendations import rules
from marketplace.domains.recommendations.rules import FREELANCER_WEIGHTS, TASK_WEIGHTS
from marketplace.domains.recommendations.types import (
    Deed,
    Document,
    Factor,
    Field,
    Fit,
    Likeness,
    Past,
    Reputation,
    SkillName,
    Source,
    Wishes,
)
from marketplace.kernel.money import Money

PYTHON = SkillName(id=1, name="Python", stems=["python"])
EXCEL = SkillName(id=2, name="Excel", stems=["excel"])
ASSEMBLY = SkillName(id=3, name="Furniture assembly", stems=["assembl", "furnitur"])
CPP = SkillName(id=4, name="C++", stems=[])
NAMES = {
    "skills": "Python",
    "past_skills": "API integration",
    "category": "Design",
    "past_category": "Plumbing",
    "past_tasks": "Plumbing tasks",
    "place": "in Cairo",
    "posted": "posted today",
    "active": "active today",
    "rating": "4.9",
}
OLD = 10_000.0


def usd(minor):
    return Money(minor, "USD")


def weight_of(terms, field, name, source=Source.PROFILE):
    return next(
        (term.weight for term in terms if (term.field, term.name, term.source) == (field, str(name), source)),
        None,
    )


def task_reason(likeness=None, **fit):
    there = rules.evidence(likeness or Likeness(), Fit(**{"idle_days": OLD, **fit}))
    return rules.reason(there, TASK_WEIGHTS, rules.TASK_WORDING, NAMES)


@pytest.mark.parametrize(
    ("text", "positions", "found"),
    [
        ("Write python, please", {"python": [2]}, {1}),
        ("A pythonic style", {"python": [2]}, set()),
        ("An excellent cook", {"excel": [2]}, set()),
        ("Clean up my EXCEL sheet", {"excel": [4]}, {2}),
        ("Assemble furniture", {"assembl": [1], "furnitur": [2]}, {3}),
        ("Furniture for you to assemble", {"furnitur": [1], "assembl": [5]}, {3}),
        ("Furniture is there; far below: assembled", {"furnitur": [1], "assembl": [9]}, set()),
        ("Rewrite it in C++.", {}, {4}),
        ("Rewrite it in ABC++.", {}, set()),
    ],
)
def test_skills_are_found_where_a_text_names_them(text, positions, found):
    assert rules.skills_in(text, positions, [PYTHON, EXCEL, ASSEMBLY, CPP]) == found


@pytest.mark.parametrize(
    ("count", "total", "expected"),
    [(0, 0, 1.0), (5, 0, 1.0), (1, 1, 1.0), (1, 1000, 1.0), (0, 1000, rules.UNHEARD), (30, 100, 0.315)],
)
def test_a_rare_term_tells_more(count, total, expected):
    assert rules.rarity(count, total) == pytest.approx(expected, abs=0.01)


def test_a_word_that_stands_in_very_many_tasks_says_nothing_but_in_a_small_market_it_may():
    assert rules.rarity(501, 10_000) == 0
    assert rules.rarity(500, 10_000) > 0
    assert rules.rarity(rules.COMMON_COUNT, 40) > 0


def test_what_was_done_fades_by_half_in_a_half_life():
    now = rules.lasting(Deed.APPLIED, 0)
    assert rules.lasting(Deed.APPLIED, rules.HALF_LIFE_DAYS) == pytest.approx(now / 2)
    assert rules.lasting(Deed.APPLIED, -1) == now
    assert rules.lasting(Deed.SAVED, 0) < now < rules.lasting(Deed.HIRED, 0)


def test_the_words_of_a_task_are_a_unit_vector_in_which_rare_ones_weigh_more():
    document = Document(words={"tap": 1, "drip": 1, "the": 3})
    rarities = {(Field.WORD, "tap"): 0.5, (Field.WORD, "drip"): 1.0, (Field.WORD, "the"): 0.0}
    terms = rules.task_terms(document, rarities)
    weights = {term.name: term.weight for term in terms}
    assert weights["drip"] == pytest.approx(2 * weights["tap"])
    assert math.hypot(weights["drip"], weights["tap"]) == pytest.approx(1)
    assert weights["the"] == 0, "kept, so that it is counted"


def test_the_skills_of_a_task_share_what_it_asks_and_leave_room_for_what_it_does_not_name():
    one = rules.task_terms(Document(words={}, skill_ids=frozenset({1})), {})
    three = rules.task_terms(Document(words={}, skill_ids=frozenset({1, 2, 3})), {})
    assert weight_of(one, Field.SKILL, 1) == pytest.approx(0.5)
    assert sum(term.weight for term in three) == pytest.approx(0.75)
    common = {(Field.SKILL, "1"): 0.0}
    assert weight_of(rules.task_terms(Document(words={}, skill_ids=frozenset({1})), common), Field.SKILL, 1)


def test_a_freelancer_is_what_they_say_and_what_they_did():
    done = Document(words={"tap": 1}, skill_ids=frozenset({7}), category_id=4)
    terms = rules.freelancer_terms(
        Document(words={"design": 2}, skill_ids=frozenset({1})),
        [14, 14],
        [Past(document=done, strength=1.0), Past(document=done, strength=2.0)],
        {},
    )
    assert weight_of(terms, Field.WORD, "design") == 1
    assert weight_of(terms, Field.SKILL, 1) == 1
    assert weight_of(terms, Field.CATEGORY, 14) == 1
    assert weight_of(terms, Field.SKILL, 7, Source.HISTORY) == pytest.approx(rules.familiar(3.0))
    assert weight_of(terms, Field.CATEGORY, 4, Source.HISTORY) == pytest.approx(rules.familiar(3.0))
    assert weight_of(terms, Field.WORD, "tap", Source.HISTORY) == pytest.approx(rules.familiar(3.0))
    assert len(terms) == 6


def test_of_a_long_text_the_most_telling_words_are_kept():
    words = {f"word{number:03}": 1 for number in range(200)}
    rarities = {(Field.WORD, word): 1.0 if word < "word010" else 0.1 for word in words}
    said = rules.freelancer_terms(Document(words=words), [], [], rarities)
    assert len(said) == rules.PROFILE_WORDS
    assert {f"word{number:03}" for number in range(10)} <= {term.name for term in said}


def test_of_a_long_past_the_most_familiar_skills_and_categories_are_kept():
    often = Past(document=Document(words={}, skill_ids=frozenset({90}), category_id=80), strength=1.5)
    once = [
        Past(document=Document(words={}, skill_ids=frozenset({key}), category_id=key), strength=1.0)
        for key in range(1, 40)
    ]
    terms = rules.freelancer_terms(Document(words={}), [], [*once, often], {})
    for field, most, first in (
        (Field.SKILL, rules.PAST_SKILLS, "90"),
        (Field.CATEGORY, rules.PAST_CATEGORIES, "80"),
    ):
        kept = [term.name for term in terms if term.field is field]
        assert kept == [first, *map(str, range(1, most))]


def test_several_tasks_are_pooled_as_their_mean():
    first = rules.task_terms(Document(words={"tap": 1}, category_id=4), {})
    second = rules.task_terms(Document(words={"tap": 1}, category_id=6), {})
    pooled = rules.pooled([first, second])
    assert weight_of(pooled, Field.WORD, "tap") == 1
    assert weight_of(pooled, Field.CATEGORY, 4) == weight_of(pooled, Field.CATEGORY, 6) == 0.5
    assert rules.pooled([]) == []


def test_a_perfect_match_is_near_one_and_a_stranger_near_zero():
    perfect = Likeness(words=1, skills=1, category=1, past_words=1, past_skills=1, past_category=1)
    fit = Fit(nearness=1.0, price_ratio=1.0, idle_days=0)
    assert rules.score(rules.evidence(perfect, fit), fit, TASK_WEIGHTS) >= 0.95
    stranger = Fit(idle_days=0)
    cold = rules.score(rules.evidence(Likeness(), stranger), stranger, TASK_WEIGHTS)
    assert 0 < cold <= 0.1


@pytest.mark.parametrize("weights", [TASK_WEIGHTS, FREELANCER_WEIGHTS])
def test_scores_lie_between_zero_and_one_with_two_decimals_and_every_factor_can_raise_them(weights):
    fit = Fit(idle_days=OLD)
    nothing = dict.fromkeys(Factor, 0.0)
    everything = dict.fromkeys(Factor, 1.0)
    assert rules.score(nothing, fit, weights) == 0
    full = rules.score(everything, fit, weights)
    assert full == round(full, 2) <= 1
    for factor in weights:
        assert rules.score({**nothing, factor: 1.0}, fit, weights) > 0


@pytest.mark.parametrize(
    "misfit",
    [
        {"nearness": 0.0},
        {"suits": False},
        {"is_overdue": True},
        {"price_ratio": 0.5},
        {"price_ratio": 0.0},
    ],
)
def test_a_misfit_lowers_a_score_and_never_to_nothing(misfit):
    likeness = Likeness(words=0.3, skills=0.5)
    fine, amiss = Fit(idle_days=OLD), Fit(idle_days=OLD, **misfit)
    fits = rules.score(rules.evidence(likeness, fine), fine, TASK_WEIGHTS)
    assert 0 < rules.score(rules.evidence(likeness, amiss), amiss, TASK_WEIGHTS) < fits


@pytest.mark.parametrize(
    ("likeness", "fit", "said"),
    [
        (Likeness(skills=0.8, past_skills=0.6), {}, "Python + API integration history"),
        (Likeness(past_category=0.7), {}, "Plumbing history"),
        (Likeness(category=1.0), {"nearness": 1.0}, "Design, as you prefer + in Cairo"),
        (Likeness(words=0.4, skills=0.05), {}, "Close to your profile"),
        (Likeness(past_words=0.3), {"idle_days": 0.0}, "Like Plumbing tasks you chose before"),
        (None, {"idle_days": 0.0}, "Posted today"),
        (None, {"price_ratio": 1.0}, "Within your budget"),
        (None, {"reputation": Reputation(ratings_sum=25, ratings_count=5)}, "Client rated 4.9"),
        (None, {"idle_days": OLD, "is_known": True}, rules.NO_REASON),
    ],
)
def test_a_reason_names_the_strongest_factors_and_no_weak_one(likeness, fit, said):
    assert task_reason(likeness, **fit) == said


def test_a_reason_has_three_parts_at_most():
    likeness = Likeness(words=1, skills=1, category=1, past_words=1, past_skills=1, past_category=1)
    there = rules.evidence(likeness, Fit(nearness=1.0))
    named = rules.strongest(there, TASK_WEIGHTS)
    parts = {factor: TASK_WEIGHTS[factor] * there[factor] for factor in TASK_WEIGHTS}
    assert named == sorted(parts, key=lambda factor: -parts[factor])[: rules.REASONS]


def test_a_good_name_takes_more_than_one_review():
    once = rules.standing(Reputation(ratings_sum=5, ratings_count=1))
    often = rules.standing(Reputation(ratings_sum=95, ratings_count=20))
    assert 0 < once < often <= 1
    assert rules.standing(Reputation()) == 0
    assert rules.standing(Reputation(ratings_sum=20, ratings_count=20)) == 0


@pytest.mark.parametrize(
    ("wishes", "price", "expected"),
    [
        (Wishes(), usd(100), None),
        (Wishes(lowest=usd(50)), usd(100), 1.0),
        (Wishes(lowest=usd(200)), usd(100), 0.5),
        (Wishes(highest=usd(50)), usd(100), 0.5),
        (Wishes(lowest=usd(50), highest=usd(150)), usd(100), 1.0),
        (Wishes(lowest=Money(50, "EUR")), usd(100), None),
        (Wishes(lowest=usd(0), highest=usd(0)), usd(100), 0.0),
    ],
)
def test_a_price_is_measured_by_the_budgets_looked_for(wishes, price, expected):
    assert rules.price_ratio(wishes, price) == expected


def test_work_suits_whoever_looks_for_such_a_place_or_said_nothing():
    assert rules.suits(Wishes(), "digital") is None
    assert rules.suits(Wishes(places=frozenset({"digital"})), "digital") is True
    assert rules.suits(Wishes(places=frozenset({"digital"})), "physical") is False


def test_cairo_is_near_giza_and_far_from_alexandria():
    cairo, giza, alexandria = (30.06, 31.25), (30.01, 31.21), (31.2, 29.92)
    assert rules.distance_km(cairo, cairo) == 0
    assert rules.distance_km(cairo, alexandria) == pytest.approx(179, abs=2)
    assert rules.nearness(rules.distance_km(cairo, giza)) == 1
    assert rules.nearness(60) == pytest.approx(0.5)
    assert rules.nearness(rules.distance_km(cairo, alexandria)) == 0


@pytest.mark.parametrize(
    ("days", "said"),
    [(-0.1, "posted today"), (0.9, "posted today"), (1.5, "posted yesterday"), (3, "posted 3 days ago")],
)
def test_how_long_ago_is_said_in_words(days, said):
    assert rules.since(days, "posted") == said


def test_a_newcomer_is_new_and_has_no_work_behind_them():
    assert rules.is_newcomer(joined_days=1, has_completed=False)
    assert not rules.is_newcomer(joined_days=1, has_completed=True)
    assert not rules.is_newcomer(joined_days=rules.NEWCOMER_DAYS, has_completed=False)
