"""What somebody says of themselves as it comes in, files and all, and what is shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.domains.accounts.public import AccountChanges
from marketplace.domains.catalog.public import Skill
from marketplace.domains.files.public import File, Upload
from marketplace.domains.profiles.types import (
    ClientValues,
    Education,
    Employment,
    Experience,
    Freelancer,
    FreelancerValues,
    Item,
    Language,
)


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """Another file, or `None` for none at all."""

    upload: Upload | None


@dataclass(frozen=True, kw_only=True)
class EducationDraft:
    """What somebody says of where they learned; an entry keeps its certificate unless another is said."""

    college: str
    degree: str
    start_year: int
    end_year: int | None = None
    id: int | None = None
    certificate: FileChange | None = None


@dataclass(frozen=True, kw_only=True)
class ExperienceDraft(Employment):
    """What somebody says of where they worked; an entry keeps its certificate unless another is said."""

    id: int | None = None
    certificate: FileChange | None = None


@dataclass(frozen=True, kw_only=True)
class LanguageDraft:
    """A language that somebody says they speak."""

    name: str
    proficiency: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemDraft:
    """What somebody shows of their work, in words."""

    title: str
    description: str = ""
    project_url: str = ""


@dataclass(frozen=True, kw_only=True)
class FreelancerChanges:
    """What is to be different; `None` stays, and a list that is given replaces the one that is there."""

    account: AccountChanges
    values: FreelancerValues
    picture: FileChange | None = None
    skills: Sequence[str] | None = None
    educations: Sequence[EducationDraft] | None = None
    experiences: Sequence[ExperienceDraft] | None = None
    languages: Sequence[LanguageDraft] | None = None
    portfolio: Sequence[ItemDraft] | None = None


@dataclass(frozen=True, kw_only=True)
class ClientChanges:
    """What is to be different; `None` stays."""

    account: AccountChanges
    values: ClientValues
    picture: FileChange | None = None


@dataclass(frozen=True, kw_only=True)
class FreelancerProfile:
    """Somebody who works, with all that they say of themselves, each list in the order in which they did."""

    freelancer: Freelancer
    skills: Sequence[Skill]
    educations: Sequence[Education]
    experiences: Sequence[Experience]
    languages: Sequence[Language]
    portfolio: Sequence[Item]
    certificates: Mapping[int, File]
