"""Documents that are drawn from the code stay true to it."""

from app.config import PROJECT_ROOT
from app.documents.notifications import notifications_markdown
from app.documents.workflow import workflow_markdown


def test_the_workflow_page_is_drawn_from_the_tables() -> None:
    page = (PROJECT_ROOT / "docs" / "workflow.md").read_text()
    assert page == workflow_markdown(), "python -m app.documents.workflow > docs/workflow.md"


def test_the_page_of_who_is_told_what_is_drawn_from_the_table() -> None:
    page = (PROJECT_ROOT / "docs" / "notifications.md").read_text()
    assert page == notifications_markdown(), "python -m app.documents.notifications > docs/notifications.md"
