from datetime import date

from marketplace.domains.chatbot.rules import prompts
from marketplace.domains.chatbot.types import Slot


def test_a_model_is_told_what_is_known_and_what_to_ask_for():
    told = prompts.instructions(
        categories=["plumbing", "design"], today=date(2026, 3, 11), currency="USD", known="", asks=Slot.CITY
    )
    for word in ("plumbing, design", "Wednesday 2026-03-11", "USD", "nothing", "city"):
        assert word in told


def test_a_long_talk_is_told_from_its_end_as_far_as_there_is_room():
    turns = [("user", str(number)) for number in range(50)]
    assert prompts.recent(turns) == turns[-20:]
    long = [("user", "x" * 3000)] * 5
    assert prompts.recent(long) == long[-2:]
    assert prompts.recent([("user", "x" * 9000)]) == [("user", "x" * 9000)]
