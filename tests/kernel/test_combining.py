"""Having the same kind of work done together."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from marketplace.kernel import combining
from marketplace.kernel.combining import Combined, CombinedCommand
from marketplace.kernel.errors import Unavailable
from tests.together import together

CROWD = 8


class Doubler:
    """Doubles numbers, and notes in which company; refuses seven, and breaks at thirteen."""

    def __init__(self):
        self.batches = []
        self.is_at_it, self.may_go_on = threading.Event(), threading.Event()
        self.combined = Combined(self.double)

    def double(self, numbers):
        self.batches.append(list(numbers))
        if len(self.batches) == 1:
            self.is_at_it.set()
            self.may_go_on.wait(timeout=30)
        if 13 in numbers:
            raise ZeroDivisionError
        return [ValueError("seven") if number == 7 else 2 * number for number in numbers]

    def queue_up(self, *numbers):
        """Ask for these at the same time, while the first is being done."""
        answers = {}

        def ask(number):
            try:
                answers[number] = self.combined(number)
            except Exception as error:  # noqa: BLE001 - which one is what the test looks at
                answers[number] = error

        threads = [threading.Thread(target=ask, args=(number,)) for number in numbers]
        threads[0].start()
        self.is_at_it.wait(timeout=30)
        for thread in threads[1:]:
            thread.start()
        while len(vars(self.combined)["_queue"]) < len(numbers) - 1:
            pass
        self.may_go_on.set()
        for thread in threads:
            thread.join(timeout=30)
        return answers


@pytest.fixture
def doubler():
    return Doubler()


def test_alone_one_is_served_at_once(doubler):
    doubler.may_go_on.set()
    assert (doubler.combined(1), doubler.combined(2)) == (2, 4)
    assert doubler.batches == [[1], [2]]


def test_who_comes_meanwhile_is_served_together(doubler):
    assert doubler.queue_up(1, 2, 3, 4) == {1: 2, 2: 4, 3: 6, 4: 8}
    assert sorted(map(len, doubler.batches)) == [1, 3]


def test_at_most_so_many_are_served_together(doubler, monkeypatch):
    monkeypatch.setattr(combining, "MOST", 2)
    assert doubler.queue_up(1, 2, 3, 4, 5) == {number: 2 * number for number in range(1, 6)}
    assert sorted(map(len, doubler.batches)) == [1, 2, 2]


def test_a_refusal_is_for_the_one_it_is_about(doubler):
    answers = doubler.queue_up(1, 2, 7)
    assert (answers[1], answers[2], str(answers[7])) == (2, 4, "seven")


def test_what_breaks_is_told_to_all_it_was_done_for_and_to_nobody_else(doubler):
    answers = doubler.queue_up(1, 2, 13)
    assert answers[1] == 2
    assert isinstance(answers[2], ZeroDivisionError)
    assert isinstance(answers[13], ZeroDivisionError)
    assert doubler.combined(4) == 8


def test_several_things_are_done_in_their_order(doubler):
    doubler.may_go_on.set()
    first, refused, last = doubler.combined.all([1, 7, 3])
    assert (first, str(refused), last) == (2, "seven", 6)
    assert doubler.batches == [[1, 7, 3]]
    assert doubler.combined.all([]) == []


def test_more_things_than_are_done_at_once_are_done_all_the_same(doubler, monkeypatch):
    monkeypatch.setattr(combining, "MOST", 2)
    doubler.may_go_on.set()
    assert doubler.combined.all([1, 2, 3, 4, 5]) == [2, 4, 6, 8, 10]
    assert doubler.batches == [[1, 2], [3, 4], [5]]


def test_who_leads_and_is_killed_leaves_nobody_waiting():
    def die(_):
        raise SystemExit

    combined = Combined(die)
    with pytest.raises(SystemExit):
        combined(1)
    (answer,) = vars(combined)["_queue"] or [None]
    assert answer is None
    with pytest.raises(SystemExit):
        combined.all([1, 2])


def test_a_crowd_is_served_each_with_their_own(doubler):
    doubler.may_go_on.set()
    numbers = [number for number in range(100) if number not in {7, 13}]
    for start in range(0, len(numbers), CROWD):
        asked = numbers[start : start + CROWD]
        answers = together(*[lambda number=number: (number, doubler.combined(number)) for number in asked])
        assert answers == [(number, 2 * number) for number in asked]


def test_nobody_is_answered_by_nothing():
    assert isinstance(combining._Waiting(1, is_patient=True).answer, Unavailable)


class House:
    """Takes orders together, and has each company's told of in their order before it is answered."""

    def __init__(self):
        self.told, self.is_telling, self.may_go_on = [], threading.Event(), threading.Event()
        self.taken = Combined(self.take)
        self.telling = Combined(self.tell)

    def take(self, orders):
        self.telling.then(tuple(orders))
        return [f"{order} is told" if self.has_told(order) else order for order in orders]

    def tell(self, companies):
        if not self.told:
            self.is_telling.set()
            self.may_go_on.wait(timeout=30)
        self.told += [order for company in companies for order in company]
        return [None for _ in companies]

    def has_told(self, order):
        return order in self.told


