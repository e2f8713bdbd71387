"""Every word that listings use is known; and room on each page for a row that changes.

A listing counts its deals, a room its messages: a new version of such a row that finds room on its page
touches no index.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# every word, where those that can be misspelt were known before
LEARN = """
INSERT INTO listing_words (word)
SELECT DISTINCT word FROM listings, unnest(tsvector_to_array(search_words)) AS word ON CONFLICT DO NOTHING
"""
FORGET = "DELETE FROM listing_words WHERE char_length(word) NOT BETWEEN 4 AND 40 OR word ~ '[0-9]'"
CHANGING = {"listings": 70, "rooms": 75, "memberships": 85, "outbox_deliveries": 75}


def upgrade() -> None:
    op.execute(LEARN)
    for table, percent in CHANGING.items():
        op.execute(f"ALTER TABLE {table} SET (fillfactor = {percent})")


def downgrade() -> None:
    for table in CHANGING:
        op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
    op.execute(FORGET)
