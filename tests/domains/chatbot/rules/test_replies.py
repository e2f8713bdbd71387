import pytest

from marketplace.domains.chatbot.rules.drafts import draft_of
from marketplace.domains.chatbot.rules.reading import hear
from marketplace.domains.chatbot.rules.replies import reply_to
from marketplace.domains.chatbot.types import Language, Said, Slot
from tests.domains.chatbot.rules.readers import NOW, cities


def talk(*messages, language=Language.ENGLISH):
    """The replies to messages, one after another."""
    said, replies, asked = [], [], None
    for number, message in enumerate(messages, 1):
        heard = hear(message, now=NOW, cities=cities, asked=asked)
        said.append(Said(message_id=number, body=message, reading=heard.reading))
        reply = reply_to(heard, draft_of(said), message_id=number, language=language, currency="USD")
        replies.append(reply.text)
        asked = reply.asks
    return replies, asked


def test_a_talk_asks_for_one_missing_thing_after_another():
    replies, asked = talk("hi", "I need a plumber", "Cairo", "300", "tomorrow")
    assert replies == [
        "Hello! Tell me what you need done, and I will turn it into a task that you can post.",
        "Noted: plumbing, on site. In which city?",
        "Noted: in Cairo. What is your budget, in USD?",
        "Noted: a budget of 300 USD. By when do you need it? If it does not matter, say “no deadline”.",
        (
            "Your draft is complete: “Plumber”, plumbing, in Cairo, a budget of 300 USD, by Thursday, "
            "March 12, 2026. I post nothing by myself: look it over, and post it when you are happy with it."
        ),
    ]
    assert asked is None


def test_a_budget_in_another_currency_is_asked_for_again_and_not_converted():
    (reply,), asked = talk("I need a logo for 300 euros by Friday")
    assert "a budget of 300 EUR" in reply
    assert "How much is “300 euros” in USD?" in reply
    assert asked is Slot.BUDGET


def test_a_budget_that_nobody_could_pay_at_once_is_asked_for_again():
    replies, asked = talk("I need a logo by Friday for 5 million dollars", "900")
    assert replies[0].endswith("A budget here is at most 999,999.99 USD. What is yours?")
    assert replies[1].startswith("Your draft is complete")
    assert asked is None


def test_what_says_nothing_is_met_with_the_question_again():
    replies, asked = talk("I need a plumber", "qwerty")
    assert replies[1] == "I could not make that out. In which city?"
    assert asked is Slot.CITY


def test_an_open_deadline_is_understood_though_something_else_was_asked():
    replies, _ = talk("I need a plumber", "no deadline")
    assert replies[1] == "In which city?"


def test_a_question_about_the_platform_is_answered_and_the_draft_goes_on():
    replies, asked = talk("How does escrow work?", "I need a plumber", "How do I pay?")
    assert replies[0].startswith("Escrow keeps the money")
    assert replies[0].endswith("spend it.")
    assert replies[2].startswith("You pay once you have accepted")
    assert replies[2].endswith("In which city?")
    assert asked is Slot.CITY


def test_thanks_are_answered():
    assert talk("thanks")[0] == ["You are welcome."]
    assert talk("I need a plumber", "thank you")[0][1] == "You are welcome. In which city?"


def test_work_of_no_known_kind_is_asked_about():
    (reply,), asked = talk("I need help with my thing")
    assert asked is Slot.CATEGORY
    assert "plumbing, moving and delivery" in reply


@pytest.mark.parametrize(
    ("language", "said", "reply"),
    [
        (
            Language.FRENCH,
            "Je cherche un plombier à Paris",
            "C'est noté : plomberie, à Paris. Quel est votre budget, en USD ?",
        ),
        (Language.ARABIC, "أحتاج سباكا في القاهرة", "سجلت: السباكة، في القاهرة. ما ميزانيتك بعملة USD؟"),
        (
            Language.HINDI,
            "मुझे दिल्ली में प्लंबर चाहिए",
            "नोट कर लिया: प्लंबर का काम, दिल्ली में। आपका बजट USD में कितना है?",
        ),
    ],
)
def test_people_are_answered_in_their_language(language, said, reply):
    assert talk(said, language=language)[0] == [reply]


@pytest.mark.parametrize(("said", "city"), [("Ciaro", "Cairo"), ("Cairo", "Cairo"), ("cairo", "cairo")])
def test_a_misspelt_city_is_shown_as_it_was_understood(said, city):
    assert talk(f"I need a plumber in {said}")[0][0].startswith(f"Noted: plumbing, in {city}.")


def test_a_range_and_a_least_are_shown_as_they_were_said():
    assert "a budget of 100–200 USD" in talk("a logo for 100 to 200 dollars")[0][0]
    assert "a budget of 100+ USD" in talk("a logo for at least 100 dollars")[0][0]
