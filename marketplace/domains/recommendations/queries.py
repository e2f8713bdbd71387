"""What recommendations reads."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select, text

from marketplace.domains.accounts.public import HOLDERS, PEOPLE, Role
from marketplace.domains.listings.public import OPEN_TASKS
from marketplace.domains.recommendations import rules
from marketplace.domains.recommendations.models import (
    DescribedFreelancer,
    DescribedTask,
    TaskTerm,
)
from marketplace.domains.recommendations.rules import FREELANCER_WEIGHTS, TASK_WEIGHTS, Positions, rarity
from marketplace.domains.recommendations.types import (
    Evidence,
    Factor,
    Field,
    InCommon,
    Likeness,
    Source,
    Term,
    Wanted,
)
from marketplace.kernel.reading import reading
from marketplace.kernel.statements import ANY_OF_IDS, Statement

# Which factor a term that two have in common speaks for.
_FACTORS = {
    "words": (Source.PROFILE, Field.WORD, Factor.WORDS),
    "skills": (Source.PROFILE, Field.SKILL, Factor.SKILLS),
    "category": (Source.PROFILE, Field.CATEGORY, Factor.CATEGORY),
    "past_words": (Source.HISTORY, Field.WORD, Factor.PAST_WORDS),
    "past_skills": (Source.HISTORY, Field.SKILL, Factor.PAST_SKILLS),
    "past_category": (Source.HISTORY, Field.CATEGORY, Factor.PAST_CATEGORY),
}
_LONGEST_WORD = 40
_STEMS = Statement(
    text(
        """
    SELECT coalesce(
        (SELECT json_object_agg(stem.lexeme, stem.positions)
        FROM unnest(to_tsvector('english', said.text)) AS stem
        WHERE length(stem.lexeme) <= :longest AND stem.lexeme ~ '[[:alpha:]]'),
        '{}')
    FROM unnest(CAST(:texts AS text[])) WITH ORDINALITY AS said (text, place) ORDER BY said.place
    """
    )
)
_COUNTS = Statement(
    text(
        """
    SELECT field, term, tasks_count FROM term_counts
    JOIN unnest(CAST(:fields AS text[]), CAST(:terms AS text[])) AS wanted (field, term) USING (field, term)
    """
    )
)

_FREELANCERS = (
    select(PEOPLE.c.id)
    .join(HOLDERS, HOLDERS.c.person_id == PEOPLE.c.id)
    .where(PEOPLE.c.is_active, HOLDERS.c.role == Role.FREELANCER)
    .subquery()
)
_TERMS = Statement(
    select(TaskTerm.task_id, TaskTerm.field, TaskTerm.term, TaskTerm.weight)
    .where(TaskTerm.task_id == ANY_OF_IDS, TaskTerm.weight > 0)
    .order_by(TaskTerm.task_id, TaskTerm.field, TaskTerm.term)
)
# A freelancer's terms, and those of a need.
_MINE = "SELECT * FROM freelancer_terms WHERE person_id = :person_id"
_NEED = """
    SELECT unnest(CAST(:fields AS text[])) AS field, unnest(CAST(:terms AS text[])) AS term,
        unnest(CAST(:weights AS double precision[])) AS weight
"""
# Of the terms that count most: which have them, the heaviest of each, the newest of those that are as heavy.
# Ids that are selected are looked up by their hash, also by a plan that is kept for other ids.
_LISTED_TASKS = """
    SELECT task_id AS id, asked.worth * heaviest.weight AS share
    FROM (
        SELECT field, term, sum({worth} * weight) AS worth FROM ({mine}) AS f
        GROUP BY field, term ORDER BY worth DESC, field, term LIMIT :most_terms
    ) AS asked
    CROSS JOIN LATERAL (
        SELECT task_id, weight FROM task_terms
        WHERE field = asked.field AND term = asked.term AND weight > 0
            AND task_id NOT IN (SELECT unnest(CAST(:without AS bigint[])))
        ORDER BY weight DESC, task_id DESC LIMIT :list_length
    ) AS heaviest
