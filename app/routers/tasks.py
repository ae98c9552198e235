"""The page „Was ist zu tun?“, the first after signing in; it only reads."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.domain.actors import Actor
from app.i18n import _
from app.queries.kept import kept
from app.queries.tasks import Circle, list_tasks
from app.routers.deps import Member, ReadSession
from app.routers.pages import render

router = APIRouter()
SOON_DAYS = 7


@router.get("/aufgaben")
def show_tasks(request: Request, session: ReadSession, visitor: Member) -> Response:
    """What waits for the person, next deadline first; one's own before what one covers."""
    return render(request, "tasks/list.html", kept=_shown(session, visitor.actor))


@kept
def _shown(session: Session, actor: Actor) -> dict[str, Any]:
    tasks = list_tasks(session, actor)
    is_divided = len({task.circle for task in tasks}) > 1
    headings = {
        Circle.OWN: _("Für Sie"),
        Circle.COVER: _("In Vertretung, weil die zuständige Person abwesend ist"),
        Circle.OTHER: _("Weitere Gremien"),
    }
    groups = [
        (headings[circle] if is_divided else _("Alle Aufgaben"), [task for task in tasks if task.circle is circle])
        for circle in Circle
    ]
    return {
        "tasks": tasks,
        "groups": [group for group in groups if group[1]],
        "overdue": sum(1 for task in tasks if task.days is not None and task.days < 0),
        "soon": sum(1 for task in tasks if task.days is not None and 0 <= task.days <= SOON_DAYS),
        "example": any(task.is_example for task in tasks),
    }
