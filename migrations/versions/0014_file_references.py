"""Give bodies and recommendations a file reference."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("body", sa.Column("file_reference", sa.String(length=100), nullable=True))
    op.add_column("recommendation", sa.Column("file_reference", sa.String(length=100), nullable=True))


def downgrade() -> None:
    op.drop_column("recommendation", "file_reference")
    op.drop_column("body", "file_reference")