"""
_LISTED_FREELANCERS = """
    SELECT person_id AS id, asked.worth * heaviest.weight AS share
    FROM (
        SELECT source, field, term, {worth} * weight AS worth
        FROM ({need}) AS t CROSS JOIN unnest(ARRAY['profile', 'history']) AS source
        ORDER BY worth DESC, source, field, term LIMIT 2 * :most_terms
    ) AS asked
    CROSS JOIN LATERAL (
        SELECT person_id, weight FROM freelancer_terms
        WHERE source = asked.source AND field = asked.field AND term = asked.term
            AND person_id NOT IN (SELECT unnest(CAST(:without AS bigint[])))
        ORDER BY weight DESC, person_id DESC LIMIT :list_length
    ) AS heaviest
"""
# What some have in common: `OFFSET 0` has theirs read by their key, and not all that have one of the terms.
_WITH_TASKS = """
    CROSS JOIN LATERAL (SELECT field, term, weight FROM task_terms WHERE task_id = id OFFSET 0) AS t
    JOIN ({mine}) AS f USING (field, term)
"""
_WITH_FREELANCERS = """
    CROSS JOIN LATERAL (SELECT * FROM freelancer_terms WHERE person_id = id OFFSET 0) AS f
    JOIN ({need}) AS t USING (field, term)
"""
# A sum is rounded before it is compared: in which order it was added up shall not decide.
_ALIKE = """
    WITH listed AS ({listed}),
        best AS (
            SELECT id FROM listed GROUP BY id ORDER BY CAST(sum(share) AS real) DESC, id DESC LIMIT :most
        ),
        candidates AS (SELECT id FROM best UNION SELECT unnest(CAST(:among AS bigint[])))
    SELECT id, {sums} FROM candidates {pairs} GROUP BY id
"""
_IN_COMMON = """
    SELECT id, f.source, field, term FROM unnest(CAST(:among AS bigint[])) AS among (id) {pairs}
    WHERE field IN ('skill', 'category')
    ORDER BY f.weight * t.weight DESC, length(term), term
"""


def _alike(listed: str, pairs: str, weights: Evidence) -> Statement:
    """The likeness of those whom the lists name most, and of those among whom it is asked for."""
    speaks_for = {
        name: f"source = '{source}' AND field = '{field}'" for name, (source, field, _) in _FACTORS.items()
    }
    worth = " ".join(
        f"WHEN {speaks_for[name]} THEN {weights[factor]}" for name, (*_, factor) in _FACTORS.items()
    )
    sums = ", ".join(
        f"coalesce(sum(f.weight * t.weight) FILTER (WHERE {condition}), 0) AS {name}"
        for name, condition in speaks_for.items()
    )
    asked = listed.format(worth=f"CASE {worth} END", mine=_MINE, need=_NEED)
    pairs = pairs.format(mine=_MINE, need=_NEED)
    return Statement(text(_ALIKE.format(listed=asked, sums=sums, pairs=pairs)))


_ALIKE_TASKS = _alike(_LISTED_TASKS, _WITH_TASKS, TASK_WEIGHTS)
_ALIKE_FREELANCERS = _alike(_LISTED_FREELANCERS, _WITH_FREELANCERS, FREELANCER_WEIGHTS)
_IN_COMMON_WITH_TASKS = Statement(text(_IN_COMMON.format(pairs=_WITH_TASKS.format(mine=_MINE))))
_IN_COMMON_WITH_FREELANCERS = Statement(text(_IN_COMMON.format(pairs=_WITH_FREELANCERS.format(need=_NEED))))


def stems_of(texts: Sequence[str]) -> Sequence[Positions]:
    """The stems of each text's words, each with the places where it stands."""
    return _STEMS.scalars(texts=list(texts), longest=_LONGEST_WORD)


def terms_of_tasks(task_ids: Collection[int]) -> Mapping[int, Sequence[Term]]:
    """What is stored of each of these tasks, where it is; words that say nothing are left out."""
    found: dict[int, list[Term]] = defaultdict(list)
    for task_id, field, name, weight in _TERMS.all(ids=list(task_ids)):
        found[task_id].append(Term(Field(field), name, weight))
    return found


