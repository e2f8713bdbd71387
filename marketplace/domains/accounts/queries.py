"""What accounts reads."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    RowMapping,
    Select,
    all_,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from marketplace.domains.accounts.models import IdentityRow, SignInSession, User, UserRole
from marketplace.domains.accounts.rules import can_be_misspelt, is_email, is_username, slips
from marketplace.domains.accounts.types import Account, Brief, PeopleFilters, Person, Resident, Role, Status
from marketplace.kernel.combining import Combined
from marketplace.kernel.links import links
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import is_open, reading
from marketplace.kernel.statements import ANY_OF_IDS, Row, Statement

_ROLES = (
    select(func.array_agg(aggregate_order_by(UserRole.role, UserRole.role)))
    .where(UserRole.user_id == User.id)
    .scalar_subquery()
)
_ACCOUNT = select(
    User.id,
    User.username,
    User.email,
    User.first_name,
    User.last_name,
    User.phone_number,
    User.city,
    User.country,
    User.bio,
    User.avatar,
    _ROLES.label("roles"),
    User.email_verified_at.is_not(None).label("email_verified"),
    User.first_login,
    User.status,
    User.locale,
    User.time_zone,
    User.joined_at,
)
_IS_THERE = User.status != Status.DELETED
_NAMES = func.btrim(func.concat_ws(" ", User.first_name, User.last_name))
# For whoever links something to people and reads both in one query; somebody without names is called by what
# stands before the `@` of their address.
PEOPLE = select(
    User.id,
    func.coalesce(func.nullif(_NAMES, ""), func.split_part(User.email, "@", 1)).label("name"),
    User.first_name,
    User.last_name,
    User.bio,
    User.city,
    User.country,
    User.avatar,
    User.email_verified_at.is_not(None).label("email_verified"),
    (User.status == Status.ACTIVE).label("is_active"),
).subquery("known_people")
# Who may be what, for the same.
HOLDERS = select(UserRole.user_id.label("person_id"), UserRole.role).subquery("holders")
_BRIEF = select(User.id, User.username, User.first_name, User.last_name, User.avatar)
# What `brief_of` reads, for whoever links something to people and reads both in one query.
BRIEFS = _BRIEF.subquery("briefs")
_BRIEFS = Statement(_BRIEF.where(User.id == ANY_OF_IDS))
_HOLDING = Statement(
    select(UserRole.user_id).where(UserRole.role == bindparam("role"), UserRole.user_id == ANY_OF_IDS)
)
_ROLES_OF = Statement(select(UserRole.role).where(UserRole.user_id == bindparam("person_id")))
# Who holds the role is read in the order of their ids: nobody else is read on the way to the newest.
_RESIDENT = (
    select(User.id, User.city, User.joined_at)
    .join(UserRole, UserRole.user_id == User.id)
    .where(
        UserRole.role == bindparam("role"),
        User.status == Status.ACTIVE,
        User.id != all_(bindparam("without", type_=ARRAY(BigInteger))),
    )
)
_RESIDENTS = Statement(_RESIDENT.where(User.id == ANY_OF_IDS))
_NEWEST = Statement(_RESIDENT.order_by(UserRole.user_id.desc()).limit(bindparam("most")))
_SIGNED_IN = Statement(
    select(SignInSession.id, User.id, User.username, SignInSession.face, _ROLES)
    .join(SignInSession, SignInSession.user_id == User.id)
    .where(SignInSession.id == ANY_OF_IDS, SignInSession.revoked_at.is_(None), User.status == Status.ACTIVE)
)


def find_account(*, person_id: int) -> Account | None:
    """A person by id, whatever their status."""
    return _one_account(_ACCOUNT.where(User.id == person_id))


def find_account_by_username(username: str) -> Account | None:
    """A person by username, ignoring case."""
    return _one_account(_ACCOUNT.where(func.lower(User.username) == username.lower(), _IS_THERE))


def find_account_by_email(email: str) -> Account | None:
    """A person by address, ignoring case."""
    return _one_account(_ACCOUNT.where(func.lower(User.email) == email.lower(), _IS_THERE))


def is_active(*, person_id: int) -> bool:
    """Whether there is such a person who may sign in."""
    return _exists((User.id == person_id) & (User.status == Status.ACTIVE))


def is_username_free(username: str) -> bool:
    """Whether a newcomer may take a name, whatever its case: of the right form, not reserved, not taken."""
    return is_username(username) and not _exists(func.lower(User.username) == username.lower())


def is_email_free(email: str) -> bool:
    """Whether a newcomer may join with an address, whatever its case."""
    return is_email(email) and not _exists(func.lower(User.email) == email.lower())


def find_credentials(identifier: str) -> tuple[int, str | None, Status] | None:
    """The id, password hash and status behind a username, or behind an address if it has an `@`."""
    column = User.email if "@" in identifier else User.username
    query = select(User.id, User.password_hash, User.status).where(func.lower(column) == identifier.lower())
    with reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else (row.id, row.password_hash, Status(row.status))


def find_password_hash(*, person_id: int) -> str | None:
    """The hash of a person's password, `None` without one."""
    with reading() as connection:
        return connection.scalar(select(User.password_hash).where(User.id == person_id))


