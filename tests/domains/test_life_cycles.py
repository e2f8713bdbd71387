"""Every life cycle of the house, found by itself: each (state, action, actor) is in its table or refused."""

from importlib import import_module
from itertools import chain, product
from pkgutil import iter_modules

import pytest

from marketplace import domains
from marketplace.kernel.process import NotYours, Process, WrongState

STRANGER = "stranger"


def rules_of_domains():
    for domain in iter_modules(domains.__path__, f"{domains.__name__}."):
        package = import_module(domain.name)
        if any(room.name == "rules" for room in iter_modules(package.__path__)):
            yield import_module(f"{domain.name}.rules")


def processes():
    """Each `Process` that a module of rules holds, as `deals.APPLICATION`."""
    for rules in rules_of_domains():
        domain = rules.__name__.split(".")[-2]
        yield from (
            pytest.param(value, id=f"{domain}.{name}")
            for name, value in vars(rules).items()
            if isinstance(value, Process)
        )


def triples():
    for process in processes():
        (cycle,) = process.values
        for state, action, actor in product(
            sorted(cycle.states), cycle.actions, sorted({*cycle.actors, STRANGER})
        ):
            name = f"{process.id}-{state}-{action}-{actor}"
            yield pytest.param(cycle, state, action, actor, id=name)


PROCESSES = list(processes())


def test_the_life_cycles_of_tasks_and_applications_are_found():
    assert {"deals.APPLICATION", "listings.TASK"} <= {process.id for process in PROCESSES}


@pytest.mark.parametrize(("cycle", "state", "action", "actor"), list(triples()))
def test_a_step_leads_where_its_table_says_or_is_refused(cycle, state, action, actor):
    row = cycle.actions[action]
    is_listed = action in cycle.allowed(state=state, actors={actor})
    if actor not in row.who:
        with pytest.raises(NotYours):
            cycle.decide(action, state=state, actors={actor})
        assert not is_listed
    elif state not in row.starts:
        with pytest.raises(WrongState, match=state):
            cycle.decide(action, state=state, actors={actor})
        assert not is_listed
    else:
        assert cycle.decide(action, state=state, actors={actor, STRANGER}) == row.leads_to
        assert is_listed


@pytest.mark.parametrize("cycle", PROCESSES)
def test_a_life_cycle_begins_ends_and_reaches_all_its_states(cycle):
    reached, new = set(), {cycle.initial}
    while new:
        reached |= new
        ways_out = (row for row in cycle.actions.values() if row.starts & new)
        new = {row.leads_to for row in ways_out} - reached
    assert reached == cycle.states
    assert cycle.final, "nothing ever ends"


@pytest.mark.parametrize("cycle", PROCESSES)
def test_nothing_leads_out_of_an_end(cycle):
    for state in cycle.states:
        ways_out = cycle.allowed(state=state, actors=cycle.actors)
        assert cycle.is_final(state) is (not ways_out)


@pytest.mark.parametrize("cycle", PROCESSES)
def test_a_diagram_draws_every_step(cycle):
    head, begin, *arrows = cycle.diagram().splitlines()
    assert head == "stateDiagram-v2"
    assert begin == f"    [*] --> {cycle.initial}"
    steps = chain.from_iterable(
        (f"    {start} --> {row.leads_to}: {name} (" for start in row.starts)
        for name, row in cycle.actions.items()
    )
    assert all(any(arrow.startswith(step) for arrow in arrows) for step in steps)
    assert {arrow for arrow in arrows if arrow.endswith("[*]")} == {
        f"    {state} --> [*]" for state in cycle.final
    }
