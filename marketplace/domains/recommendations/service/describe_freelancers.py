"""Describing freelancers: what they say of themselves, and what the tasks of their past were about."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Account, Role
from marketplace.domains.catalog import public as catalog
from marketplace.domains.deals import public as deals
from marketplace.domains.listings import public as listings
from marketplace.domains.profiles import public as profiles
from marketplace.domains.recommendations import queries, rules
from marketplace.domains.recommendations.models import DescribedFreelancer, FreelancerTerm
from marketplace.domains.recommendations.service.documents import counts_of, documents_of, rarities_of
from marketplace.domains.recommendations.types import Deed, Document, Past, Term
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

DEEDS_EACH = 40
_DAY_S = 86_400
_ADD = "COPY freelancer_terms (person_id, field, term, source, weight) FROM STDIN (FORMAT binary)"
_TYPES = ["int8", "text", "text", "text", "float8"]


def describe_freelancers(person_ids: Collection[int]) -> None:
    """Store what these freelancers are about as they stand now; whoever is none any more is forgotten."""
    now = clock.now()
    with unit_of_work() as unit:
        there = accounts.active_ids(role=Role.FREELANCER, among=person_ids)
        gone = set(person_ids) - there
        unit.session.execute(delete(DescribedFreelancer).where(DescribedFreelancer.person_id.in_(gone)))
        if not there:
            return
        _lock(unit, there, now)
        described = _describe(accounts.list_active(role=Role.FREELANCER, among=there), now)
        unit.session.execute(delete(FreelancerTerm).where(FreelancerTerm.person_id.in_(described)))
        _add(unit, described)


def _describe(people: Collection[Account], now: datetime) -> Mapping[int, Collection[Term]]:
    ids = [person.id for person in people]
    pasts = _pasts_of(ids, now)
    skills = profiles.skills_of(ids)
    wanted = profiles.preferences_of(ids)
    offerings = catalog.find_service_offerings({key for wish in wanted.values() for key in wish.offering_ids})
    texts = [
        "\n".join(
            [
                person.bio,
                *(offerings[key].name for key in wanted[person.id].offering_ids),
            ]
        )
        for person in people
    ]
    said = {
        person.id: Document(
            words=counts_of(stems), skill_ids=frozenset(skill.id for skill in skills[person.id])
        )
        for person, stems in zip(people, queries.stems_of(texts), strict=True)
    }
    told = [past.document for past in (past for each in pasts.values() for past in each)]
    rarities = rarities_of([*said.values(), *told])
    return {
        key: rules.freelancer_terms(profile, wanted[key].category_ids, pasts[key], rarities)
        for key, profile in said.items()
    }


def _pasts_of(person_ids: Collection[int], now: datetime) -> Mapping[int, Collection[Past]]:
    """The last tasks that each of these people saved, applied to or was chosen for."""
    deeds = [
        *(
            (deal.person_id, deal.listing_id, Deed.HIRED if deal.was_chosen else Deed.APPLIED, deal.at)
            for deal in deals.works_of(person_ids, most_each=DEEDS_EACH)
        ),
        *(
            (saved.person_id, saved.listing_id, Deed.SAVED, saved.at)
            for saved in listings.saved_by(person_ids, most_each=DEEDS_EACH)
        ),
    ]
    documents = documents_of(listings.find_listings({listing_id for _, listing_id, _, _ in deeds}).values())
    pasts: dict[int, list[Past]] = defaultdict(list)
    for person_id, listing_id, deed, at in deeds:
        if listing_id in documents:
            strength = rules.lasting(deed, (now - at).total_seconds() / _DAY_S)
            pasts[person_id].append(Past(document=documents[listing_id], strength=strength))
    return pasts


def _lock(unit: UnitOfWork, person_ids: Collection[int], now: datetime) -> None:
    """One at a time describes a person, and reads them only then: the last to write has read the newest."""
    rows = insert(DescribedFreelancer).values(
        [{"person_id": key, "described_at": now} for key in sorted(person_ids)]
    )
    unit.session.execute(
        rows.on_conflict_do_update(
            index_elements=[DescribedFreelancer.person_id],
            set_={"described_at": rows.excluded.described_at},
        )
    )


def _add(unit: UnitOfWork, described: Mapping[int, Collection[Term]]) -> None:
    cursor = unit.session.connection().connection.cursor()
    with cursor.copy(_ADD) as copy:
        copy.set_types(_TYPES)
        for key, terms in described.items():
            for term in terms:
                copy.write_row((key, term.field, term.name, term.source, term.weight))
