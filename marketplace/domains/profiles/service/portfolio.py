"""What a person shows of their work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.files import public as files
from marketplace.domains.files.public import File, Purpose, Stored, Upload
from marketplace.domains.profiles import policy, queries, rules
from marketplace.domains.profiles.errors import ItemNotFound, NotYourItem
from marketplace.domains.profiles.models import PortfolioItem
from marketplace.domains.profiles.service.profile import lock_profile
from marketplace.domains.profiles.types import Item
from marketplace.kernel.clock import clock
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


@dataclass(frozen=True, kw_only=True)
class ItemView:
    """An item with its picture."""

    item: Item
    picture: File | None


class ItemChanges(TypedDict, total=False):
    """What is said of an item; what is not named stays, and a picture of `None` is taken away."""

    title: str
    description: str
    project_url: str
    picture: Upload | None


def add_item(*, actor: Person, changes: ItemChanges) -> ItemView:
    """Add something to the actor's portfolio; `title` must be said."""
    stored = _receive(changes)
    with unit_of_work() as unit:
        accounts.keep(actor)
        lock_profile(unit, actor.id)
        rules.check_room(queries.count_items(owner_id=actor.id))
        row = PortfolioItem(
            owner_id=actor.id, title="", description="", project_url="", created_at=clock.now()
        )
        _write(row, changes, stored)
        unit.session.add(row)
        unit.session.flush()
        return get_item(row.id)


def change_item(*, actor: Person, item_id: int, changes: ItemChanges) -> ItemView:
    """Change an item of the actor's; a picture that is replaced goes."""
    _check(actor, queries.find_item(item_id))
    stored = _receive(changes)
    with unit_of_work() as unit:
        accounts.keep(actor)
        row = _lock(unit, actor, item_id)
        old = row.file_id
        _write(row, changes, stored)
        unit.session.flush()
        if old is not None and old != row.file_id:
            files.discard([old])
        return get_item(item_id)


def remove_item(*, actor: Person, item_id: int) -> None:
    """Take an item out of the actor's portfolio, with its picture."""
    with unit_of_work() as unit:
        accounts.keep(actor)
        row = _lock(unit, actor, item_id)
        unit.session.delete(row)
        unit.session.flush()
        if row.file_id is not None:
            files.discard([row.file_id])


def get_item(item_id: int) -> ItemView:
    """An item; refuses an unknown one, and that of somebody who is not there any more."""
    item = queries.find_item(item_id)
    if item is None or not accounts.is_active(person_id=item.owner_id):
        raise ItemNotFound
    return _views([item])[0]


def list_own_items(*, actor: Person, page: PageRequest) -> Page[ItemView]:
    """One page of the actor's portfolio, newest first."""
    return _page(actor.id, page)


def list_items_of(*, username: str, page: PageRequest) -> Page[ItemView]:
    """One page of somebody's portfolio, newest first."""
    return _page(accounts.get_account_by_username(username).id, page)


def _page(owner_id: int, page: PageRequest) -> Page[ItemView]:
    found = queries.list_items(owner_id=owner_id, page=page)
    return Page(items=_views(found.items), total=found.total, request=page)


def _views(items: Sequence[Item]) -> Sequence[ItemView]:
    pictures = files.find_files([item.file_id for item in items if item.file_id is not None])
    return [ItemView(item=item, picture=pictures.get(item.file_id or 0)) for item in items]


def _receive(changes: ItemChanges) -> Stored | None:
    upload = changes.get("picture")
    return None if upload is None else files.receive(upload, purpose=Purpose.PORTFOLIO)


def _write(row: PortfolioItem, changes: ItemChanges, stored: Stored | None) -> None:
    row.title = changes.get("title", row.title)
    row.description = changes.get("description", row.description)
    row.project_url = changes.get("project_url", row.project_url)
    if "picture" in changes:
        row.file_id = None if stored is None else files.keep(stored, owner_id=row.owner_id).id


def _lock(unit: UnitOfWork, actor: Person, item_id: int) -> PortfolioItem:
    row = unit.session.get(PortfolioItem, item_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ItemNotFound
    _check(actor, queries.find_item(item_id))
    return row


def _check(actor: Person, item: Item | None) -> None:
    if item is None:
        raise ItemNotFound
    if not policy.may_change(actor, item):
        raise NotYourItem
