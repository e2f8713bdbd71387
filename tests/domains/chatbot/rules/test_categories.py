import pytest

from marketplace.domains.chatbot.rules import categories
from marketplace.domains.chatbot.rules.reading import rank


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ("my tap is leaking", "plumbing"),
        ("plumer", "plumbing"),
        ("a webiste for my shop", "web-development"),
        ("translate a website", "translation"),
        ("I need data entry in excel", "administration"),
        ("monter une armoire", "handyman"),
        ("والسباكة", "plumbing"),
        ("डेटा एंट्री", "administration"),
        ("", None),
        ("12345", None),
        ("something else entirely", None),
        ("🙂", None),
    ],
)
def test_words_speak_for_a_category(said, slug):
    matches = rank(said)
    assert (matches[0].slug if matches else None) == slug


def test_who_is_sure_says_so():
    sure, unsure = rank("a plumber for the leaking pipes"), rank("photos for a website")
    assert 0 < categories.confidence(unsure) < categories.confidence(sure) <= 1
    assert categories.confidence([]) == 0


def test_a_word_said_often_counts_once():
    assert rank("leak " * 50)[0].score == rank("leak")[0].score