def find_identified(*, provider: str, subject: str) -> int | None:
    """The id of the person for whom somebody elsewhere vouches under that name."""
    query = select(IdentityRow.user_id).where(
        IdentityRow.provider == provider, IdentityRow.subject == subject
    )
    with reading() as connection:
        return connection.scalar(query)


def is_there(*, person_id: int) -> bool:
    """Whether there is such a person who has not deleted their account."""
    return _exists((User.id == person_id) & _IS_THERE)


def roles_of(*, person_id: int) -> frozenset[Role]:
    """What somebody may be."""
    return frozenset(map(Role, _ROLES_OF.scalars(person_id=person_id)))


def holding(role: Role, *, among: Collection[int]) -> frozenset[int]:
    """Who of these people holds a role."""
    return frozenset(_HOLDING.scalars(role=role, ids=list(among)))


def find_person(*, person_id: int, session_id: int) -> Person | None:
    """Who acts in a session that is not revoked, if they are active."""
    asked = (session_id, person_id)
    return _find_people([asked])[0] if is_open() else _found_person(asked)


def _find_people(asked: Sequence[tuple[int, int]]) -> list[Person | None]:
    """Who acts in each of these sessions, which are theirs."""
    people = {
        (session_id, person_id): Person(
            id=person_id,
            username=username,
            roles=frozenset(map(Role, roles or ())),
            session_id=session_id,
            face=face,
        )
        for session_id, person_id, username, face, roles in _SIGNED_IN.all(ids=[id_ for id_, _ in asked])
    }
    return [people.get(each) for each in asked]


_found_person = Combined(_find_people)


def briefs(person_ids: Collection[int]) -> Mapping[int, Brief]:
    """What anybody sees of each of these people, in one query."""
    if not person_ids:
        return {}
    return {row[0]: brief_of(row) for row in _BRIEFS.all(ids=list(set(person_ids)))}


def brief_of(row: Sequence[Any]) -> Brief:
    """A row of `BRIEFS` as what anybody sees of a person."""
    id_, username, first_name, last_name, avatar = row
    return Brief(
        id=id_, username=username, first_name=first_name, last_name=last_name, avatar=_address(avatar)
    )


def list_active(*, role: Role, among: Collection[int]) -> list[Account]:
    """Those among some who are active and hold a role, newest first."""
    query = _ACCOUNT.where(*_belongs({role}), User.id == any_(_ids(among))).order_by(User.id.desc())
    with reading() as connection:
        return [_account(row) for row in connection.execute(query).mappings()]


def list_residents(*, role: Role, among: Collection[int], without: Collection[int] = ()) -> list[Resident]:
    """Those among some who are active and hold a role, without some."""
    return _residents(_RESIDENTS.all(role=role, ids=list(among), without=list(without)))


def list_newest(*, role: Role, most: int, without: Collection[int] = ()) -> list[Resident]:
    """The active people of a role who joined last, newest first, without some."""
    return _residents(_NEWEST.all(role=role, most=most, without=list(without)))


