"""The same actions for programs, as JSON under /api/v1."""

from __future__ import annotations

from fastapi import APIRouter

from app.routers.api import (
    amendments,
    ballots,
    bodies,
    co_signatures,
    comments,
    commitments,
    consultations,
    continuations,
    cross_cutting_themes,
    cross_references,
    dissenting_opinions,
    dossier,
    editions,
    events,
    feedback,
    fields_of_action,
    guiding_questions,
    measures,
    needs,
    organisations,
    participation,
    people,
    programmes,
    proposals,
    publications,
    recommendation_parts,
    recommendation_transitions,
    recommendations,
    reports,
    responses,
    seats,
    target_groups,
    theme_considerations,
    topics,
    versions,
)

DESCRIPTION = (
    "Alle Inhalte des Dialogforums als JSON: lesen ohne Anmeldung, was veröffentlicht ist; "
    "mit einem persönlichen Zugangstoken alles, was die Person auch auf den Seiten darf."
)

router = APIRouter(prefix="/api/v1")
for noun in (
    amendments,
    ballots,
    bodies,
    co_signatures,
    comments,
    commitments,
    consultations,
    continuations,
    cross_references,
    cross_cutting_themes,
    dissenting_opinions,
    dossier,
    editions,
    events,
    feedback,
    fields_of_action,
    guiding_questions,
    measures,
    needs,
    organisations,
    participation,
    people,
    programmes,
    proposals,
    publications,
    recommendation_parts,
    recommendation_transitions,
    recommendations,
    reports,
    responses,
    seats,
    target_groups,
    theme_considerations,
    topics,
    versions,
):
    router.include_router(noun.router)