def alike_tasks(person_id: int, wanted: Wanted) -> Mapping[int, Likeness]:
    """How alike a freelancer and the described tasks are, where they are at all."""
    return _likenesses(_ALIKE_TASKS, {"person_id": person_id}, wanted)


def alike_freelancers(terms: Sequence[Term], wanted: Wanted) -> Mapping[int, Likeness]:
    """How alike these terms and the described freelancers are, where they are at all."""
    return _likenesses(_ALIKE_FREELANCERS, _as_values(terms), wanted)


def in_common_with_tasks(person_id: int, task_ids: Collection[int]) -> Mapping[int, InCommon]:
    """The skills and categories that a freelancer shares with each of these tasks."""
    return _shared(_IN_COMMON_WITH_TASKS, {"person_id": person_id, "among": list(task_ids)})


def in_common_with_freelancers(terms: Sequence[Term], person_ids: Collection[int]) -> Mapping[int, InCommon]:
    """The skills and categories that each of these freelancers shares with these terms."""
    return _shared(_IN_COMMON_WITH_FREELANCERS, {**_as_values(terms), "among": list(person_ids)})


def rarities(names: AbstractSet[tuple[Field, str]]) -> Mapping[tuple[Field, str], float]:
    """How telling each of these terms is; one that nobody has counted is rare."""
    wanted = sorted(names | {(Field.WORD, "")})
    rows = _COUNTS.all(fields=[str(field) for field, _ in wanted], terms=[term for _, term in wanted])
    counts = {(Field(row[0]), row[1]): row[2] for row in rows}
    total = counts.pop((Field.WORD, ""), 0)
    return {name: rarity(counts.get(name, 0), total) for name in names}


def _likenesses(alike: Statement, values: Mapping[str, Any], wanted: Wanted) -> Mapping[int, Likeness]:
    rows = alike.all(
        **values,
        most_terms=rules.MOST_TERMS,
        list_length=rules.LIST_LENGTH,
        most=wanted.most,
        among=list(wanted.among),
        without=list(wanted.without),
    )
    names = list(_FACTORS)
    return {row[0]: Likeness(**dict(zip(names, row[1:], strict=True))) for row in rows}


def _shared(in_common: Statement, values: Mapping[str, Any]) -> Mapping[int, InCommon]:
    found: dict[int, dict[tuple[Source, Field], list[int]]] = defaultdict(lambda: defaultdict(list))
    for key, source, field, name in in_common.all(**values):
        found[key][Source(source), Field(field)].append(int(name))
    return found


def _as_values(terms: Sequence[Term]) -> Mapping[str, Any]:
    return {
        "fields": [str(term.field) for term in terms],
        "terms": [term.name for term in terms],
        "weights": [term.weight for term in terms],
    }


def undescribed_task_ids() -> list[int]:
    """The open tasks whose terms are not stored."""
    is_described = exists().where(DescribedTask.task_id == OPEN_TASKS.c.id)
    return _ids(select(OPEN_TASKS.c.id).where(~is_described))


def closed_task_ids() -> list[int]:
    """The tasks whose terms are stored and that are no longer open."""
    is_open = exists().where(OPEN_TASKS.c.id == DescribedTask.task_id)
    return _ids(select(DescribedTask.task_id).where(~is_open))


def undescribed_freelancer_ids() -> list[int]:
    """The freelancers whose terms are not stored."""
    is_described = exists().where(DescribedFreelancer.person_id == _FREELANCERS.c.id)
    return _ids(select(_FREELANCERS.c.id).where(~is_described))


def former_freelancer_ids() -> list[int]:
    """Those whose terms are stored and who are no freelancers any more."""
    is_one = exists().where(_FREELANCERS.c.id == DescribedFreelancer.person_id)
    return _ids(select(DescribedFreelancer.person_id).where(~is_one))


def faded_freelancer_ids(*, before: datetime, most: int) -> list[int]:
    """Those who have not been described since some moment: the longest ago first, so many at most."""
    query = (
        select(DescribedFreelancer.person_id)
        .where(DescribedFreelancer.described_at < before)
        .order_by(DescribedFreelancer.described_at)
        .limit(most)
    )
    return _ids(query)


def _ids(query: Select[int]) -> list[int]:
    with reading() as connection:
        return list(connection.scalars(query))
