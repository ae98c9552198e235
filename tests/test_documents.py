"""Documents that are drawn from the code stay true to it."""

from app.config import PROJECT_ROOT
from app.documents.workflow import workflow_markdown


def test_the_workflow_page_is_drawn_from_the_tables() -> None:
    page = (PROJECT_ROOT / "docs" / "workflow.md").read_text()
    assert page == workflow_markdown(), "python -m app.documents.workflow > docs/workflow.md"
