"""Presence over processes, each played by a Presence of its own."""

import pytest
from redis import ConnectionError as NotReached
from redis import Redis

from marketplace.realtime.presence import ANYWHERE, Presence
from tests.realtime.conftest import until
from tests.together import together

REPEATS = 25


@pytest.fixture
def processes(app, settings):
    pair = []
    for _ in range(2):
        presence = Presence()
        presence.configure(Redis.from_url(settings.redis_url), alive_s=1)
        pair.append(presence)
    return pair


@pytest.fixture
def news(processes):
    heard = []
    for presence in processes:
        presence.listen(lambda person_id, place, is_online: heard.append((person_id, place, is_online)))
    return heard


def fail_to_reach(*_):
    raise NotReached


def flush(processes):
    for presence in processes:
        presence.flush()


def test_everybody_counts_everybody(processes):
    first, second = processes
    first.arrive(1)
    first.arrive(1)
    second.arrive(1)
    second.arrive(2)
    flush(processes)
    assert [presence.count(1) for presence in processes] == [3, 3]
    assert first.online([1, 2, 3]) == {1, 2}
    assert first.online([]) == set()
    assert not first.is_online(3)


def test_coming_and_going_is_announced_once_over_all_processes(processes, news):
    first, second = processes
    first.arrive(1)
    first.flush()
    second.arrive(1)
    second.flush()
    first.depart(1)
    first.flush()
    assert news == [(1, ANYWHERE, True)]
    second.depart(1)
    second.flush()
    assert news == [(1, ANYWHERE, True), (1, ANYWHERE, False)]


def test_a_place_is_counted_apart_and_also_as_anywhere(processes, news):
    first, second = processes
    first.arrive(1, "chat:15")
    first.flush()
    second.arrive(1, "chat:15")
    second.arrive(1)
    second.flush()
    assert [presence.online([1, 2], "chat:15") for presence in processes] == [{1}, {1}]
    assert second.online([1], "chat:16") == set()
    assert second.count(1) == 3
    first.depart(1, "chat:15")
    first.flush()
    second.depart(1, "chat:15")
    second.flush()
    assert second.online([1], "chat:15") == set()
    assert second.is_online(1)
    assert sorted(news[:2]) == [(1, ANYWHERE, True), (1, "chat:15", True)]
    assert news[2:] == [(1, "chat:15", False)]


def test_the_dead_are_buried_and_announced_by_one(processes, news):
    first, second = processes
    first.arrive(1, "chat:15")
    first.flush()
    news.clear()
    assert second.is_online(1)
    until(lambda: not second.is_online(1), within_s=2)
    second.beat()
    second.beat()
    assert sorted(news) == [(1, ANYWHERE, False), (1, "chat:15", False)]


def test_a_process_that_was_only_slow_is_back_with_its_next_beat(processes):
    first, second = processes
    first.arrive(1)
    first.flush()
    until(lambda: not second.is_online(1), within_s=2)
    second.beat()
    first.beat()
    assert second.is_online(1)


def test_an_emptied_redis_knows_everybody_again_after_a_beat(processes, app, settings):
    first, second = processes
    first.arrive(1)
    first.flush()
    Redis.from_url(settings.redis_url).flushdb()
    assert not second.is_online(1)
    first.beat()
    assert second.is_online(1)


def test_a_process_that_ends_takes_its_people_with_it_and_says_so(processes, news):
    first, second = processes
    for person_id in (1, 2):
        first.arrive(person_id)
    second.arrive(2)
    flush(processes)
    first.depart(1)
    news.clear()
    first.withdraw()
    assert second.online([1, 2]) == {2}
    assert news == [(1, ANYWHERE, False)]


def test_a_process_that_has_ended_writes_nothing(processes, news):
    first, second = processes
    first.arrive(1)
    first.withdraw()
    first.arrive(2)
    first.flush()
    first.beat()
    assert second.online([1, 2]) == set()
    assert news == []


def test_a_beat_swallows_no_coming(processes, news):
    first, _ = processes
    first.arrive(1)
    first.beat()
    first.flush()
    assert news == [(1, ANYWHERE, True)]


def test_who_came_and_left_between_two_flushes_was_never_there(processes, news):
    first, _ = processes
    first.arrive(1)
    first.depart(1)
    first.flush()
    assert news == []


def test_who_leaves_while_a_dead_process_counts_them_is_announced_once(processes, news):
    _, second = processes
    for presence in processes:
        presence.arrive(1)
    flush(processes)
    news.clear()
    until(lambda: not second.is_online(1), within_s=2)
    second.beat()
    assert news == []
    second.depart(1)
    second.flush()
    second.beat()
    assert news == [(1, ANYWHERE, False)]


def test_of_processes_that_see_it_at_once_one_tells(processes, news):
    first, second = processes
    for _ in range(REPEATS):
        for presence in processes:
            presence.arrive(1)
        together(first.flush, second.flush)
        for presence in processes:
            presence.depart(1)
        together(first.flush, second.flush)
    assert news == [(1, ANYWHERE, True), (1, ANYWHERE, False)] * REPEATS


def test_what_redis_did_not_hear_is_told_when_it_is_back(processes, news, monkeypatch):
    first, second = processes
    first.arrive(1)
    with monkeypatch.context() as patch:
        patch.setattr(vars(first)["_roll"], "write", fail_to_reach)
        first.flush()
    assert news == []
    first.flush()
    assert second.is_online(1)
    assert news == [(1, ANYWHERE, True)]


def test_while_redis_is_away_nobody_is_online_and_nothing_fails():
    presence = Presence()
    presence.configure(Redis.from_url("redis://127.0.0.1:1/0"), alive_s=1)
    presence.arrive(1)
    presence.flush()
    presence.beat()
    presence.withdraw()
    assert presence.online([1]) == set()
    assert not presence.is_online(1)


def test_a_listener_that_fails_keeps_nobody_else_from_hearing(processes):
    heard = []

    def fail(*_):
        raise RuntimeError("made to fail")

    processes[0].listen(fail)
    processes[0].listen(lambda person_id, *_: heard.append(person_id))
    processes[0].arrive(7)
    processes[0].flush()
    assert heard == [7]


def test_a_single_process_counts_without_redis():
    presence = Presence()
    presence.configure(None, alive_s=1)
    heard = []
    presence.listen(lambda *news: heard.append(news))
    presence.arrive(1)
    presence.flush()
    assert presence.online([1, 2]) == {1}
    presence.depart(1)
    presence.flush()
    presence.beat()
    presence.withdraw()
    assert presence.online([1]) == set()
    assert heard == [(1, ANYWHERE, True), (1, ANYWHERE, False)]
