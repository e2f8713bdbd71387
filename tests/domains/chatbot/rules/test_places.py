import pytest

from marketplace.domains.chatbot.rules.reading import hear
from marketplace.domains.chatbot.types import Slot
from tests.domains.chatbot.rules.readers import NOW, Gazetteer, read


def city(said, **options):
    """The city of a message by its English name."""
    found = read(said, **options).city
    return found and found.value


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("a plumber in Cairo", "Cairo"),
        ("a plumber in cairo tomorrow", "Cairo"),
        ("Cairo, plumber, tomorrow", "Cairo"),
        ("City: Springfield", "Springfield"),
        ("a plumber in Springfield", "Springfield"),
        ("a plumber in Cairoo", "Cairo"),
        ("a plumber in Ciaro", "Cairo"),
        ("un plombier à Nice", "Nice"),
        ("un plombier a paris", "Paris"),
        ("سباك في القاهرة", "Cairo"),
        ("سباك فى القاهره", "Cairo"),
        ("سباك في قاهرة", "Cairo"),
        ("سباك بالقاهرة", "Cairo"),
        ("दिल्ली में प्लंबर", "Delhi"),
        ("काहिरा में प्लंबर", "Cairo"),
        ("not in Cairo, in Giza", "Giza"),
        ("pas à Paris mais à Lyon", "Lyon"),
        ("ليس في القاهرة بل في الجيزة", "Giza"),
        ("दिल्ली में नहीं, नोएडा में", "Noida"),
        ("I live in Paris but the flat is in Lyon", "Lyon"),
        ("I live in Paris, the sink leaks", "Paris"),
        ("move my sofa from Cairo to Giza", "Cairo"),
        ("déménagement de Paris à Lyon", "Paris"),
    ],
)
def test_a_city_is_found_where_the_work_is(said, name):
    assert city(said) == name


@pytest.mark.parametrize(
    "said",
    [
        "a plumber in springfield",
        "a nice plumber",
        "Nice, thanks",
        "not in Cairo",
        "anywhere but Paris",
        "an article about Cairo",
        "I am from Paris",
        "a game set in Paris",
        "translate a letter from the Paris office",
        "n'importe où sauf à Paris",
        "un article sur les tours de paris",
        "في أي مكان ما عدا القاهرة",
        "दिल्ली को छोड़कर कहीं भी",
        "दिल्ली के बारे में लेख",
        "in Atlantis",
        "in the kitchen",
        "in 2019",
        "in",
    ],
)
def test_a_word_that_says_no_place_of_work_is_no_city(said):
    assert city(said) is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("cairo", "Cairo"),
        ("it's in giza", "Giza"),
        ("springfield", "Springfield"),
        ("القاهرة", "Cairo"),
        ("later", None),
    ],
)
def test_a_bare_name_answers_the_question_for_a_city(said, name):
    assert city(said, asked=Slot.CITY) == name


def test_the_gazetteer_is_asked_once_for_what_may_be_names():
    gazetteer = Gazetteer()
    hear("a plumber " + "in Atlantis " * 300, now=NOW, cities=gazetteer)
    assert len(gazetteer.asked) == 1
    assert gazetteer.asked[0] < 100
    hear("300 dollars", now=NOW, cities=gazetteer)
    assert len(gazetteer.asked) <= 2
