"""What open listings say, in the order in which lists show them: a page of a word is a piece of an index.

Triggers keep it, so that nobody who changes a listing has to think of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# In the order of listings, as the triggers add: what one listing says lies together.
FILL = """
INSERT INTO open_words (kind, word, created_at, listing_id)
SELECT kind, unnest(tsvector_to_array(search_words)), created_at, id
FROM listings WHERE status = 'open' ORDER BY id
"""
# An index is read without its table where a vacuum has seen that all is visible; here vacuums come early.
VACUUMED = """
ALTER TABLE open_words SET (
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.05
)
"""
KEEP = """
CREATE FUNCTION listings_keep_open_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status = 'open' THEN
        DELETE FROM public.open_words
        WHERE kind = OLD.kind AND word = ANY (tsvector_to_array(OLD.search_words))
            AND created_at = OLD.created_at AND listing_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status = 'open' THEN
        INSERT INTO public.open_words (kind, word, created_at, listing_id)
        SELECT NEW.kind, unnest(tsvector_to_array(NEW.search_words)), NEW.created_at, NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER listings_add_open_words AFTER INSERT ON listings FOR EACH ROW
    WHEN (NEW.status = 'open') EXECUTE FUNCTION listings_keep_open_words();
CREATE TRIGGER listings_change_open_words
    AFTER UPDATE OF id, kind, status, created_at, title, description ON listings FOR EACH ROW
    WHEN ((OLD.id, OLD.kind, OLD.status = 'open', OLD.created_at, OLD.search_words)
        IS DISTINCT FROM (NEW.id, NEW.kind, NEW.status = 'open', NEW.created_at, NEW.search_words))
    EXECUTE FUNCTION listings_keep_open_words();
CREATE TRIGGER listings_take_open_words AFTER DELETE ON listings FOR EACH ROW
    WHEN (OLD.status = 'open') EXECUTE FUNCTION listings_keep_open_words();
"""
TRIGGERS = ("listings_add_open_words", "listings_change_open_words", "listings_take_open_words")


def upgrade() -> None:
    # nobody posts between the filling and the triggers
    op.execute("LOCK TABLE listings IN SHARE ROW EXCLUSIVE MODE")
    op.create_table(
        "open_words",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
    )
    op.execute(FILL)
    op.create_primary_key("pk_open_words", "open_words", ["kind", "word", "created_at", "listing_id"])
    op.execute(VACUUMED)
    op.execute("ANALYZE open_words")
    op.execute(KEEP)


def downgrade() -> None:
    for trigger in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger} ON listings")
    op.execute("DROP FUNCTION listings_keep_open_words()")
    op.drop_table("open_words")
