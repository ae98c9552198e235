"""Plays what ties today's recommendations to other plans, in both directions, and enters what was really published."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.actions.cross_references import enter_cross_reference
from app.actions.publications import enter_publication
from app.demo.stage import Stage
from app.domain.actors import Actor
from app.domain.cross_references import Relation
from app.domain.events import SubjectType
from app.forms.cross_references import CrossReferenceForm
from app.forms.publications import PublicationForm
from app.models.programmes import Edition
from app.models.recommendations import Recommendation


def play_ties(stage: Stage) -> None:
    """The last thing the Geschäftsstelle does before today."""
    stage.moment = stage.today - timedelta(days=30)
    with stage.acting() as (session, actor):
        for each in stage.earlier["querverweise"]:
            _tie(stage, session, each, actor)
        edition = session.exec(select(Edition).where(Edition.code == stage.earlier["ausgabe"]["code"])).one()
        for each in stage.earlier["publikationen"]:
            _publish(session, each, edition.id, actor)


def _tie(stage: Stage, session: Session, content: dict[str, Any], actor: Actor) -> None:
    there = _recommendation(stage, session, content["gegenstueck"]) if "gegenstueck" in content else None
    form = CrossReferenceForm(
        subject_type=SubjectType.RECOMMENDATION,
        subject_id=_recommendation(stage, session, content["von"]).id,
        relation=Relation(content["art"]),
        plan=stage.earlier["ausgabe"]["titel"] if there else content["plan"],
        item=f"{there.reference}: {there.title}" if there else content["stelle"],
        counterpart_id=there.id if there else None,
    )
    enter_cross_reference(session, form, actor=actor)


def _recommendation(stage: Stage, session: Session, named: int | str) -> Recommendation:
    """By the number of its forum, or by its name in the example's file."""
    key = stage.recommendations[f"DF{named}" if isinstance(named, int) else named]
    return session.get_one(Recommendation, key)


def _publish(session: Session, content: dict[str, Any], edition_id: UUID, actor: Actor) -> None:
    form = PublicationForm(
        title=content["titel"],
        author=content["urheber"],
        published_on=content["am"],
        summary=content["text"],
        url=content.get("adresse"),
        edition_id=edition_id if content.get("ausgabe") else None,
    )
    enter_publication(session, form, actor=actor)
