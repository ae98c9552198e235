"""Every page's routes, put together in the order in which they are asked."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.routers import (
    accounts,
    administration,
    amendment_answers,
    amendments,
    api_docs,
    attachments,
    ballots,
    bodies,
    body_administration,
    co_signatures,
    comments,
    commitments,
    consultations,
    continuations,
    cross_references,
    edition_management,
    editions,
    feedback,
    feeds,
    follows,
    home,
    implementation,
    linked_statements,
    mail_preferences,
    marks,
    measures,
    needs,
    nominations,
    notifications,
    organisations,
    outbox,
    overview,
    participants,
    participation,
    people,
    programmes,
    proposals,
    provenance,
    publications,
    recommendation_documents,
    recommendation_drafts,
    recommendation_editor,
    recommendation_story,
    recommendation_transitions,
    recommendation_versions,
    recommendations,
    reports,
    responses,
    reuses,
    rooms,
    seat_administration,
    sign_in,
    statement_links,
    structure,
    subscriptions,
    synopses,
    tasks,
    theme_considerations,
)

# Feeds come first: "bildung.atom" would be a slug, too; so do documents, whose addresses end as numbers would not.
# Programmes come before editions: "neu" would be a code. Then what is read most: each route before the one that is
# meant costs a microsecond or two.
_NOUNS = (
    feeds,
    recommendation_documents,
    tasks,
    recommendations,
    needs,
    comments,
    proposals,
    home,
    accounts,
    administration,
    amendments,
    amendment_answers,
    attachments,
    ballots,
    bodies,
    co_signatures,
    nominations,
    notifications,
    organisations,
    outbox,
    participants,
    people,
    provenance,
    recommendation_drafts,
    recommendation_editor,
    recommendation_story,
    recommendation_versions,
    theme_considerations,
    sign_in,
    structure,
    editions,
    implementation,
    responses,
    measures,
    reports,
    commitments,
    reuses,
    cross_references,
    publications,
    feedback,
    subscriptions,
    api_docs,
    consultations,
    marks,
    statement_links,
    linked_statements,
    rooms,
    synopses,
    participation,
    recommendation_transitions,
    body_administration,
    seat_administration,
    overview,
    programmes,
    edition_management,
    continuations,
    follows,
    mail_preferences,
)


def install(application: FastAPI) -> None:
    """Put the pages side by side, outside the API's description.

    A request looks through one list: routers nested in routers are each looked through twice, once to
    find the route and once to hand the request on, which cost a tenth of a page.
    """
    for noun in _NOUNS:
        for route in noun.router.routes:
            assert isinstance(route, APIRoute)
            route.include_in_schema = False
            application.router.routes.append(route)
