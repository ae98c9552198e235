"""`docs/workflow.md`, drawn from the tables: `python -m app.documents.workflow` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum

from app.domain.permissions import GRANTS, Capability
from app.domain.workflow import Transition, Workflow
from app.domain.workflows import WORKFLOWS
from app.wording import label, transition_label

_TITLES = {
    "need": "Bedarf",
    "proposal": "Vorschlag",
    "recommendation": "Empfehlung",
    "comment_round": "Stellungnahmeverfahren",
    "statement": "Stellungnahme",
    "amendment": "Änderungsvorschlag",
    "ballot": "Beschlussfassung",
    "co_signature": "Mitzeichnung",
    "goal": "Ziel",
    "measure": "Maßnahme",
    "commitment": "Selbstverpflichtung",
    "reuse": "Nachnutzung",
    "body": "Gremium",
    "seat": "Sitz",
    "edition": "Ausgabe",
    "implementation_report": "Umsetzungsbericht",
}
_INTRODUCTION = """# States and transitions

Drawn from the tables in `app/domain/` by `python -m app.documents.workflow > docs/workflow.md`; a test keeps it true.
`*` behind a move means that a reason is required. *Who* are the capabilities of `app/domain/permissions.py`.
"""


def workflow_markdown() -> str:
    """The whole document."""
    return "\n".join([_INTRODUCTION, *(_section(workflow) for workflow in WORKFLOWS)])


def _section(workflow: Workflow) -> str:
    states = ", ".join(f"`{state.value}` {label(state)}" for state in workflow.states)
    lines = [
        f"## {_TITLES[workflow.noun]} (`{workflow.noun}`)\n",
        f"States: {states}.\n",
        _diagram(workflow),
        "| move | button | from | to | who | needs | guards |",
        "|---|---|---|---|---|---|---|",
        *(_row(workflow, row) for row in workflow),
        "",
    ]
    return "\n".join(lines)


def _diagram(workflow: Workflow) -> str:
    arrows = [
        f"    {source.value} --> {(row.target or source).value}: {row.name}"
        for row in workflow
        for source in _in_order(workflow, row.sources)
        if row.target is not None and row.target != source
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *arrows, "```", ""])


def _row(workflow: Workflow, row: Transition) -> str:
    who = ", ".join(sorted(capability.value for capability in GRANTS[row.permission] if capability in Capability))
    needs = ", ".join([*row.needs, *(f"{name}?" for name in row.takes)])
    return (
        f"| `{row.name}`{'*' if row.reason_required else ''} | {transition_label(workflow.noun, row.name)} "
        f"| {', '.join(state.value for state in _in_order(workflow, row.sources))} "
        f"| {row.target.value if row.target else 'as before'} | {who} | {needs or '–'} "
        f"| {', '.join(guard.__name__ for guard in row.guards) or '–'} |"
    )


def _in_order(workflow: Workflow, states: Iterable[StrEnum]) -> list[StrEnum]:
    order = list(workflow.states)
    return sorted(states, key=order.index)


if __name__ == "__main__":
    sys.stdout.write(workflow_markdown())
