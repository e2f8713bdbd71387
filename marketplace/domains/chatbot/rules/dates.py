"""By when somebody wants it: the day that is a deadline, among the days that are not."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from marketplace.domains.chatbot.rules import clauses
from marketplace.domains.chatbot.rules.text import Stretch, Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary
from marketplace.domains.chatbot.types import Found, Language

FARTHEST = timedelta(days=10 * 366)
# A day without a year that would be so far ahead was rather meant to lie behind.
_AHEAD_WITHOUT_YEAR = timedelta(days=270)
_SUNDAY = 6
_DAY_AND_MONTH = re.compile(r"(?<![\d./-])(\d{1,2})/(\d{1,2})(?![\d/])")
# How many words a `not` reaches: it does `not have to be done by` Friday.
_REACH = 6
# How sure it is that a day is the deadline.
_UNSAID, _CALLED = 1, 2
_NUMERIC = re.compile(
    r"(?<![\d./-])(?:(?P<year>20\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<last>20\d\d))(?![\d/-])(?!\.\d)"
)


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A day that a text mentions; without a day it is one that cannot be a deadline."""

    start: int
    end: int
    day: date | None
    needs_cue: bool = False


def find_deadline(
    text: Text, languages: Sequence[Vocabulary], now: datetime, *, needs_cue: bool = False
) -> Found[date] | None:
    """The deadline that a text states, seen from a moment in the person's own time zone."""
    least = _CALLED if needs_cue else _UNSAID
    best: tuple[int, int, Mention] | None = None
    for mention in mentions(text, languages, now):
        sure = _sureness(text, mention, languages, now.date())
        if sure >= least and (best is None or (sure, mention.start) > best[:2]):
            best = (sure, mention.start, mention)
    if best is None or best[2].day is None:
        return None
    return Found(value=best[2].day, span=text.span(best[2].start, best[2].end))


def deadline_at(
    text: Text, stretch: Stretch, languages: Sequence[Vocabulary], now: datetime
) -> tuple[bool, Found[date] | None]:
    """The one day within a stretch of a text that may be a deadline, and whether the stretch can be read."""
    start, end = stretch
    within = [one for one in mentions(text, languages, now) if start < one.end and one.start < end]
    if len(within) != 1:
        return bool(within), None
    is_deadline = within[0].day is not None and _sureness(text, within[0], languages, now.date())
    if not is_deadline or within[0].day is None:
        return True, None
    return True, Found(value=within[0].day, span=text.span(within[0].start, within[0].end))


def mentions(text: Text, languages: Sequence[Vocabulary], now: datetime) -> list[Mention]:
    """Every day that a text mentions, the longer mention where two overlap."""
    found = chain(
        _numeric(text),
        _without_year(text, languages, now),
        *(_in_words(text, language, now) for language in languages),
    )
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda one: one.start)


def _numeric(text: Text) -> Iterator[Mention]:
    for match in _NUMERIC.finditer(text.folded):
        if match["year"]:
            day = _day(int(match["year"]), int(match["month"]), int(match["day"]))
        else:
            first, second, year = int(match["first"]), int(match["second"]), int(match["last"])
            day = _day(year, second, first) or _day(year, first, second)
        yield Mention(start=match.start(), end=match.end(), day=day)


def _without_year(text: Text, languages: Sequence[Vocabulary], now: datetime) -> Iterator[Mention]:
    """`12/04`: the day first, but where an English speaker may have meant the month."""
    is_clear = bool(languages) and languages[0].language is not Language.ENGLISH
    for match in _DAY_AND_MONTH.finditer(text.folded):
        first, second = int(match[1]), int(match[2])
        days = {
            _coming(second, first, now.date()),
            *(() if is_clear else {_coming(first, second, now.date())}),
        }
        days.discard(None)
        if len(days) == 1:
            yield Mention(start=match.start(), end=match.end(), day=days.pop(), needs_cue=True)


def _in_words(text: Text, language: Vocabulary, now: datetime) -> Iterator[Mention]:
    for name, resolve in _RESOLVERS.items():
        for pattern in language.each("dates", name):
            for match in pattern.finditer(text.folded):
                yield Mention(start=match.start(), end=match.end(), day=resolve(match, language, now))


def _sureness(text: Text, mention: Mention, languages: Sequence[Vocabulary], today: date) -> int:
    """How sure it is that a day is a deadline; nothing where it is something else."""
    if mention.day is None or not today <= mention.day <= today + FARTHEST:
        return 0
    ahead = clauses.before(text, mention.start, languages)
    behind = clauses.after(text, mention.end, languages)
    is_called = any(
        language.ends_with("date_cues", "deadline_before").search(ahead)
        or language.begins_with("date_cues", "deadline_after").match(behind)
        for language in languages
    )
    for language in languages:
        if _is_something_else(language, ahead, behind, is_called=is_called):
            return 0
    if mention.needs_cue and not is_called:
        return 0
    return _CALLED if is_called else _UNSAID


