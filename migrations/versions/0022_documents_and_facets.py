"""Files that are no pictures; what people say of themselves as freelancers and as clients."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

VERIFIED = ("phone_verified", "id_verified", "video_verified")
FACETS = ("educations", "experiences", "spoken_languages", "freelancer_profiles", "client_profiles")


def upgrade() -> None:
    add_documents()
    op.add_column("person_skills", sa.Column("place", sa.BigInteger(), server_default="0", nullable=False))
    for what in VERIFIED:
        op.add_column("profiles", sa.Column(what, sa.Boolean(), server_default="false", nullable=False))
    add_freelancers()
    add_clients()


def downgrade() -> None:
    for table in FACETS:
        op.drop_table(table)
    for what in VERIFIED:
        op.drop_column("profiles", what)
    op.drop_column("person_skills", "place")
    remove_documents()


def add_documents() -> None:
    for column in ("width", "height", "thumbnail_key"):
        op.alter_column("files", column, nullable=True)
    op.create_check_constraint(
        op.f("ck_files_picture"), "files", "num_nulls(width, height, thumbnail_key) IN (0, 3)"
    )
    op.drop_constraint(op.f("ck_files_purpose"), "files")
    op.create_check_constraint(
        op.f("ck_files_purpose"),
        "files",
        "purpose IN ('avatar', 'portfolio', 'listing', 'certificate', 'attachment')",
    )


def remove_documents() -> None:
    # what cannot be said there is no file there; the sweep takes its blobs
    op.execute("DELETE FROM files WHERE thumbnail_key IS NULL OR purpose IN ('listing', 'certificate')")
    op.drop_constraint(op.f("ck_files_purpose"), "files")
    op.create_check_constraint(
        op.f("ck_files_purpose"), "files", "purpose IN ('avatar', 'portfolio', 'attachment')"
    )
    op.drop_constraint(op.f("ck_files_picture"), "files")
    for column in ("width", "height", "thumbnail_key"):
        op.alter_column("files", column, nullable=False)


def _table(name: str, *columns: sa.Column, **checks: str) -> None:
    """A table of what people say of themselves."""
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        *columns,
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{check}")) for check, rule in checks.items()),
        sa.ForeignKeyConstraint(["person_id"], ["profiles.person_id"], name=op.f(f"fk_{name}_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def _texts(*names: str, nullable: bool = False) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _moments() -> list[sa.Column]:
    moment = sa.DateTime(timezone=True)
    return [sa.Column(name, moment, nullable=False) for name in ("created_at", "updated_at")]


def _one_each(name: str) -> None:
    """Let a person have one profile of a kind, and the newest be found first."""
    op.create_unique_constraint(op.f(f"uq_{name}_person_id"), name, ["person_id"])
    op.create_index(f"ix_{name}_created", name, ["created_at", "id"])


def _with_certificates(name: str) -> None:
    op.add_column(name, sa.Column("certificate_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{name}_certificate_id"), name, "files", ["certificate_id"], ["id"])
    op.create_unique_constraint(op.f(f"uq_{name}_certificate_id"), name, ["certificate_id"])


def add_freelancers() -> None:
    _table(
        "freelancer_profiles",
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("age", sa.BigInteger(), nullable=True),
        sa.Column("is_available", sa.Boolean(), server_default="true", nullable=False),
        *_texts("github_url", "linkedin_url", "twitter_url", "facebook_url", "instagram_url", nullable=True),
        *_moments(),
        age="age BETWEEN 18 AND 100",
    )
    _one_each("freelancer_profiles")
    _table(
        "educations",
        *_texts("college", "degree"),
        sa.Column("start_year", sa.BigInteger(), nullable=False),
        sa.Column("end_year", sa.BigInteger(), nullable=True),
        years="start_year <= end_year",
    )
    _table(
        "experiences",
        *_texts("role", "company"),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        *_texts("description"),
        sa.Column("is_ongoing", sa.Boolean(), nullable=False),
        dates="start_date <= end_date AND NOT (is_ongoing AND end_date IS NOT NULL)",
    )
    _table("spoken_languages", *_texts("name", "proficiency"))
    for name in ("educations", "experiences"):
        _with_certificates(name)
    for name in ("educations", "experiences", "spoken_languages"):
        op.create_index(f"ix_{name}_person", name, ["person_id", "id"])


def add_clients() -> None:
    _table(
        "client_profiles",
        *_texts("account_type", "company_name", "company_description", "industry", "company_size"),
        *_texts("website", nullable=True),
        *_texts("project_types", "budget_range", "project_frequency", "preferred_communications"),
        *_texts("working_hours", "business_goals", "current_challenges", "previous_experiences"),
        *_texts("expected_timeline", "quality_importance", "payment_method", "payment_timing"),
        sa.Column("monthly_budget_minor", sa.BigInteger(), nullable=True),
        sa.Column("project_budget_minor", sa.BigInteger(), nullable=True),
        *_texts("budget_currency", nullable=True),
        *_moments(),
        account_type="account_type IN ('business', 'individual')",
        company_name="account_type <> 'business' OR company_name <> ''",
        budgets="0 <= monthly_budget_minor AND 0 <= project_budget_minor",
        currency="(budget_currency IS NULL)"
        " = (monthly_budget_minor IS NULL AND project_budget_minor IS NULL)",
    )
    _one_each("client_profiles")