def test_who_waits_for_what_follows_is_answered_when_it_is_done():
    house, answers = House(), []
    waiting = threading.Thread(target=lambda: answers.append((house.taken("first"), list(house.told))))
    waiting.start()
    assert house.is_telling.wait(timeout=30)
    assert answers == []
    house.may_go_on.set()
    waiting.join(timeout=30)
    assert answers == [("first", ["first"])]


def test_only_who_leads_waits_for_what_follows_from_a_command():
    may_go_on, told = [threading.Event(), threading.Event()], []

    def take(orders):
        telling.then(list(orders))
        return orders

    def tell(companies):
        may_go_on[len(told)].wait(timeout=30)
        told.extend(companies)
        return [None for _ in companies]

    telling, command = Combined(tell), CombinedCommand(take)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(command, "first")]
        while not vars(telling)["_is_led"]:
            pass
        for place, order in enumerate(("second", "third")):
            asked.append(pool.submit(command, order))
            while len(vars(command)["_queue"]) == place:
                pass
        may_go_on[0].set()
        assert asked[2].result(timeout=30) == "third"
        assert told == [["first"]]
        assert not asked[1].done()
        may_go_on[1].set()
        assert [each.result(timeout=30) for each in asked] == ["first", "second", "third"]
    assert told == [["first"], ["second", "third"]]


def test_what_follows_is_done_though_its_leader_is_killed():
    done = []
    after = Combined(lambda asked: done.extend(asked) or [None for _ in asked])

    def die(asked):
        after.then(*asked)
        raise SystemExit

    with pytest.raises(SystemExit):
        Combined(die)("told")
    assert done == ["told"]
    after.then("more")
    assert done == ["told", "more"]


def test_what_follows_and_fails_is_not_kept_quiet():
    def fail(_):
        raise ZeroDivisionError

    after = Combined(fail)
    with pytest.raises(ZeroDivisionError):
        after.then("alone")
    with pytest.raises(ZeroDivisionError):
        Combined(lambda asked: [after.then(each) for each in asked])("in company")


def test_who_does_not_wait_for_what_follows_is_answered_before_it_is_done():
    house = House()
    assert house.taken.soon(["first"]) == ["first"]
    assert house.is_telling.wait(timeout=30)
    assert house.told == []
    answers = []
    patient = threading.Thread(target=lambda: answers.append(house.taken("second")))
    patient.start()
    assert house.taken.soon(["third"]) == ["third"]
    house.may_go_on.set()
    patient.join(timeout=30)
    assert answers == ["second"]
    while len(house.told) < 3:
        pass
    assert house.told[0] == "first"


