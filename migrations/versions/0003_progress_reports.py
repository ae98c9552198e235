"""Ask more of a progress report, and let a measure say what it costs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXTS = ("obstacles", "next_steps", "question")


def upgrade() -> None:
    op.add_column("measure", _text("budget_note"))
    for name in TEXTS:
        op.add_column("progress_report", _text(name))
    op.add_column("progress_report", sa.Column("progress", sa.String(length=40), nullable=True))
    op.add_column("progress_report", sa.Column("asked_back_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("asked_back_at", "progress", *reversed(TEXTS)):
        op.drop_column("progress_report", name)
    op.drop_column("measure", "budget_note")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")
