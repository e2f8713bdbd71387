"""The best and the last are read first: terms by their weight, people by role, work that was done."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

COMPLETED = {
    "ix_deals_completed": ["id"],
    "ix_deals_completed_buyer": ["buyer_id", "id"],
    "ix_deals_completed_seller": ["seller_id", "id"],
}
TELLS = sa.text("weight > 0")


def upgrade() -> None:
    op.drop_constraint("fk_task_terms_task_id", "task_terms")
    op.drop_constraint("pk_task_terms", "task_terms")
    op.create_primary_key("pk_task_terms", "task_terms", ["task_id", "field", "term"])
    op.drop_index("ix_task_terms_task_id")
    op.create_index(
        "ix_task_terms_best", "task_terms", ["field", "term", "weight", "task_id"], postgresql_where=TELLS
    )
    op.drop_constraint("pk_freelancer_terms", "freelancer_terms")
    op.create_primary_key("pk_freelancer_terms", "freelancer_terms", ["person_id", "field", "term", "source"])
    op.drop_index("ix_freelancer_terms_person_id")
    op.create_index(
        "ix_freelancer_terms_best", "freelancer_terms", ["source", "field", "term", "weight", "person_id"]
    )
    op.create_index("ix_user_roles_role", "user_roles", ["role", "user_id"])
    for name, columns in COMPLETED.items():
        op.create_index(name, "deals", columns, postgresql_where=sa.text("status = 'completed'"))
    op.drop_index("ix_reviews_reviewee")
    op.create_index("ix_reviews_reviewee", "reviews", ["reviewee_id", "id"], postgresql_include=["rating"])


def downgrade() -> None:
    op.drop_index("ix_reviews_reviewee")
    op.create_index("ix_reviews_reviewee", "reviews", ["reviewee_id", "id"])
    for name in COMPLETED:
        op.drop_index(name)
    op.drop_index("ix_user_roles_role")
    op.drop_index("ix_freelancer_terms_best")
    op.create_index("ix_freelancer_terms_person_id", "freelancer_terms", ["person_id"])
    op.drop_constraint("pk_freelancer_terms", "freelancer_terms")
    op.execute(
        "ALTER TABLE freelancer_terms ADD CONSTRAINT pk_freelancer_terms"
        " PRIMARY KEY (field, term, person_id, source) INCLUDE (weight)"
    )
    op.drop_index("ix_task_terms_best")
    op.create_index("ix_task_terms_task_id", "task_terms", ["task_id"])
    op.drop_constraint("pk_task_terms", "task_terms")
    op.execute(
        "ALTER TABLE task_terms ADD CONSTRAINT pk_task_terms"
        " PRIMARY KEY (field, term, task_id) INCLUDE (weight)"
    )
    op.create_foreign_key(
        "fk_task_terms_task_id",
        "task_terms",
        "described_tasks",
        ["task_id"],
        ["task_id"],
        ondelete="CASCADE",
    )
