import pytest

from marketplace.domains.listings import rules


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("wardrobe", "wardrobe", 0),
        ("wardrbe", "wardrobe", 1),
        ("warddrobe", "wardrobe", 1),
        ("wardrabe", "wardrobe", 1),
        ("wardorbe", "wardrobe", 1),
        ("awrdrobe", "wardrobe", 1),
        ("wardroeb", "wardrobe", 1),
        ("wadorbe", "wardrobe", 2),
        ("plumbing", "climbing", 2),
        ("", "tap", 3),
        ("tap", "", 3),
        ("ca", "abc", 3),  # letters between swapped ones do not count as one slip
    ],
)
def test_slips_of_the_pen_are_counted(one, other, count):
    assert rules.slips(one, other) == rules.slips(other, one) == count


@pytest.mark.parametrize(
    ("part", "known", "may"),
    [
        ("kitchin", "kitchen", True),
        ("kitchin", "kitten", False),
        ("plumbing", "climbing", False),
        ("harpsicrod", "harpsichord", True),
        ("electrishun", "electrician", False),
    ],
)
def test_a_long_word_may_have_two_slips(part, known, may):
    assert rules.may_mean(part, known) is may


@pytest.mark.parametrize(
    ("part", "can"), [("fence", True), ("tap", False), ("door", False), ("a2024", False), ("x" * 40, False)]
)
def test_short_words_and_numbers_mean_what_they_say(part, can):
    assert rules.can_be_misspelt(part) is can


def test_neighbours_are_swapped_at_each_place():
    assert rules.swaps("abcd") == ["bacd", "acbd", "abdc"]
    assert rules.swaps("a") == []


def test_each_part_of_a_word_is_one_of_its_meanings():
    known = ["wardrobe", "wardrobes", "paint"]
    assert rules.meanings(["wardrobee", "oak"], known) == "('wardrobe':* | 'wardrobes':*) & ('oak')"
    assert rules.meanings(["oak", "2024"], known) == ""
    assert rules.meanings(["wardrobee", "giraffe"], known) == ""


@pytest.mark.parametrize(
    ("form", "asked", "by_letters"),
    [
        ("tv", "'tv':*", False),
        ("c++", "'c'", False),
        ("c#", "'c'", False),
        (".a", "'a':*", False),
        ("a-b", "'a' & 'b':*", False),
        ("_", None, False),
        ("%%%", None, False),
        ("net", None, True),
        ("100%", None, True),
        ("بك", None, True),
    ],
)
def test_very_short_words_are_asked_for_by_their_beginning(form, asked, by_letters):
    assert (rules.beginnings(form), rules.is_found_by_letters(form)) == (asked, by_letters)


@pytest.mark.parametrize(
    ("total", "count", "average"), [(0, 0, 0), (10, 4, 3), (9, 4, 2), (7, 3, 2), (8, 3, 3)]
)
def test_an_average_is_rounded_to_the_nearest(total, count, average):
    assert rules.average(total, count) == average


def test_a_search_of_very_many_words_is_cut():
    assert len(rules.words_of("a " * 50)) == rules.MAX_WORDS
    assert rules.words_of("  ") == ()
