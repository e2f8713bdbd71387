"""`/api/auth/portfolio/`: what people show of their work."""

from marketplace.api.authentication import current_person, optionally_signed_in, signed_in
from marketplace.api.limits import limited
from marketplace.api.multitask.dialect import blueprint, page_of, page_request
from marketplace.api.multitask.schemas.portfolio import (
    PortfolioChangesIn,
    PortfolioItemIn,
    PortfolioItemOut,
)
from marketplace.api.paging import Paged
from marketplace.domains.accounts.errors import PersonNotFound
from marketplace.domains.files.errors import EmptyFile, FileTooLarge, NotAPicture, PictureTooLarge
from marketplace.domains.profiles import errors
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.public import ItemChanges
from marketplace.kernel.pages import Page
from marketplace.providers.storage import StorageUnavailable

portfolio = blueprint("Portfolio", "auth", "What people show of their work.")
PICTURE_REFUSALS = (EmptyFile, FileTooLarge, NotAPicture, PictureTooLarge, StorageUnavailable)


@portfolio.get("/portfolio/")
@signed_in()
@portfolio.answers(200, Paged[PortfolioItemOut])
def list_own_items() -> Page[PortfolioItemOut]:
    """One's own portfolio, newest first."""
    page = profiles.list_own_items(actor=current_person(), page=page_request())
    return page_of(page, PortfolioItemOut.of)


@portfolio.post("/portfolio/")
@signed_in()
@limited("upload")
@portfolio.takes(PortfolioItemIn)
@portfolio.answers(201, PortfolioItemOut)
@portfolio.refuses(errors.PortfolioFull, *PICTURE_REFUSALS)
def add_item(changes: ItemChanges) -> PortfolioItemOut:
    """Add something to one's portfolio, with a picture where the body is a form."""
    return PortfolioItemOut.of(profiles.add_item(actor=current_person(), changes=changes))


@portfolio.get("/portfolio/<id:item_id>/")
@signed_in()
@portfolio.answers(200, PortfolioItemOut)
@portfolio.refuses(errors.ItemNotFound)
def get_item(item_id: int) -> PortfolioItemOut:
    """An item of anybody's portfolio."""
    return PortfolioItemOut.of(profiles.get_item(item_id))


@portfolio.put("/portfolio/<id:item_id>/")
@signed_in()
@limited("upload")
@portfolio.takes(PortfolioChangesIn)
@portfolio.answers(200, PortfolioItemOut)
@portfolio.refuses(errors.ItemNotFound, errors.NotYourItem, *PICTURE_REFUSALS)
def change_item(changes: ItemChanges, item_id: int) -> PortfolioItemOut:
    """Change an item of one's own portfolio; what is left out stays."""
    return PortfolioItemOut.of(profiles.change_item(actor=current_person(), item_id=item_id, changes=changes))


@portfolio.delete("/portfolio/<id:item_id>/")
@signed_in()
@portfolio.answers(204)
@portfolio.refuses(errors.ItemNotFound, errors.NotYourItem)
def remove_item(item_id: int) -> None:
    """Take an item out of one's own portfolio, with its picture."""
    profiles.remove_item(actor=current_person(), item_id=item_id)


@portfolio.get("/users/<username>/portfolio/")
@optionally_signed_in
@portfolio.answers(200, Paged[PortfolioItemOut])
@portfolio.refuses(PersonNotFound)
def list_items_of(username: str) -> Page[PortfolioItemOut]:
    """Somebody's portfolio, newest first."""
    page = profiles.list_items_of(username=username, page=page_request())
    return page_of(page, PortfolioItemOut.of)
