"""Keep reuses."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reuse",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("land", sa.String(length=40), nullable=False),
        sa.Column("size_class", sa.String(length=40), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("effort", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("material_url", sa.String(length=1000), nullable=True),
        sa.Column("mailbox", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_said_on", sa.Date(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name=op.f("fk_reuse_recommendation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reuse")),
    )
    with op.batch_alter_table("reuse", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reuse_recommendation_id_state"), ["recommendation_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reuse_state_last_said_on"), ["state", "last_said_on"], unique=False)

    op.create_table(
        "reuse_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("mailbox", sa.String(length=254), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_reuse_request_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reuse_request")),
    )
    with op.batch_alter_table("reuse_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reuse_request_created_at"), ["created_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reuse_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reuse_request_created_at"))

    op.drop_table("reuse_request")
    with op.batch_alter_table("reuse", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reuse_state_last_said_on"))
        batch_op.drop_index(batch_op.f("ix_reuse_recommendation_id_state"))

    op.drop_table("reuse")
