"""Telling a room what is numbered in the order of its numbers."""

import random
import time

import pytest

from marketplace.realtime import order
from marketplace.realtime.order import InOrder
from tests.realtime.conftest import until
from tests.together import together


@pytest.fixture
def told():
    return []


@pytest.fixture
def take(told):
    """A function that has a room that knows of ten take numbers, one after the other."""
    ordered = InOrder(told=10)

    def take(*numbers):
        for number in numbers:
            ordered.take([(number, f"no. {number}")], told.extend)
        return [int(what.removeprefix("no. ")) for what in told]

    return take


@pytest.fixture
def quickly(monkeypatch):
    monkeypatch.setattr(order, "WAIT_S", 0.05)


def test_what_comes_in_order_is_told_at_once(take):
    assert take(11, 12, 13) == [11, 12, 13]


def test_what_comes_too_early_waits_for_those_before_it(take):
    assert take(13, 12) == []
    assert take(11) == [11, 12, 13]
    assert take(15, 16, 14) == [11, 12, 13, 14, 15, 16]


def test_what_was_told_is_not_told_again(take):
    assert take(11, 12, 11, 14, 12, 14, 13, 14, 13) == [11, 12, 13, 14]


def test_what_is_known_from_elsewhere_is_told_as_it_comes(take):
    assert take(10, 8, 11, 9) == [10, 8, 11, 9]


def test_what_does_not_come_is_not_waited_for_long(take, told, quickly):
    assert take(12, 13, 15) == []
    until(lambda: len(told) == 3)
    assert take() == [12, 13, 15]
    assert take(16) == [12, 13, 15, 16]


def test_what_comes_too_late_is_told_all_the_same_once(take, told, quickly):
    take(13)
    until(lambda: told)
    assert take(12, 14, 11, 12, 11) == [13, 12, 14, 11]


def test_a_gap_that_is_closed_in_time_gives_the_next_one_its_own_time(take, told, monkeypatch):
    monkeypatch.setattr(order, "WAIT_S", 0.4)
    take(12)
    time.sleep(0.25)
    take(11, 14)
    time.sleep(0.25)
    assert take(13) == [11, 12, 13, 14]


def test_more_than_may_wait_is_told(take, monkeypatch):
    monkeypatch.setattr(order, "MOST_WAITING", 3)
    assert take(12, 13, 15) == []
    assert take(16) == [12, 13]
    assert take(11, 14) == [12, 13, 11, 14, 15, 16]


def test_a_large_gap_that_comes_late_loses_nothing(take, monkeypatch):
    monkeypatch.setattr(order, "MOST_WAITING", 3)
    late = [*range(11, 20)]
    assert take(20, 21, 22, 23) == [20, 21, 22, 23]
    assert take(*late) == [20, 21, 22, 23, *late]


def test_whoever_tells_at_the_same_time_tells_in_order(told):
    ordered = InOrder(told=0)
    numbers = [*range(1, 201)]
    random.Random(7).shuffle(numbers)
    shares = [numbers[start::4] for start in range(4)]

    def tell(share):
        for number in share:
            ordered.take([(number, number)], told.extend)

    together(*(lambda share=share: tell(share) for share in shares))
    until(lambda: len(told) == 200)
    assert told == [*range(1, 201)]


def test_two_processes_are_heard_in_the_order_of_the_numbers(houses, people, connect):
    token = people.join().access
    clients = [connect(house, 2, token) for house in houses for _ in range(2)]
    for client in clients:
        client.send({"type": "echo"})
        assert client.hear() == {"type": "echo"}
    for number, house in ((2, houses[0]), (4, houses[1]), (1, houses[1]), (3, houses[0]), (3, houses[1])):
        house.post(f"/push/talk:2/{number}")
    houses[0].post("/push/talk:2/5")
    for client in clients:
        assert [client.hear()["text"] for _ in range(5)] == ["1", "2", "3", "4", "5"]
