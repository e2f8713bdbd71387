"""What somebody would pay: the amount that is a budget, among the amounts and numbers that are not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from marketplace.domains.chatbot.rules import clauses
from marketplace.domains.chatbot.rules.numbers import Number, numbers_in
from marketplace.domains.chatbot.rules.text import END, START, Stretch, Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary, vocabulary
from marketplace.domains.chatbot.types import Budget, Found, Language

_SYMBOLS = {
    "us$": "USD",
    "c$": "CAD",
    "a$": "AUD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "¥": "JPY",
    "₦": "NGN",
}
_SYMBOL = "|".join(re.escape(symbol) for symbol in _SYMBOLS)
_NEAR = 24
# Small numbers in words are articles and counts: `one`, `un`.
_FEW = 20
_COUNTED = re.compile(r" *([^\s\d.,;:!?()\"-]|[-/%°]|:\d)")
# How sure it is that an amount is the budget.
_UNSAID, _CALLED, _TOTAL = 1, 2, 3


@dataclass(frozen=True, kw_only=True)
class _Amount:
    """An amount of money, from its first sign to its last."""

    start: int
    end: int
    low: Decimal | None
    high: Decimal
    currency: str | None
    is_bare: bool


def find_budget(
    text: Text, languages: Sequence[Vocabulary], *, is_asked: bool = False
) -> Found[Budget] | None:
    """The budget that a text states; with `is_asked` it answers the question for it: a bare number is one."""
    found: list[tuple[int, int, _Amount]] = []
    amounts = list(_amounts(text, languages))
    for amount in amounts:
        sure = _sureness(text, amount, languages, is_asked=is_asked)
        if sure:
            found.append((sure, amount.start, amount))
    if not found:
        return None
    _, _, best = max(found, key=lambda one: one[:2])
    return _found(text, best, languages)


def _found(text: Text, best: _Amount, languages: Sequence[Vocabulary]) -> Found[Budget]:
    budget = Budget(low=best.low, high=best.high, currency=best.currency)
    if best.low is None and _is_least(text, best, languages):
        budget = replace(budget, low=best.high, high=None)
    return Found(value=budget, span=text.span(best.start, best.end))


def budget_at(text: Text, stretch: Stretch, languages: Sequence[Vocabulary]) -> Found[Budget] | None:
    """The one amount within a stretch of a text, unless the text says that it is something else."""
    start, end = stretch
    within = [amount for amount in _amounts(text, languages) if start <= amount.start and amount.end <= end]
    if len(within) != 1:
        return None
    ahead = clauses.before(text, within[0].start, languages)
    behind = clauses.after(text, within[0].end, languages)
    if any(_is_something_else(language, ahead, behind) for language in languages):
        return None
    return _found(text, within[0], languages)


def _amounts(text: Text, languages: Sequence[Vocabulary]) -> Iterator[_Amount]:
    numbers = [
        amount
        for number in numbers_in(text, languages)
        if not ((amount := _with_currency(text, number)).is_bare and _counts(number))
    ]
    taken = -1
    for index, amount in enumerate(numbers):
        if amount.start < taken or amount.high == 0:
            continue
        joined = amount
        if index + 1 < len(numbers):
            joined = _range(text, amount, numbers[index + 1], languages)
        taken = joined.end
        yield joined


def _counts(number: Number) -> bool:
    """Whether a number without a currency is an article, a count or part of a name: `one`, `m2`."""
    return number.is_glued or (number.is_in_words and number.value < _FEW)


def _with_currency(text: Text, number: Number) -> _Amount:
    start, end, currency = number.start, number.end, None
    ahead = _currencies_before().search(text.folded[max(0, start - _NEAR) : start])
    behind = _currencies_after().match(text.folded, end)
    if ahead:
        start -= len(ahead[0])
        currency = _code(ahead[1])
    elif behind:
        end = behind.end()
        currency = _code(behind[1])
    return _Amount(
        start=start,
        end=end,
        low=None,
        high=number.value,
        currency=currency,
        is_bare=currency is None,
    )


def _range(text: Text, one: _Amount, other: _Amount, languages: Sequence[Vocabulary]) -> _Amount:
    """Two amounts as one where they are said as a range: `between 100 and 200 dollars`."""
    currency = other.currency or one.currency
    is_one_kind = one.currency in {None, other.currency} or other.currency is None
    if not is_one_kind or one.high >= other.high or other.start - one.end > _NEAR:
        return one
    said = text.folded[one.end : other.start]
    ahead = text.folded[max(0, one.start - _NEAR) : one.start]
    behind = text.folded[other.end : other.end + _NEAR]
    whole = replace(
        one, end=other.end, low=one.high, high=other.high, currency=currency, is_bare=currency is None
    )
    if re.fullmatch(" ?- ?", said) and currency:
        return whole
    for language in languages:
        for template in language.words("money", "between"):
            first, middle, last = re.split(r"\{[ab]\}", template)
            if (
                re.fullmatch(f" *{_spaced(middle.strip())} *", said)
                and (not first or re.search(f"{_spaced(first.strip())} *$", ahead))
                and (not last or re.match(f" *{_spaced(last.strip())}{END}", behind))
                and (currency or first)
            ):
                return whole
    return one


def _spaced(words: str) -> str:
    return words.replace(" ?", " *").replace("  ", " ")


def _sureness(text: Text, amount: _Amount, languages: Sequence[Vocabulary], *, is_asked: bool) -> int:
    """How sure it is that an amount is a budget; nothing where it is the price of something else."""
    ahead = clauses.before(text, amount.start, languages)
    behind = clauses.after(text, amount.end, languages)
    is_called = any(_is_called(language, ahead, behind) for language in languages)
    if any(_is_something_else(language, ahead, behind) for language in languages):
        return 0
    if amount.is_bare and not (is_asked or _is_named(ahead, behind, languages)):
        return 0
    if amount.is_bare and not _counts_nothing(text, amount, languages):
        return 0
    if any(_is_total(language, ahead, behind) for language in languages):
        return _TOTAL
    return _CALLED if is_called else _UNSAID


def _is_called(language: Vocabulary, ahead: str, behind: str) -> bool:
    return bool(
        language.any("money", "budget_before").search(ahead)
        or language.begins_with("money", "budget_after").match(behind)
    )


def _is_total(language: Vocabulary, ahead: str, behind: str) -> bool:
    return bool(
        language.ends_with("money", "total_before").search(ahead)
        or language.begins_with("money", "total_after").match(behind)
    )


def _is_something_else(language: Vocabulary, ahead: str, behind: str) -> bool:
    """Whether an amount is a price, a rate, or not the one that is meant."""
    if language.begins_with("money", "rate_after").match(behind):
        return True
    if language.begins_with("money", "negated_after").match(behind):
        return True
    if language.any("money", "not_budget_after").match(behind.lstrip(" ,")):
        return True
    last = _last(language.any("money", "not_budget_before"), ahead)
    if last >= 0 and last >= _last(language.any("money", "budget_before"), ahead):
        return True
    negated = _last(language.any("money", "negated_before"), ahead)
    return negated >= 0 and not language.any("money", "negation_ends").search(ahead[negated:])


def _last(pattern: re.Pattern[str], said: str) -> int:
    return max((match.end() for match in pattern.finditer(said)), default=-1)


def _is_least(text: Text, amount: _Amount, languages: Sequence[Vocabulary]) -> bool:
    ahead = clauses.before(text, amount.start, languages)
    for language in languages:
        least = language.ends_with("money", "least_before").search(ahead)
        if least and not language.any("money", "negated_before").search(ahead[: least.start()]):
            return True
    return False


def _counts_nothing(text: Text, amount: _Amount, languages: Sequence[Vocabulary]) -> bool:
    """Whether a bare number is a number of nothing: no `3 rooms`, no `4 hours`."""
    behind = text.folded[amount.end : amount.end + _NEAR]
    return _COUNTED.match(behind) is None or any(
        re.match(rf" *(?:{'|'.join(language.words('money', 'follows'))}){END}", behind)
        for language in languages
    )


def _is_named(ahead: str, behind: str, languages: Sequence[Vocabulary]) -> bool:
    """Whether a word beside a bare number says that it is money."""
    return any(
        language.any("money", "named").search(ahead[-_NEAR * 2 :])
        or language.any("money", "named").match(behind.lstrip())
        for language in languages
    )


@cache
def _codes() -> list[tuple[re.Pattern[str], str]]:
    """Every word for a currency, the longer ones first, and what it means."""
    words = [
        (word.replace(" ", " +"), code)
        for language in Language
        for code, listed in vocabulary(language).table("currencies").items()
        for word in listed
    ]
    return [
        (re.compile(word), code) for word, code in sorted(words, key=lambda one: len(one[0]), reverse=True)
    ]


def _code(said: str) -> str:
    if said in _SYMBOLS:
        return _SYMBOLS[said]
    return next(code for pattern, code in _codes() if pattern.fullmatch(said))


@cache
def _named() -> str:
    return "|".join(pattern.pattern for pattern, _ in _codes())


@cache
def _currencies_before() -> re.Pattern[str]:
    return re.compile(rf"({_SYMBOL}|{START}(?:{_named()}){END})\.? ?$")


@cache
def _currencies_after() -> re.Pattern[str]:
    return re.compile(rf" ?({_SYMBOL}|(?:{_named()}){END})")