def test_what_fails_behind_somebodys_back_is_logged(capsys):
    failed = threading.Event()

    def fail(_):
        failed.set()
        raise ZeroDivisionError

    after = Combined(fail)
    assert Combined(lambda asked: [after.then(each) for each in asked]).soon(["told"]) == [None]
    assert failed.wait(timeout=30)
    while "what_follows_failed" not in capsys.readouterr().out:
        pass


def test_a_command_that_follows_from_one_of_its_kind_waits_for_nobody():
    told = []

    def take(orders):
        for order in orders:
            telling.then(order)
        return list(orders)

    def tell(orders):
        told.extend(orders)
        told.extend(command(f"{order}, again") for order in orders if not order.endswith("again"))
        return [None for _ in orders]

    telling, command = Combined(tell), CombinedCommand(take)
    answers = together(*(partial(command, str(number)) for number in range(CROWD)))
    assert sorted(answers) == [str(number) for number in range(CROWD)]
    assert len(told) == 3 * CROWD


@pytest.fixture
def commander(doubler, monkeypatch):
    """The same as a command, which waits for company for long."""
    monkeypatch.setattr(CombinedCommand, "_gather_s", 10)
    doubler.combined = CombinedCommand(doubler.double)
    return doubler


def test_a_command_waits_for_those_who_have_just_been_answered(commander):
    with ThreadPoolExecutor(1) as pool:
        crowd = pool.submit(commander.queue_up, 1, 2, 3)
        while not vars(commander.combined)["_gathers_until"]:
            pass
        assert commander.combined(4) == 8
        assert crowd.result(timeout=30) == {1: 2, 2: 4, 3: 6}
    assert [sorted(batch) for batch in commander.batches] == [[1], [2, 3, 4]]


def test_a_command_waits_for_nobody_who_does_not_come_again(commander, monkeypatch):
    monkeypatch.setattr(CombinedCommand, "_gather_s", 0.05)
    assert commander.queue_up(1, 2, 3) == {1: 2, 2: 4, 3: 6}
    assert sorted(map(len, commander.batches)) == [1, 2]
    assert commander.combined(4) == 8


def test_a_command_that_is_given_alone_waits_for_nobody(commander):
    commander.may_go_on.set()
    started = time.monotonic()
    assert [commander.combined(number) for number in range(5)] == [0, 2, 4, 6, 8]
    assert time.monotonic() - started < 5


def test_one_who_gives_several_commands_at_once_is_one_and_waits_for_nobody(commander):
    commander.may_go_on.set()
    started = time.monotonic()
    assert commander.combined.soon([1, 2, 3]) == [2, 4, 6]
    assert commander.combined.soon([4]) == [8]
    assert time.monotonic() - started < 5


def test_the_next_are_waited_for_until_what_they_come_again_after_is_done(monkeypatch):
    monkeypatch.setattr(combining, "FOLLOW_S", 10)
    companies, is_told = [], threading.Event()

    def take(orders):
        companies.append(list(orders))
        while len(companies) == 1 and len(vars(command)["_queue"]) < 2:
            pass
        telling.then(list(orders))
        return orders

    def tell(told):
        while len(told[0]) == 2 and not is_told.wait(timeout=30):
            pass
        return [None for _ in told]

    telling, command = Combined(tell), CombinedCommand(take)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(command.soon, ["first"])]
        while not companies:
            pass
        asked += [pool.submit(command.soon, [order]) for order in ("second", "third")]
        assert [each.result(timeout=30) for each in asked] == [["first"], ["second"], ["third"]]
        fourth = pool.submit(command.soon, ["fourth"])
        with pytest.raises(TimeoutError):
            fourth.result(timeout=0.1)
        is_told.set()
        started = time.monotonic()
        assert fourth.result(timeout=30) == ["fourth"]
        assert time.monotonic() - started < 5
    assert [len(company) for company in companies] == [1, 2, 1]
