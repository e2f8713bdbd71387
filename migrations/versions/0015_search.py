"""Searching without accents, for very short words, and for misspelt ones; figures out of one index.

The columns are made anew, which rewrites the table of listings and its index.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# What `unaccent` answers depends on a dictionary that somebody could change, so PostgreSQL does not take it
# for constant. Nobody does change it: that is what these functions say.
FUNCTIONS = """
CREATE FUNCTION search_form(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(public.unaccent('public.unaccent', words))
$$;
CREATE FUNCTION search_words(words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT left(word, 64)
        FROM regexp_split_to_table(public.search_form(words), '[^[:alnum:]]+') AS word WHERE word <> ''
    ))
$$;
"""
LEARN = """
INSERT INTO listing_words (word)
SELECT DISTINCT word FROM listings, unnest(tsvector_to_array(search_words)) AS word
WHERE char_length(word) BETWEEN 4 AND 40 AND word !~ '[0-9]'
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public")
    op.execute(FUNCTIONS)
    _make_search_text("search_form(title || ' ' || description)")
    op.add_column(
        "listings",
        sa.Column(
            "search_words",
            postgresql.TSVECTOR(),
            sa.Computed("search_words(title || ' ' || description)", persisted=True),
            nullable=False,
        ),
    )
    op.create_index("ix_listings_words", "listings", ["search_words"], postgresql_using="gin")
    op.create_table(
        "listing_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_listing_words")),
    )
    op.create_index(
        "ix_listing_words_alike",
        "listing_words",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )
    op.execute(LEARN)
    _make_status_index("price_minor", "currency")


def downgrade() -> None:
    _make_status_index()
    op.drop_table("listing_words")
    op.drop_index("ix_listings_words", table_name="listings", postgresql_using="gin")
    op.drop_column("listings", "search_words")
    _make_search_text("title || ' ' || description")
    op.execute("DROP FUNCTION search_words(text)")
    op.execute("DROP FUNCTION search_form(text)")
    op.execute("DROP EXTENSION IF EXISTS unaccent")


def _make_status_index(*included: str) -> None:
    op.drop_index("ix_listings_status_created", table_name="listings")
    op.create_index(
        "ix_listings_status_created",
        "listings",
        ["status", "created_at", "id"],
        postgresql_include=list(included),
    )


def _make_search_text(expression: str) -> None:
    """PostgreSQL 15 cannot change what a column is made of."""
    op.drop_column("listings", "search_text")
    op.add_column(
        "listings",
        sa.Column("search_text", sa.Text(), sa.Computed(expression, persisted=True), nullable=False),
    )
    op.create_index(
        "ix_listings_search",
        "listings",
        ["search_text"],
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
