"""Learning the words that listings use: a search finds by them what contains a part of one."""

from sqlalchemy import column, func, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.listings.models import KnownWord, ListingRow
from marketplace.kernel.unit_of_work import UnitOfWork


def learn_words(unit: UnitOfWork, listing_id: int) -> None:
    """Note the words of a listing that nobody used before, in one order: two who learn never deadlock."""
    word = func.unnest(func.tsvector_to_array(ListingRow.search_words)).label("word")
    words = select(word).where(ListingRow.id == listing_id).order_by(column("word"))
    unit.session.execute(insert(KnownWord).from_select(["word"], words).on_conflict_do_nothing())
