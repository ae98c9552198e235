"""Keep amendments and their changes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "amendment",
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("disposition", sa.String(length=40), nullable=True),
        sa.Column("disposition_reason", sa.String(), nullable=True),
        sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_amendment_author_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_amendment_body_id")),
        sa.ForeignKeyConstraint(["disposed_by_id"], ["person.id"], name=op.f("fk_amendment_disposed_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_amendment_organisation_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_amendment_recommendation_id")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_amendment_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
    )
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendment_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_amendment_recommendation_id_created_at"), ["recommendation_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_amendment_recommendation_id_state"), ["recommendation_id", "state"], unique=False
        )

    op.create_table(
        "amendment_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=True),
        sa.Column("block_kind", sa.String(length=40), nullable=True),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_amendment_change_amendment_id")),
        sa.ForeignKeyConstraint(["text_id"], ["record_text.id"], name=op.f("fk_amendment_change_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_change")),
        sa.UniqueConstraint("amendment_id", "position", name=op.f("uq_amendment_change_amendment_id_position")),
    )
    with op.batch_alter_table("amendment_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendment_change_block_id"), ["block_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("amendment_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_amendment_change_block_id"))

    op.drop_table("amendment_change")
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_amendment_recommendation_id_state"))
        batch_op.drop_index(batch_op.f("ix_amendment_recommendation_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_amendment_author_id"))

    op.drop_table("amendment")
