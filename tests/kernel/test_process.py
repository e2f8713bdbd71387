"""Life cycles as data."""

import pytest

from marketplace.kernel.errors import Kind
from marketplace.kernel.process import NotYours, Process, WrongState, action

DOOR = Process(
    "door",
    initial="closed",
    actions={
        "open": action("closed", to="open", by={"guest", "owner"}),
        "close": action("open", to="closed", by={"owner"}),
        "tear_down": action("open", "closed", to="gone", by={"owner"}),
    },
)


def test_an_allowed_action_says_where_it_leads():
    assert DOOR.decide("open", state="closed", actors={"guest"}) == "open"
    assert DOOR.decide("tear_down", state="open", actors=["guest", "owner"]) == "gone"


def test_a_wrong_actor_learns_nothing_of_the_state():
    with pytest.raises(NotYours) as caught:
        DOOR.decide("close", state="gone", actors={"guest"})
    assert caught.value.kind is Kind.FORBIDDEN


def test_a_wrong_state_is_told_in_words():
    with pytest.raises(WrongState, match=r"^Cannot tear down this door: it is gone\.$"):
        DOOR.decide("tear_down", state="gone", actors={"owner"})


def test_an_unknown_action_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        DOOR.decide("paint", state="open", actors={"owner"})


def test_a_state_is_led_to_by_whoever_may():
    assert DOOR.step_to("closed", state="open", actors={"owner"}) == "close"
    with pytest.raises(NotYours):
        DOOR.step_to("closed", state="open", actors={"guest"})
    with pytest.raises(WrongState, match=r"^Cannot change status from 'gone' to 'open'\.$"):
        DOOR.step_to("open", state="gone", actors={"guest"})


def test_to_name_the_present_state_asks_for_nothing():
    assert DOOR.step_to("closed", state="closed", actors={"guest"}) is None


def test_what_an_actor_may_do_now_is_listed():
    assert DOOR.allowed(state="closed", actors={"guest"}) == ["open"]
    assert DOOR.allowed(state="open", actors={"owner"}) == ["close", "tear_down"]
    assert DOOR.allowed(state="gone", actors={"owner"}) == []


def test_states_and_actors_are_read_from_the_table():
    assert DOOR.states == {"open", "closed", "gone"}
    assert DOOR.final == {"gone"}
    assert DOOR.actors == {"guest", "owner"}
    assert DOOR.is_final("gone")
    assert not DOOR.is_final("open")


def test_a_state_that_nothing_leads_to_is_refused():
    with pytest.raises(ValueError, match="door: no action leads to ajar"):
        Process("door", initial="closed", actions={"close": action("ajar", to="closed", by={"owner"})})


def test_the_diagram_shows_every_arrow():
    assert DOOR.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> closed",
        "    closed --> open: open (guest, owner)",
        "    open --> closed: close (owner)",
        "    closed --> gone: tear_down (owner)",
        "    open --> gone: tear_down (owner)",
        "    gone --> [*]",
    ]
