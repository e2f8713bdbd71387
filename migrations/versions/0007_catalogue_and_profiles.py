"""Skills, services and cities of the catalogue; what people are good at and look for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_catalogue()
    add_profiles()


def add_catalogue() -> None:
    op.create_table(
        "catalogue_parts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_catalogue_parts")),
    )
    op.create_table(
        "skills",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_skills_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skills")),
        sa.UniqueConstraint("name", name=op.f("uq_skills_name")),
    )
    op.create_index(op.f("ix_skills_category_id"), "skills", ["category_id"])
    op.create_table(
        "service_offerings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_service_offerings_category_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_offerings")),
        sa.UniqueConstraint("name", name=op.f("uq_service_offerings_name")),
    )
    op.create_index(op.f("ix_service_offerings_category_id"), "service_offerings", ["category_id"])
    op.create_table(
        "countries",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code3", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_countries")),
        sa.UniqueConstraint("code3", name=op.f("uq_countries_code3")),
    )
    op.create_index(op.f("ix_countries_folded_name"), "countries", ["folded_name"])
    op.create_table(
        "cities",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("population", sa.BigInteger(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["country_code"], ["countries.code"], name=op.f("fk_cities_country_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cities")),
    )
    op.create_index(op.f("ix_cities_country_code"), "cities", ["country_code"])
    op.create_table(
        "city_names",
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_city_names_city_id")),
        sa.PrimaryKeyConstraint("city_id", "name", name=op.f("pk_city_names")),
    )
    op.create_index(
        "ix_city_names_name", "city_names", ["name", "city_id"], postgresql_ops={"name": "text_pattern_ops"}
    )


def add_profiles() -> None:
    op.create_table(
        "profiles",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cities", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("places", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("min_budget_minor", sa.BigInteger(), nullable=True),
        sa.Column("max_budget_minor", sa.BigInteger(), nullable=True),
        sa.Column("budget_currency", sa.Text(), nullable=True),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("places <@ ARRAY['physical', 'digital']", name=op.f("ck_profiles_places")),
        sa.CheckConstraint("0 <= min_budget_minor", name=op.f("ck_profiles_min_budget")),
        sa.CheckConstraint("0 <= max_budget_minor", name=op.f("ck_profiles_max_budget")),
        sa.CheckConstraint("min_budget_minor <= max_budget_minor", name=op.f("ck_profiles_budgets")),
        sa.CheckConstraint(
            "(budget_currency IS NULL) = (min_budget_minor IS NULL AND max_budget_minor IS NULL)",
            name=op.f("ck_profiles_currency"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_profiles_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_profiles")),
    )
    for table, column, target in (
        ("person_skills", "skill_id", "skills"),
        ("person_categories", "category_id", "categories"),
        ("person_offerings", "offering_id", "service_offerings"),
    ):
        op.create_table(
            table,
            sa.Column("person_id", sa.BigInteger(), nullable=False),
            sa.Column(column, sa.BigInteger(), nullable=False),
            sa.ForeignKeyConstraint(
                ["person_id"], ["profiles.person_id"], name=op.f(f"fk_{table}_person_id")
            ),
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}")),
            sa.PrimaryKeyConstraint("person_id", column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in (
        "person_offerings",
        "person_categories",
        "person_skills",
        "profiles",
        "city_names",
        "cities",
        "countries",
        "service_offerings",
        "skills",
        "catalogue_parts",
    ):
        op.drop_table(table)
