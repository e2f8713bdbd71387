"""The domain's clock, real and moved."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.kernel.clock import Clock
from marketplace.kernel.settings import Settings

A_LITTLE = timedelta(seconds=5)


def machine_now():
    return datetime.now(UTC)  # noqa: TID251 - what the clock is compared with


@pytest.fixture
def development(tmp_path):
    clock = Clock()
    clock.configure(Settings(instance_path=tmp_path / "instance"))
    return clock


def test_an_unmoved_clock_tells_real_time_in_utc(development):
    assert abs(development.now() - machine_now()) < A_LITTLE
    assert development.now().tzinfo is UTC
    assert development.offset() == timedelta()


def test_a_moved_clock_goes_on_from_there(development):
    before = development.now()
    assert abs(development.advance(90_000) - before - timedelta(seconds=90_000)) < A_LITTLE
    assert abs(development.advance(0.5) - before - timedelta(seconds=90_000.5)) < A_LITTLE
    assert development.offset() == timedelta(seconds=90_000.5)
    assert abs(development.real_now() - machine_now()) < A_LITTLE


def test_a_moved_clock_is_seen_by_every_process_of_the_instance(development, tmp_path):
    other = Clock()
    other.configure(Settings(instance_path=tmp_path / "instance"))
    development.advance(3600)
    assert other.offset() == timedelta(hours=1)


def test_the_clock_returns_to_real_time(development):
    development.advance(3600)
    assert abs(development.reset() - machine_now()) < A_LITTLE
    assert development.reset() <= development.now()


def test_production_knows_real_time_alone(development, tmp_path):
    development.advance(3600)
    clock = Clock()
    clock.configure(Settings(environment="production", instance_path=tmp_path / "instance"))
    assert clock.offset() == timedelta()
    with pytest.raises(RuntimeError, match="sandbox only"):
        clock.advance(1)
    clock.reset()
    assert development.offset() == timedelta(hours=1)
