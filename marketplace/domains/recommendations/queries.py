"""What recommendations reads."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text, TextClause, any_, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from marketplace.domains.recommendations.models import (
    DescribedFreelancer,
    DescribedTask,
    TaskTerm,
    TermCount,
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
_STEMS = text(
    """
    SELECT said.place - 1, stem.lexeme, stem.positions
    FROM unnest(CAST(:texts AS text[])) WITH ORDINALITY AS said (text, place),
        unnest(to_tsvector('english', said.text)) AS stem
    WHERE length(stem.lexeme) <= :longest AND stem.lexeme ~ '[[:alpha:]]'
    """
)


def _alike(key: str, joined: str, weights: Evidence) -> TextClause:
    """The likeness of what is joined: of the best in all, and of those among whom it is asked for."""
    sums = ", ".join(
        f"coalesce(sum(f.weight * t.weight) FILTER (WHERE f.source = '{source}' AND f.field = '{field}'), 0)"
        f" AS {name}"
        for name, (source, field, _) in _FACTORS.items()
    )
    total = " + ".join(f"{weights[factor]} * {name}" for name, (*_, factor) in _FACTORS.items())
    # ids that are selected are looked up by their hash, also by a plan that is kept for other ids
    return text(
        f"""
        WITH alike AS (
                SELECT {key} AS id, {sums} FROM {joined}
                WHERE {key} NOT IN (SELECT unnest(CAST(:without AS bigint[]))) GROUP BY {key}
            ),
            best AS (SELECT id FROM alike ORDER BY {total} DESC, id DESC LIMIT :most)
        SELECT * FROM alike
        WHERE id IN (SELECT id FROM best) OR id IN (SELECT unnest(CAST(:among AS bigint[])))
        """  # noqa: S608 - made of the constants of this page
    )


_TASKS = """
    (SELECT * FROM freelancer_terms WHERE person_id = :person_id) AS f
    JOIN task_terms AS t USING (field, term)
"""
_FREELANCERS = """
    unnest(CAST(:fields AS text[]), CAST(:terms AS text[]), CAST(:weights AS double precision[]))
        AS t (field, term, weight)
    JOIN freelancer_terms AS f USING (field, term)
"""
_ALIKE_TASKS = _alike("t.task_id", _TASKS, TASK_WEIGHTS)
_ALIKE_FREELANCERS = _alike("f.person_id", _FREELANCERS, FREELANCER_WEIGHTS)
_IN_COMMON = """
    SELECT {key}, f.source, field, term FROM {joined}
    WHERE field IN ('skill', 'category') AND {key} = ANY (CAST(:among AS bigint[]))
    ORDER BY f.weight * t.weight DESC, length(term), term
"""
_IN_COMMON_WITH_TASKS = text(_IN_COMMON.format(key="t.task_id", joined=_TASKS))
_IN_COMMON_WITH_FREELANCERS = text(_IN_COMMON.format(key="f.person_id", joined=_FREELANCERS))


def stems_of(texts: Sequence[str]) -> Sequence[Positions]:
    """The stems of each text's words, each with the places where it stands."""
    found: list[dict[str, Sequence[int]]] = [{} for _ in texts]
    with reading() as connection:
        for place, stem, positions in connection.execute(
            _STEMS, {"texts": list(texts), "longest": _LONGEST_WORD}
        ):
            found[place][stem] = positions
    return found


def terms_of_tasks(task_ids: Collection[int]) -> Mapping[int, Sequence[Term]]:
    """What is stored of each of these tasks, where it is; words that say nothing are left out."""
    query = (
        select(TaskTerm.task_id, TaskTerm.field, TaskTerm.term, TaskTerm.weight)
        .where(TaskTerm.task_id == any_(literal(list(task_ids), ARRAY(BigInteger))), TaskTerm.weight > 0)
        .order_by(TaskTerm.task_id, TaskTerm.field, TaskTerm.term)
    )
    found: dict[int, list[Term]] = defaultdict(list)
    with reading() as connection:
        for task_id, field, name, weight in connection.execute(query):
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


def rarities(names: Collection[tuple[Field, str]]) -> Mapping[tuple[Field, str], float]:
    """How telling each of these terms is; one that nobody has counted is rare."""
    wanted = literal(sorted({name for _, name in names} | {""}), ARRAY(Text))
    query = select(TermCount.field, TermCount.term, TermCount.tasks_count).where(
        TermCount.term == any_(wanted)
    )
    with reading() as connection:
        counts = {(Field(row[0]), row[1]): row[2] for row in connection.execute(query)}
    total = counts.pop((Field.WORD, ""), 0)
    return {name: rarity(counts.get(name, 0), total) for name in names}


def _likenesses(query: TextClause, values: Mapping[str, Any], wanted: Wanted) -> Mapping[int, Likeness]:
    limits = {"most": wanted.most, "among": list(wanted.among), "without": list(wanted.without)}
    with reading() as connection:
        rows = connection.execute(query, {**values, **limits}).all()
    names = list(_FACTORS)
    return {row[0]: Likeness(**dict(zip(names, row[1:], strict=True))) for row in rows}


def _shared(query: TextClause, values: Mapping[str, Any]) -> Mapping[int, InCommon]:
    found: dict[int, dict[tuple[Source, Field], list[int]]] = defaultdict(lambda: defaultdict(list))
    with reading() as connection:
        for key, source, field, name in connection.execute(query, values):
            found[key][Source(source), Field(field)].append(int(name))
    return found


def _as_values(terms: Sequence[Term]) -> Mapping[str, Any]:
    return {
        "fields": [str(term.field) for term in terms],
        "terms": [term.name for term in terms],
        "weights": [term.weight for term in terms],
    }


def described_task_ids() -> frozenset[int]:
    """Every task whose terms are stored."""
    with reading() as connection:
        return frozenset(connection.scalars(select(DescribedTask.task_id)))


def described_freelancer_ids() -> frozenset[int]:
    """Every freelancer whose terms are stored."""
    with reading() as connection:
        return frozenset(connection.scalars(select(DescribedFreelancer.person_id)))


def faded_freelancer_ids(*, before: datetime, most: int) -> frozenset[int]:
    """Those who have not been described since some moment: the longest ago first, so many at most."""
    query = (
        select(DescribedFreelancer.person_id)
        .where(DescribedFreelancer.described_at < before)
        .order_by(DescribedFreelancer.described_at)
        .limit(most)
    )
    with reading() as connection:
        return frozenset(connection.scalars(query))
