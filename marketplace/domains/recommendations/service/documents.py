"""Listings as documents: what their texts say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.public import Skill
from marketplace.domains.listings.public import Listing
from marketplace.domains.recommendations import queries, rules
from marketplace.domains.recommendations.rules import Positions
from marketplace.domains.recommendations.types import Document, Field, SkillName


def documents_of(listings: Collection[Listing]) -> Mapping[int, Document]:
    """What each of these listings is about, by its id, in two queries."""
    if not listings:
        return {}
    known = _known(tuple(catalog.skills().values()))
    texts = [f"{listing.title}\n{listing.description}" for listing in listings]
    return {
        listing.id: Document(
            words=counts_of(positions),
            skill_ids=rules.skills_in(text, positions, _named(positions, known)),
            category_id=listing.category_id,
        )
        for listing, text, positions in zip(listings, texts, queries.stems_of(texts), strict=True)
    }


@lru_cache(maxsize=1)
def _known(skills: tuple[Skill, ...]) -> Mapping[str, Sequence[SkillName]]:
    """The skills by the first stem of their names, asked once for the same skills: they are seldom others."""
    stems = queries.stems_of([skill.name for skill in skills])
    found: dict[str, list[SkillName]] = defaultdict(list)
    for skill, positions in zip(skills, stems, strict=True):
        named = sorted(positions)
        found[named[0]].append(SkillName(id=skill.id, name=skill.name, stems=named))
    return found


def _named(stems: Iterable[str], known: Mapping[str, Sequence[SkillName]]) -> Iterator[SkillName]:
    """The skills whose names begin, in the order of their stems, with one of these."""
    for stem in stems:
        yield from known.get(stem, ())


def counts_of(positions: Positions) -> Mapping[str, int]:
    """How often each stem stands in a text."""
    return {stem: len(places) for stem, places in positions.items()}


def rarities_of(documents: Collection[Document]) -> Mapping[tuple[Field, str], float]:
    """How telling the words and skills of these documents are."""
    if not documents:
        return {}
    words = {(Field.WORD, word) for document in documents for word in document.words}
    skills = {(Field.SKILL, str(skill)) for document in documents for skill in document.skill_ids}
    return queries.rarities(words | skills)