def active_ids(*, role: Role, among: Collection[int] | None = None) -> frozenset[int]:
    """Everybody active who holds a role, or those among some."""
    query = select(User.id).where(*_belongs({role}))
    if among is not None:
        query = query.where(User.id == any_(_ids(among)))
    with reading() as connection:
        return frozenset(connection.scalars(query))


def list_accounts(*, role: Role | None = None, status: Status | None = None) -> list[Account]:
    """Everybody, or those with a role or a status, by id."""
    query = _ACCOUNT.order_by(User.id)
    if role is not None:
        query = query.where(User.id.in_(select(UserRole.user_id).where(UserRole.role == role)))
    if status is not None:
        query = query.where(User.status == status)
    with reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [_account(row) for row in rows]


def list_people(filters: PeopleFilters, page: PageRequest) -> Page[Account]:
    """One page of the active people who match, newest first.

    Each word must occur in the username or the names. Where nobody is found, a word of letters may also be
    a slip of the pen for one of those.
    """
    found = _people(filters, [_occurs(word) for word in filters.words], page)
    if found.total or not any(map(str.isalpha, filters.words)):
        return found
    meant = [
        _occurs(word) | _is_meant(form) if can_be_misspelt(form) else _occurs(word)
        for word, form in zip(filters.words, _forms(filters.words), strict=True)
    ]
    return _people(filters, meant, page)


def find_member(username: str, *, among: frozenset[Role]) -> Account | None:
    """Somebody active by username, ignoring case, who holds one of these roles."""
    query = _ACCOUNT.where(func.lower(User.username) == username.lower(), *_belongs(among))
    return _one_account(query)


def _people(filters: PeopleFilters, words: Sequence[ColumnElement[bool]], page: PageRequest) -> Page[Account]:
    conditions = [*_belongs(filters.among), *(_holds({role}) for role in filters.holding), *words]
    if filters.city is not None:
        conditions.append(User.city.icontains(filters.city, autoescape=True))
    query = _ACCOUNT.where(*conditions).order_by(User.id.desc()).limit(page.size).offset(page.offset)
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(User).where(*conditions)) or 0
        rows = connection.execute(query).mappings().all()
    return Page(items=[_account(row) for row in rows], total=total, request=page)


def _belongs(among: Collection[Role]) -> tuple[ColumnElement[bool], ...]:
    return User.status == Status.ACTIVE, _holds(among)


def _holds(roles: Collection[Role]) -> ColumnElement[bool]:
    return exists().where(UserRole.user_id == User.id, UserRole.role.in_(roles))


def _occurs(word: str) -> ColumnElement[bool]:
    # The word is escaped in the form in which it is compared: folding accents makes a plain % of others.
    form: ColumnElement[str] = func.search_form(word)
    for sign in "\\%_":
        form = func.replace(form, sign, f"\\{sign}")
    return User.search_text.like(literal("%").concat(form).concat("%"))


def _is_meant(form: str) -> ColumnElement[bool]:
    return or_(*(User.search_text.like(f"% {meant} %") for meant in slips(form)))


def _forms(words: Sequence[str]) -> Sequence[str]:
    """The words as they are compared."""
    with reading() as connection:
        return connection.execute(select(*(func.search_form(word) for word in words))).one()


def _ids(ids: Collection[int]) -> BindParameter[list[int]]:
    """Many ids as one value: the statement is the same however many they are."""
    return literal(list(ids), ARRAY(BigInteger))


def _one_account(query: Select[*tuple[Any, ...]]) -> Account | None:
    with reading() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _account(row)


def _exists(condition: ColumnElement[bool]) -> bool:
    with reading() as connection:
        return bool(connection.scalar(select(exists().where(condition))))


def _account(row: RowMapping) -> Account:
    roles = frozenset(Role(role) for role in row["roles"] or ())
    return Account(
        **{**row, "roles": roles, "status": Status(row["status"]), "avatar": _address(row["avatar"])}
    )


def _residents(rows: Iterable[Row]) -> list[Resident]:
    return [Resident(id=row[0], city=row[1], joined_at=row[2]) for row in rows]


def _address(avatar: str | None) -> str | None:
    """The address of a picture; one of this house is stored as its path, since the house may move."""
    return links.to(avatar) if avatar is not None and avatar.startswith("/") else avatar
