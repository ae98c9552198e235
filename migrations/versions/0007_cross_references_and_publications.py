"""Keep cross-references to other plans, and publications."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("author", sa.String(length=300), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=True),
        sa.Column("field_of_action_id", sa.Uuid(), nullable=True),
        sa.Column("edition_id", sa.Uuid(), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_publication_edition_id")),
        sa.ForeignKeyConstraint(
            ["field_of_action_id"], ["field_of_action.id"], name=op.f("fk_publication_field_of_action_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publication_field_of_action_id"), ["field_of_action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publication_published_on_id"), ["published_on", "id"], unique=False)

    op.create_table(
        "cross_reference",
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("on_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("plan", sa.String(length=300), nullable=False),
        sa.Column("item", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=True),
        sa.Column("counterpart_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_cross_reference_author_id")),
        sa.ForeignKeyConstraint(
            ["counterpart_id"], ["recommendation.id"], name=op.f("fk_cross_reference_counterpart_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cross_reference_organisation_id")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_cross_reference_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cross_reference")),
    )
    with op.batch_alter_table("cross_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cross_reference_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cross_reference_counterpart_id"), ["counterpart_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cross_reference_subject_id"), ["subject_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("cross_reference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cross_reference_subject_id"))
        batch_op.drop_index(batch_op.f("ix_cross_reference_counterpart_id"))
        batch_op.drop_index(batch_op.f("ix_cross_reference_author_id"))

    op.drop_table("cross_reference")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_published_on_id"))
        batch_op.drop_index(batch_op.f("ix_publication_field_of_action_id"))
        batch_op.drop_index(batch_op.f("ix_publication_edition_id"))

    op.drop_table("publication")
