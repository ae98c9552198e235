"""Ask whether needs persist."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "need_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("publish", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_review_need_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_need_review_organisation_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_need_review_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_review")),
        sa.UniqueConstraint(
            "recommendation_id",
            "need_id",
            "organisation_id",
            "months",
            name=op.f("uq_need_review_recommendation_id_need_id_organisation_id_months"),
        ),
    )
    with op.batch_alter_table("need_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_review_answer_due_on"), ["answer", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_review_need_id_months"), ["need_id", "months"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_review_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("need_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_review_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_need_review_need_id_months"))
        batch_op.drop_index(batch_op.f("ix_need_review_answer_due_on"))

    op.drop_table("need_review")
