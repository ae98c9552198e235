"""Remind of readings by a day kept with the indicator, of needs asked about as of all else; follow more lists."""

from calendar import monthrange
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0020"
branch_labels = None
depends_on = None

_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12, "every_two_years": 24}
_GRACE_MONTHS = 3


def upgrade() -> None:
    op.add_column("indicator", sa.Column("reading_due_on", sa.Date(), nullable=True))
    op.create_index("ix_indicator_reading_due_on", "indicator", ["reading_due_on"])
    _count_from_the_newest_reading()
    op.drop_column("need_review", "reminded_at")
    reference = sa.ForeignKey("recommendation.id")
    op.add_column(
        "followed_list", sa.Column("recommendation_id", sa.Uuid(), reference, nullable=True), inline_references=True
    )
    op.add_column("followed_list", sa.Column("land", sa.String(length=40), nullable=True))
    op.add_column("followed_list", sa.Column("size_class", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("followed_list", "size_class")
    op.drop_column("followed_list", "land")
    op.drop_column("followed_list", "recommendation_id")
    op.add_column("need_review", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_indicator_reading_due_on", "indicator")
    op.drop_column("indicator", "reading_due_on")


def _count_from_the_newest_reading() -> None:
    connection = op.get_bind()
    indicator = sa.table(
        "indicator",
        sa.column("id", sa.Uuid()),
        sa.column("rhythm", sa.String()),
        sa.column("baseline_on", sa.Date()),
        sa.column("target_on", sa.Date()),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("reading_due_on", sa.Date()),
    )
    reading = sa.table(
        "reading",
        sa.column("indicator_id", sa.Uuid()),
        sa.column("category", sa.String()),
        sa.column("last_day", sa.Date()),
    )
    newest = (
        sa.select(sa.func.max(reading.c.last_day))
        .where(reading.c.indicator_id == indicator.c.id, reading.c.category == "")
        .scalar_subquery()
    )
    columns = (*(indicator.c[name] for name in ("id", "rhythm", "baseline_on", "target_on", "created_at")), newest)
    for key, rhythm, baseline_on, target_on, created_at, last_day in connection.execute(
        sa.select(*columns).where(indicator.c.rhythm.is_not(None))
    ).all():
        if last_day and target_on and last_day >= target_on:
            continue
        counted_from = last_day or baseline_on or created_at.date()
        due_on = _months_later(counted_from, _MONTHS[rhythm] + _GRACE_MONTHS)
        connection.execute(sa.update(indicator).where(indicator.c.id == key).values(reading_due_on=due_on))


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last where that is shorter."""
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month_index + 1, min(day.day, monthrange(year, month_index + 1)[1]))
