"""Follow lists by year, status and readers; find what was read long ago."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("followed_list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("visibility", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("implementation_status", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("published_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("published_before", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notification_read",
            ["read_at"],
            unique=False,
            sqlite_where=sa.text("read_at IS NOT NULL"),
            postgresql_where=sa.text("read_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notification_read",
            sqlite_where=sa.text("read_at IS NOT NULL"),
            postgresql_where=sa.text("read_at IS NOT NULL"),
        )

    with op.batch_alter_table("followed_list", schema=None) as batch_op:
        batch_op.drop_column("published_before")
        batch_op.drop_column("published_from")
        batch_op.drop_column("implementation_status")
        batch_op.drop_column("visibility")
