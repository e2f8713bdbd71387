"""Learning the words that people use, for those who misspell them."""

from sqlalchemy import column, func, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.listings.models import KnownWord, ListingRow
from marketplace.domains.listings.rules import LEAST_SPELT, MOST_SPELT
from marketplace.kernel.unit_of_work import unit_of_work


def learn_words(*, listing_id: int) -> None:
    """Note the words of a listing that nobody used before, in one order: two who learn never deadlock."""
    word = func.unnest(func.tsvector_to_array(ListingRow.search_words)).label("word")
    words = select(word).where(ListingRow.id == listing_id).subquery()
    # One letter may be too many, or missing.
    letters = func.char_length(words.c.word).between(LEAST_SPELT - 1, MOST_SPELT + 1)
    learnable = select(words.c.word).where(letters, words.c.word.op("!~")("[0-9]")).order_by(column("word"))
    with unit_of_work() as unit:
        unit.session.execute(insert(KnownWord).from_select(["word"], learnable).on_conflict_do_nothing())
