"""Answers that are kept for a moment."""

import threading

import pytest

from marketplace.kernel import kept as keeping
from marketplace.kernel.kept import kept, once, one_moment
from marketplace.kernel.unit_of_work import unit_of_work


@pytest.fixture
def now(monkeypatch):
    """The time in seconds, as a list of one that a test changes."""
    seconds = [100.0]
    monkeypatch.setattr(keeping.time, "monotonic", lambda: seconds[0])
    return seconds


@pytest.fixture
def asked():
    """What was asked, in order."""
    return []


@pytest.fixture
def double(asked):
    """A function whose answers are kept for ten seconds."""

    @kept(for_s=10)
    def double(number, *, plus=0):
        asked.append(number)
        return 2 * number + plus

    return double


def test_an_answer_is_kept_by_what_was_asked(double, asked, now):
    assert [double(1), double(2), double(1), double(1, plus=1), double(1, plus=1)] == [2, 4, 2, 3, 3]
    assert asked == [1, 2, 1]


def test_an_answer_is_asked_anew_once_it_is_old(double, asked, now):
    double(1)
    now[0] += 4.9
    double(1)
    assert asked == [1]
    now[0] += 0.2
    double(1)
    assert asked == [1, 1]


def test_while_one_asks_anew_the_others_are_given_the_old_answer_until_that_is_too_old(now):
    is_asked, may_answer, answers = threading.Event(), threading.Event(), iter("abc")

    @kept(for_s=10)
    def letter():
        if now[0] == 106:
            is_asked.set()
            may_answer.wait(timeout=30)
        return next(answers)

    assert letter() == "a"
    now[0] = 106.0
    asker = threading.Thread(target=letter)
    asker.start()
    is_asked.wait(timeout=30)
    assert letter() == "a"
    now[0] = 111.0
    assert letter() == "b"
    may_answer.set()
    asker.join(timeout=30)


def test_a_failure_is_not_kept(now):
    answers = iter([ZeroDivisionError(), 7])

    @kept(for_s=10)
    def number():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ZeroDivisionError):
        number()
    assert number() == 7


def test_what_is_asked_anew_is_kept(double, asked, now):
    double(1)
    assert double.anew(1) == double(1) == 2
    assert asked == [1, 1]


def test_a_unit_of_work_asks_anew_unless_it_writes_no_such_thing(double, asked, now, app):
    @kept(for_s=10, fixed=True)
    def constant():
        asked.append("constant")
        return 1

    double(1)
    constant()
    with unit_of_work():
        double(1)
        constant()
    assert asked == [1, "constant", 1]


def test_not_more_is_kept_than_there_is_room_for(double, asked, now, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 2)
    for number in (1, 2, 3, 2, 3, 1):
        double(number)
    assert asked == [1, 2, 3, 1]


def test_everything_can_be_forgotten(double, asked, now):
    double(1)
    keeping.forget_everything()
    double(1)
    assert asked == [1, 1]


def test_within_a_moment_the_same_is_asked_once(asked, app):
    @once
    def look(number):
        asked.append(number)
        return number

    with one_moment():
        assert [look(1), look(1), look(2)] == [1, 1, 2]
        with unit_of_work():
            look(1)
    look(1)
    look(1)
    assert asked == [1, 2, 1, 1, 1]
