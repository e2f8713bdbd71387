"""Skills by the names that people give them."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.catalog import queries
from marketplace.domains.catalog.models import SkillRow
from marketplace.domains.catalog.types import Skill
from marketplace.kernel.unit_of_work import unit_of_work


def name_skills(names: Sequence[str]) -> list[Skill]:
    """The skills of these names, each once and in this order; one that nobody has named before is added.

    Case and the space around a name make no difference: of `React` and `react` the first that came stays.
    """
    wanted = {name.strip().lower(): name.strip() for name in reversed(names)}
    with unit_of_work() as unit:
        new = sorted(wanted.keys() - queries.find_skills_by_name(wanted).keys())
        if new:
            # in one order, so that of two who name the same skills neither waits for the other in a circle
            rows = [{"name": wanted[key]} for key in new]
            unit.session.execute(insert(SkillRow).values(rows).on_conflict_do_nothing())
        known = queries.find_skills_by_name(wanted)
    return [known[key] for key in dict.fromkeys(name.strip().lower() for name in names)]
