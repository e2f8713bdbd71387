"""Life cycles as data: states, and per action where it may start, where it leads and who may take it.

One `Process` table per thing with a status lives in its domain's `rules.py`. Nothing else compares statuses.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from marketplace.kernel.errors import Conflict, DomainError, Forbidden


class WrongState(Conflict):
    """This cannot be done in the present state."""

    code = "wrong_state"


class NotYours(Forbidden):
    """You do not have permission to perform this action."""

    code = "not_yours"


@dataclass(frozen=True, kw_only=True)
class Action:
    """One row of a life cycle: the states it may start from, the state it leads to, and who may take it."""

    starts: frozenset[str]
    leads_to: str
    who: frozenset[str]


def action(*starts: str, to: str, by: Collection[str]) -> Action:
    """A row of a life cycle table: `action("open", to="closed", by={"owner"})`."""
    return Action(starts=frozenset(starts), leads_to=to, who=frozenset(by))


class Process:
    """A life cycle: it decides and refuses, lists what may be done now, and draws itself."""

    def __init__(self, name: str, *, initial: str, actions: Mapping[str, Action]) -> None:
        """Name the thing, its first state, and its actions."""
        self.name = name
        self.initial = initial
        self.actions = dict(actions)
        reached = {row.leads_to for row in self.actions.values()}
        begun = {state for row in self.actions.values() for state in row.starts}
        self.states = frozenset({initial} | reached | begun)
        self.final = self.states - begun
        self.actors = frozenset(actor for row in self.actions.values() for actor in row.who)
        unreachable = begun - reached - {initial}
        if unreachable:
            message = f"{name}: no action leads to {', '.join(sorted(unreachable))}"
            raise ValueError(message)

    def decide(self, action_name: str, *, state: str, actors: Collection[str]) -> str:
        """The state that the action leads to; refuses wrong actors first, then wrong states."""
        row = self.actions[action_name]
        if not row.who & set(actors):
            raise NotYours
        if state not in row.starts:
            raise self.wrong_state(action_name, state)
        return row.leads_to

    def step_to(
        self, wanted: str, *, state: str, actors: Collection[str], called: str = "status"
    ) -> str | None:
        """The action that leads from one state to another, `None` where it is there already.

        For whoever names the state and not the action: to name the present one asks for nothing, and is
        nobody's to refuse. Else refuses first whoever may never lead there, then a step that nobody may take
        from here.
        """
        if state == wanted:
            return None
        leading = {name: row for name, row in self.actions.items() if row.leads_to == wanted}
        if not any(row.who & set(actors) for row in leading.values()):
            raise NotYours
        starting = [name for name, row in leading.items() if state in row.starts]
        if not starting:
            raise WrongState(f"Cannot change {called} from '{state}' to '{wanted}'.")
        return next((name for name in starting if leading[name].who & set(actors)), starting[0])

    def wrong_state(self, action_name: str, state: str) -> DomainError:
        """The refusal of an action in a state, in words."""
        return WrongState(f"Cannot {action_name.replace('_', ' ')} this {self.name}: it is {state}.")

    def allowed(self, *, state: str, actors: Collection[str]) -> list[str]:
        """The actions that one of `actors` may take now."""
        return [name for name, row in self.actions.items() if state in row.starts and row.who & set(actors)]

    def is_final(self, state: str) -> bool:
        """Whether nothing leads out of the state."""
        return state in self.final

    def diagram(self) -> str:
        """The life cycle as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for name, row in self.actions.items():
            label = f"{name} ({', '.join(sorted(row.who))})"
            lines += [f"    {start} --> {row.leads_to}: {label}" for start in sorted(row.starts)]
        lines += [f"    {state} --> [*]" for state in sorted(self.final)]
        return "\n".join(lines)
