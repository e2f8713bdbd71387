"""The lists of a freelancer's profile: each is replaced as a whole, and what stays in it keeps its file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.domains.files import public as files
from marketplace.domains.files.public import Purpose, Stored
from marketplace.domains.profiles import rules
from marketplace.domains.profiles.models import EducationRow, ExperienceRow, LanguageRow, PortfolioItem
from marketplace.domains.profiles.service.drafts import (
    EducationDraft,
    ExperienceDraft,
    FileChange,
    ItemDraft,
    LanguageDraft,
)
from marketplace.domains.profiles.types import Holder
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork

# New files by the place of their entry; `None` takes away the one that is there.
NewFiles = Mapping[int, Stored | None]


@dataclass(frozen=True)
class _List:
    """Where the entries of a list are: whose they are, their file, and what tells them from each other."""

    owner: InstrumentedAttribute[int]
    file: InstrumentedAttribute[int | None]
    key: Sequence[InstrumentedAttribute[Any]]


_EDUCATIONS = _List(
    EducationRow.person_id,
    EducationRow.certificate_id,
    (EducationRow.college, EducationRow.degree, EducationRow.start_year),
)
_EXPERIENCES = _List(
    ExperienceRow.person_id,
    ExperienceRow.certificate_id,
    (ExperienceRow.role, ExperienceRow.company, ExperienceRow.start_date),
)
_PORTFOLIO = _List(
    PortfolioItem.owner_id, PortfolioItem.file_id, (PortfolioItem.title, PortfolioItem.project_url)
)


def receive_certificates(entries: Iterable[EducationDraft | ExperienceDraft] | None) -> NewFiles:
    """Check the certificates that are new and store them. Not to be called in a unit of work."""
    changes = {place: entry.certificate for place, entry in enumerate(entries or ())}
    return {place: _receive(change) for place, change in changes.items() if change is not None}


def replace_educations(
    unit: UnitOfWork, person_id: int, drafts: Sequence[EducationDraft], certificates: NewFiles
) -> None:
    """Let these be where somebody learned; the caller holds the lock of the profile, here and below."""
    rows = [
        EducationRow(
            person_id=person_id,
            college=draft.college,
            degree=draft.degree,
            start_year=draft.start_year,
            end_year=draft.end_year,
        )
        for draft in drafts
    ]
    _replace(unit, _EDUCATIONS, person_id, rows, ids=[draft.id for draft in drafts], new=certificates)


def replace_experiences(
    unit: UnitOfWork, person_id: int, drafts: Sequence[ExperienceDraft], certificates: NewFiles
) -> None:
    """Let these be what somebody has worked as."""
    rows = [
        ExperienceRow(
            person_id=person_id,
            role=draft.role,
            company=draft.company,
            start_date=draft.start_date,
            end_date=draft.end_date,
            description=draft.description,
            is_ongoing=draft.is_ongoing,
        )
        for draft in map(rules.settle, drafts)
    ]
    _replace(unit, _EXPERIENCES, person_id, rows, ids=[draft.id for draft in drafts], new=certificates)


def replace_portfolio(unit: UnitOfWork, person_id: int, drafts: Sequence[ItemDraft]) -> None:
    """Let these be what somebody shows of their work."""
    now = clock.now()
    rows = [
        PortfolioItem(
            owner_id=person_id,
            title=draft.title,
            description=draft.description,
            project_url=draft.project_url,
            created_at=now,
        )
        for draft in drafts
    ]
    _replace(unit, _PORTFOLIO, person_id, rows, ids=[None] * len(rows), new={})


def replace_languages(unit: UnitOfWork, person_id: int, drafts: Sequence[LanguageDraft]) -> None:
    """Let these be the languages that somebody speaks."""
    unit.session.execute(delete(LanguageRow).where(LanguageRow.person_id == person_id))
    unit.session.add_all(
        LanguageRow(person_id=person_id, name=draft.name, proficiency=draft.proficiency) for draft in drafts
    )


def _replace(
    unit: UnitOfWork,
    entries: _List,
    person_id: int,
    rows: Sequence[Any],
    *,
    ids: Sequence[int | None],
    new: NewFiles,
) -> None:
    held = _take_out(unit, entries, person_id)
    claims = [
        Holder(entry_id, tuple(getattr(row, column.key) for column in entries.key))
        for entry_id, row in zip(ids, rows, strict=True)
    ]
    chosen = dict(enumerate(rules.keep_files(held, claims)))
    for place, stored in new.items():
        chosen[place] = None if stored is None else files.keep(stored, owner_id=person_id).id
    for place, row in enumerate(rows):
        setattr(row, entries.file.key, chosen[place])
    unit.session.add_all(rows)
    unit.session.flush()
    let_go = {holder.file_id for holder in held} - set(chosen.values())
    files.discard([file_id for file_id in let_go if file_id is not None])


def _take_out(unit: UnitOfWork, entries: _List, person_id: int) -> Sequence[Holder]:
    """Delete what is there, and say what it was."""
    table, theirs = entries.owner.class_, entries.owner == person_id
    held = unit.session.execute(select(table.id, entries.file, *entries.key).where(theirs).order_by(table.id))
    gone = [Holder(entry_id, tuple(key), file_id) for entry_id, file_id, *key in held]
    unit.session.execute(delete(table).where(theirs))
    return gone


def _receive(change: FileChange) -> Stored | None:
    return None if change.upload is None else files.receive(change.upload, purpose=Purpose.CERTIFICATE)
