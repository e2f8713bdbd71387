"""How many frames one connection may send."""

import pytest

from marketplace.kernel.errors import TooMany
from marketplace.realtime.allowance import Allowance


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def spend_all(allowance):
    spent = 0
    while True:
        try:
            allowance.spend()
        except TooMany:
            return spent
        spent += 1


def test_a_burst_is_allowed_and_then_a_steady_flow():
    clock = Clock()
    allowance = Allowance(burst=10, per_s=4, now=clock)
    assert spend_all(allowance) == 10
    clock.now += 0.2
    assert spend_all(allowance) == 0
    clock.now += 0.05
    assert spend_all(allowance) == 1
    clock.now += 1.5
    assert spend_all(allowance) == 6


def test_a_long_silence_saves_no_more_than_a_burst():
    clock = Clock()
    allowance = Allowance(burst=3, per_s=100, now=clock)
    clock.now += 3600
    assert spend_all(allowance) == 3


def test_what_is_refused_costs_nothing():
    clock = Clock()
    allowance = Allowance(burst=1, per_s=1, now=clock)
    assert spend_all(allowance) == 1
    for _ in range(9):
        clock.now += 0.1
        with pytest.raises(TooMany):
            allowance.spend()
    clock.now += 0.1001
    assert spend_all(allowance) == 1
