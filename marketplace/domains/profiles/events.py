"""What happens in profiles."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SkillsReplaced(Fact):
    """Somebody said anew what they are good at."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PreferencesChanged(Fact):
    """Somebody said what they look for."""

    person_id: int
