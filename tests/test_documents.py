"""Documents that are drawn from the code stay true to it."""

from app.config import PROJECT_ROOT
from app.documents.notifications import notifications_markdown
from app.documents.workflow import workflow_markdown
from app.domain.delivery import KEPT_AFTER_FAILING, KEPT_AFTER_SENDING, LEASE, PAUSES
from app.metrics import POST


def test_the_workflow_page_is_drawn_from_the_tables() -> None:
    page = (PROJECT_ROOT / "docs" / "workflow.md").read_text()
    assert page == workflow_markdown(), "python -m app.documents.workflow > docs/workflow.md"


def test_the_page_of_who_is_told_what_is_drawn_from_the_table() -> None:
    page = (PROJECT_ROOT / "docs" / "notifications.md").read_text()
    assert page == notifications_markdown(), "python -m app.documents.notifications > docs/notifications.md"


def test_the_page_of_operations_names_what_is_told_and_the_numbers_that_hold() -> None:
    page = (PROJECT_ROOT / "docs" / "operations.md").read_text()
    assert [name for name in POST if name not in page] == []
    assert f"*lease* of {LEASE.seconds} seconds" in page
    assert f"after {KEPT_AFTER_FAILING.days} days" in page
    assert f"arrived after {KEPT_AFTER_SENDING.days}" in page
    first, second, third, fourth, *hours = [round(pause.total_seconds() / 60) for pause in PAUSES]
    fifth, sixth, seventh = (each // 60 for each in hours)
    pauses = f"after {first}, {second}, {third}, {fourth} minutes, {fifth}, {sixth} and {seventh} hours"
    assert pauses in page
