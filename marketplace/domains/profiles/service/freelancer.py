"""What a person says of themselves as somebody who works."""

from dataclasses import dataclass

from sqlalchemy import select

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.catalog import public as catalog
from marketplace.domains.files import public as files
from marketplace.domains.files.public import Stored
from marketplace.domains.profiles import queries, rules
from marketplace.domains.profiles.errors import NoSuchProfile, ProfileExists, ProfileNotFound
from marketplace.domains.profiles.models import FreelancerRow
from marketplace.domains.profiles.service import entries
from marketplace.domains.profiles.service.avatar import receive_avatar, wear_avatar
from marketplace.domains.profiles.service.drafts import FreelancerChanges, FreelancerProfile
from marketplace.domains.profiles.service.entries import NewFiles, receive_certificates
from marketplace.domains.profiles.service.profile import lock_profile
from marketplace.domains.profiles.service.skills import write_skills
from marketplace.domains.profiles.types import Freelancer
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

_ONCE = {"uq_freelancer_profiles_person_id": ProfileExists}


@dataclass(frozen=True, kw_only=True)
class _Received:
    """The files of a change, which are checked and stored before it begins."""

    picture: Stored | None
    educations: NewFiles
    experiences: NewFiles


def create_freelancer(*, actor: Person, changes: FreelancerChanges) -> FreelancerProfile:
    """Make the actor's profile as a freelancer; a person has one."""
    if queries.find_freelancer(person_id=actor.id) is not None:
        raise ProfileExists
    received = _receive(changes)
    now = clock.now()
    with unit_of_work() as unit:
        _hold(unit, actor, changes)
        row = FreelancerRow(person_id=actor.id, created_at=now, updated_at=now, **changes.values)
        unit.session.add(row)
        unit.flush(_ONCE)
        return _write(unit, actor, row, changes, received=received)


def change_freelancer(*, actor: Person, changes: FreelancerChanges) -> FreelancerProfile:
    """Change the actor's profile as a freelancer; what is not said stays."""
    if queries.find_freelancer(person_id=actor.id) is None:
        raise ProfileNotFound
    received = _receive(changes)
    with unit_of_work() as unit:
        _hold(unit, actor, changes)
        row = unit.session.scalar(select(FreelancerRow).where(FreelancerRow.person_id == actor.id))
        if row is None:
            raise ProfileNotFound
        for name, value in changes.values.items():
            setattr(row, name, value)
        row.updated_at = clock.now()
        return _write(unit, actor, row, changes, received=received)


def get_own_freelancer(*, actor: Person) -> FreelancerProfile:
    """The actor's profile as a freelancer; refuses whoever has none."""
    found = queries.find_freelancer(person_id=actor.id)
    if found is None:
        raise ProfileNotFound
    return _view(found)


def get_freelancer(profile_id: int) -> FreelancerProfile:
    """A freelancer's profile by its id; refuses one of somebody who works no more, is barred or gone."""
    found = queries.find_listed_freelancer(profile_id)
    if found is None:
        raise NoSuchProfile
    return _view(found)


def _receive(changes: FreelancerChanges) -> _Received:
    return _Received(
        picture=receive_avatar(changes.picture) if changes.picture else None,
        educations=receive_certificates(changes.educations),
        experiences=receive_certificates(changes.experiences),
    )


def _hold(unit: UnitOfWork, actor: Person, changes: FreelancerChanges) -> None:
    """Change the person first, so that nobody changes them or their profile meanwhile."""
    accounts.change(actor=actor, changes=changes.account)
    accounts.keep(actor, Role.FREELANCER)
    lock_profile(unit, actor.id)


def _write(
    unit: UnitOfWork, actor: Person, row: FreelancerRow, changes: FreelancerChanges, *, received: _Received
) -> FreelancerProfile:
    if changes.picture is not None:
        wear_avatar(actor=actor, stored=received.picture)
    if changes.skills is not None:
        write_skills(unit, actor.id, catalog.name_skills(changes.skills))
    if changes.educations is not None:
        entries.replace_educations(unit, actor.id, changes.educations, received.educations)
    if changes.experiences is not None:
        entries.replace_experiences(unit, actor.id, changes.experiences, received.experiences)
        row.title = rules.title_of(changes.experiences)
    if changes.languages is not None:
        entries.replace_languages(unit, actor.id, changes.languages)
    if changes.portfolio is not None:
        entries.replace_portfolio(unit, actor.id, changes.portfolio)
    unit.session.flush()
    return get_own_freelancer(actor=actor)


def _view(freelancer: Freelancer) -> FreelancerProfile:
    person_id = freelancer.person_id
    educations = queries.educations_of(person_id)
    experiences = queries.experiences_of(person_id)
    certificate_ids = {
        *(entry.certificate_id for entry in educations),
        *(entry.certificate_id for entry in experiences),
    }
    return FreelancerProfile(
        freelancer=freelancer,
        skills=queries.skills_of([person_id])[person_id],
        educations=educations,
        experiences=experiences,
        languages=queries.languages_of(person_id),
        portfolio=queries.portfolio_of(person_id),
        certificates=files.find_files([file_id for file_id in certificate_ids if file_id is not None]),
    )
