"""Ask organisations at their mailboxes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("contact_address", sa.String(length=254), nullable=True))


def downgrade() -> None:
    op.drop_column("organisation", "contact_address")
