from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from marketplace.domains.chatbot.types import Slot
from tests.domains.chatbot.rules.readers import read

UTC = ZoneInfo("UTC")


def deadline(said, **options):
    """The deadline of a message, said on Wednesday 2026-03-11, as an ISO date."""
    found = read(said, **options).deadline
    return found and found.value.isoformat()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("by Friday", "2026-03-13"),
        ("next Friday", "2026-03-20"),
        ("next Monday", "2026-03-16"),
        ("on Wednesday", "2026-03-18"),
        ("tomorrow", "2026-03-12"),
        ("tommorow", "2026-03-12"),
        ("the day after tomorrow", "2026-03-13"),
        ("today", "2026-03-11"),
        ("in two weeks", "2026-03-25"),
        ("within 10 days", "2026-03-21"),
        ("in a month", "2026-04-11"),
        ("in a couple of days", "2026-03-13"),
        ("in 30 hours", "2026-03-12"),
        ("this weekend", "2026-03-15"),
        ("next week", "2026-03-22"),
        ("end of the month", "2026-03-31"),
        ("by the end of April", "2026-04-30"),
        ("by the end of the year", "2026-12-31"),
        ("2026-04-01", "2026-04-01"),
        ("15/04/2026", "2026-04-15"),
        ("04/15/2026", "2026-04-15"),
        ("March 20th", "2026-03-20"),
        ("20 March 2027", "2027-03-20"),
        ("1 Dec", "2026-12-01"),
        ("by the 5th", "2026-04-05"),
        ("between Monday and Wednesday", "2026-03-18"),
        ("demain", "2026-03-12"),
        ("d'ici quinze jours", "2026-03-26"),
        ("vendredi prochain", "2026-03-13"),
        ("avant le 12/04", "2026-04-12"),
        ("le 20", "2026-03-20"),
        ("بعد أسبوع", "2026-03-18"),
        ("خلال ثلاثة أيام", "2026-03-14"),
        ("بعد يومين", "2026-03-13"),
        ("الجمعة القادمة", "2026-03-13"),
        ("٢٠ مارس", "2026-03-20"),
        ("बुधवार तक", "2026-03-18"),
        ("अगले शुक्रवार तक", "2026-03-20"),
        ("कल तक", "2026-03-12"),
        ("दो हफ़्ते में", "2026-03-25"),
        ("२० मार्च तक", "2026-03-20"),
    ],
)
def test_a_day_is_read_however_it_is_said(said, day):
    assert deadline(said) == day


@pytest.mark.parametrize(
    "said",
    [
        "it broke last Monday",
        "since January",
        "I bought it on 3 March",
        "he was born on 12 May 2019",
        "every Friday",
        "on Fridays",
        "Monday to Friday",
        "from Monday on",
        "it cannot start before Monday",
        "not on Friday",
        "it does not have to be done by Friday",
        "the work takes two weeks",
        "two weeks ago",
        "by 12/04",
        "page 12/04",
        "in a few days",
        "डेढ़ महीने में",
        "it happened to be tomorrow",
        "2020-01-01",
        "by 31/02/2027",
        "in 400 years",
        "tous les vendredis",
        "lundi dernier",
        "à partir de lundi",
        "كل جمعة",
        "الاثنين الماضي",
        "من الأحد إلى الخميس",
        "पिछले सोमवार से",
        "हर शुक्रवार",
        "सोमवार से शुक्रवार तक",
        "शुक्रवार को नहीं",
    ],
)
def test_a_day_that_is_no_deadline_is_none(said):
    assert deadline(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "How are you today?",
        "Shall we meet on Friday?",
        "Comment allez-vous aujourd'hui ?",
        "كيف حالك اليوم؟",
        "आज आप कैसे हैं?",
    ],
)
def test_a_day_in_a_question_that_is_of_no_work_is_no_deadline(said):
    assert deadline(said) is None
    assert deadline(said, asked=Slot.TITLE) is None


@pytest.mark.parametrize(
    "said",
    [
        "How are you today? I need a plumber.",
        "Comment allez-vous aujourd'hui ? Je cherche un plombier.",
        "كيف حالك اليوم؟ أحتاج سباكا.",
        "आज आप कैसे हैं? मुझे प्लंबर चाहिए।",
    ],
)
def test_asking_how_somebody_is_sets_no_deadline(said):
    assert deadline(said) is None


def test_a_day_is_a_deadline_once_the_talk_is_of_work():
    assert deadline("Is Friday possible?") is None
    assert deadline("Is Friday possible?", asked=Slot.CITY) == "2026-03-13"
    assert deadline("Is Friday possible, in Cairo?") == "2026-03-13"
    assert deadline("Can you have it done by Friday?") == "2026-03-13"


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-03-11T23:30", "UTC", "2026-03-12"),
        ("2026-03-11T23:30", "Asia/Kolkata", "2026-03-13"),
        ("2026-03-11T02:00", "America/New_York", "2026-03-11"),
    ],
)
def test_tomorrow_is_the_persons_own(moment, zone, day):
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert deadline("tomorrow", now=now) == day


def test_a_month_has_the_days_that_it_has():
    now = datetime(2027, 1, 31, 12, tzinfo=UTC)
    assert deadline("in a month", now=now) == "2027-02-28"
    assert deadline("next month", now=now) == "2027-02-28"
    assert deadline("by the 31st", now=now) == "2027-01-31"
    assert deadline("by the 30th", now=now) == "2027-03-30"
    assert deadline("29 February", now=datetime(2028, 2, 1, tzinfo=UTC)) == "2028-02-29"


@pytest.mark.parametrize(
    "said", ["no deadline", "not urgent", "pas de date limite", "لا يوجد موعد", "कोई समय सीमा नहीं"]
)
def test_a_deadline_may_be_left_open(said):
    assert read(said).is_deadline_open


def test_a_no_leaves_open_the_deadline_that_was_asked_for():
    assert read("no", asked=Slot.DEADLINE).is_deadline_open
    assert not read("no", asked=Slot.BUDGET).is_deadline_open
