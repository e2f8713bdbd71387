"""One index for the names of cities, and no foreign key: they are written as a whole, and often read."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("fk_city_names_city_id", "city_names")
    op.drop_constraint("pk_city_names", "city_names")
    op.drop_index("ix_city_names_name", "city_names")
    op.alter_column("city_names", "name", type_=sa.Text(collation="C"))
    op.create_primary_key("pk_city_names", "city_names", ["name", "city_id"])
    op.create_index("ix_city_names_city_id", "city_names", ["city_id"])


def downgrade() -> None:
    op.drop_index("ix_city_names_city_id", "city_names")
    op.drop_constraint("pk_city_names", "city_names")
    op.alter_column("city_names", "name", type_=sa.Text())
    op.create_primary_key("pk_city_names", "city_names", ["city_id", "name"])
    op.create_index(
        "ix_city_names_name", "city_names", ["name", "city_id"], postgresql_ops={"name": "text_pattern_ops"}
    )
    op.create_foreign_key("fk_city_names_city_id", "city_names", "cities", ["city_id"], ["id"])