def _is_something_else(language: Vocabulary, ahead: str, behind: str, *, is_called: bool) -> bool:
    """Whether a day is when something began or happened, or one that is ruled out."""
    if language.ends_with("date_cues", "ignored_before").search(ahead):
        return True
    if language.begins_with("date_cues", "ignored_after").match(behind):
        return True
    if language.begins_with("date_cues", "negated_after").match(behind):
        return True
    if not is_called and (
        language.any("date_cues", "past").search(ahead) or language.any("date_cues", "past").search(behind)
    ):
        return True
    negations = list(language.any("date_cues", "negated_before").finditer(ahead))
    if not negations:
        return False
    since = ahead[negations[-1].end() :]
    return len(since.split()) <= _REACH and not language.any("date_cues", "negation_ends").search(since)


def _after(match: re.Match[str], language: Vocabulary, now: datetime) -> date | None:
    groups = match.groupdict()
    unit, worth = language.units[groups["unit"]]
    count = _count(groups.get("n"), language) * worth
    if not count:
        return None
    if unit == "hour":
        return (now + timedelta(hours=count)).date()
    if unit in {"day", "week"}:
        return now.date() + timedelta(days=count * (7 if unit == "week" else 1))
    months = count * (12 if unit == "year" else 1)
    return _months_on(now.date(), int(months)) if months == int(months) else None


def _count(said: str | None, language: Vocabulary) -> float:
    if said is None:
        return 1
    if said.isdecimal():
        return int(said)
    said = re.sub(" +", " ", said)
    return float(language.table("counts").get(said, language.numbers.get(said, 0)))


def _in_days(days: int) -> Callable[..., date]:
    return lambda _match, _language, now: now.date() + timedelta(days=days)


def _weekday(match: re.Match[str], language: Vocabulary, now: datetime) -> date:
    """The next such day that is not today."""
    ahead = (language.weekdays[match["weekday"]] - now.weekday() - 1) % 7 + 1
    return now.date() + timedelta(days=ahead)


def _next_weekday(match: re.Match[str], language: Vocabulary, now: datetime) -> date:
    if not language.says_next_week:
        return _weekday(match, language, now)
    monday = now.date() + timedelta(days=7 - now.weekday())
    return monday + timedelta(days=language.weekdays[match["weekday"]])


def _ignored(_match: re.Match[str], _language: Vocabulary, _now: datetime) -> None:
    return None


def _end_of_week(weeks: int) -> Callable[..., date]:
    return lambda _match, _language, now: now.date() + timedelta(days=_SUNDAY - now.weekday() + 7 * weeks)


def _end_of_month(months: int) -> Callable[..., date]:
    return lambda _match, _language, now: _month_end(_months_on(now.date().replace(day=1), months))


def _end_of_year(_match: re.Match[str], _language: Vocabulary, now: datetime) -> date:
    return date(now.year, 12, 31)


def _end_of_named_month(match: re.Match[str], language: Vocabulary, now: datetime) -> date:
    month = language.months[match["month"]]
    year = int(match["year"]) if match.groupdict().get("year") else now.year + (month < now.month)
    return _month_end(date(year, month, 1))


def _day_of_month(match: re.Match[str], language: Vocabulary, now: datetime) -> date | None:
    """A day of a named month, of the year that is said or of the next in which it comes."""
    month, number = language.months[match["month"]], int(match["day"])
    if match["year"]:
        return _day(int(match["year"]), month, number)
    return _coming(month, number, now.date())


def _coming(month: int, number: int, today: date) -> date | None:
    day = _day(today.year, month, number)
    if day is not None and day < today:
        day = _day(today.year + 1, month, number)
    return day if day is not None and day - today <= _AHEAD_WITHOUT_YEAR else None


def _day_alone(match: re.Match[str], _language: Vocabulary, now: datetime) -> date | None:
    """The next such day of a month: `the 20th`."""
    today, number = now.date(), int(match["day"])
    for months in range(3):
        first = _months_on(today.replace(day=1), months)
        day = _day(first.year, first.month, number)
        if day is not None and day >= today:
            return day
    return None


def _day(year: int, month: int, number: int) -> date | None:
    is_one = 1 <= month <= 12 and 1 <= number <= monthrange(year, month)[1]  # noqa: PLR2004 - months of a year
    return date(year, month, number) if is_one else None


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


_RESOLVERS: Mapping[str, Callable[[re.Match[str], Vocabulary, datetime], date | None]] = {
    "after": _after,
    "today": _in_days(0),
    "tomorrow": _in_days(1),
    "after_tomorrow": _in_days(2),
    "next_weekday": _next_weekday,
    "weekday": _weekday,
    "ignored": _ignored,
    "end_of_week": _end_of_week(0),
    "end_of_next_week": _end_of_week(1),
    "end_of_month": _end_of_month(0),
    "end_of_next_month": _end_of_month(1),
    "end_of_year": _end_of_year,
    "month_end": _end_of_named_month,
    "day_month": _day_of_month,
    "day_only": _day_alone,
}
