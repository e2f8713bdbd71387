"""What tasks and freelancers are about, as terms."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FIELDS = "field IN ('word', 'skill', 'category')"
SOURCES = "source IN ('profile', 'history')"


def upgrade() -> None:
    op.create_table(
        "described_tasks",
        sa.Column("task_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("described_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["listings.id"], name=op.f("fk_described_tasks_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_described_tasks")),
    )
    op.create_table(
        "task_terms",
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.CheckConstraint(FIELDS, name=op.f("ck_task_terms_field")),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["described_tasks.task_id"],
            name=op.f("fk_task_terms_task_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "field", "term", "task_id", name=op.f("pk_task_terms"), postgresql_include=["weight"]
        ),
    )
    op.create_index(op.f("ix_task_terms_task_id"), "task_terms", ["task_id"])
    op.create_table(
        "described_freelancers",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("described_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users.id"],
            name=op.f("fk_described_freelancers_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_described_freelancers")),
    )
    op.create_index(op.f("ix_described_freelancers_described_at"), "described_freelancers", ["described_at"])
    op.create_table(
        "freelancer_terms",
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.CheckConstraint(FIELDS, name=op.f("ck_freelancer_terms_field")),
        sa.CheckConstraint(SOURCES, name=op.f("ck_freelancer_terms_source")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["described_freelancers.person_id"],
            name=op.f("fk_freelancer_terms_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "field",
            "term",
            "person_id",
            "source",
            name=op.f("pk_freelancer_terms"),
            postgresql_include=["weight"],
        ),
    )
    op.create_index(op.f("ix_freelancer_terms_person_id"), "freelancer_terms", ["person_id"])
    op.create_table(
        "term_counts",
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("tasks_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("field", "term", name=op.f("pk_term_counts")),
    )


def downgrade() -> None:
    for table in (
        "term_counts",
        "freelancer_terms",
        "described_freelancers",
        "task_terms",
        "described_tasks",
    ):
        op.drop_table(table)
