"""Invitations and the proof of participation for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.actions import invitations as actions
from app.domain.consultations import InvitationChannel
from app.domain.organisations import OrganisationKind, ParticipationClass
from app.forms.consultations import InvitationForm
from app.models.consultations import Invitation
from app.models.organisations import Organisation
from app.queries import participation as queries
from app.queries.recommendations import get_recommendation
from app.routers.api.common import Answer, Listing, answer, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/recommendations/{recommendation_id}", tags=["participation"])


class InvitationAnswer(Answer):
    """An invitation of an organisation."""

    recommendation_id: UUID
    organisation_id: UUID
    invited_on: date
    channel: InvitationChannel
    round_id: UUID | None
    reference: str | None


class OrganisationAnswer(BaseModel):
    """An organisation by name."""

    organisation_id: UUID
    name: str
    kind: OrganisationKind
    participation_class: ParticipationClass


class InvitedAnswer(BaseModel):
    """On which day and by which way."""

    invited_on: date
    channel: InvitationChannel
    round_id: UUID | None
    reference: str | None


class ParticipantAnswer(OrganisationAnswer):
    """An organisation with its invitations and how it answered."""

    invitations: list[InvitedAnswer]
    answered: bool
    answers: list[str]


class ParticipationAnswer(BaseModel):
    """Who was invited, who answered, who was silent; silence is no consent."""

    recommendation_id: UUID
    invited: list[ParticipantAnswer]
    answered: list[ParticipantAnswer]
    silent: list[ParticipantAnswer]
    mandatory_registered: int
    mandatory_not_invited: list[OrganisationAnswer]


@router.get("/invitations", response_model=None)
def list_invitations(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The invitations to a recommendation, newest first."""
    recommendation = get_recommendation(session, recommendation_id, actor)
    queries.require_readable(recommendation, actor)
    found = queries.page_of_invitations(session, recommendation.id, limit=wanted.limit, after=wanted.after)
    reads_references = queries.reads_references(recommendation, actor)

    def represent(invitation: Invitation) -> InvitationAnswer:
        shown = InvitationAnswer.model_validate(invitation)
        return shown if reads_references else shown.model_copy(update={"reference": None})

    return listing(request, found, represent, actor)


@router.post("/invitations", response_model=InvitationAnswer, status_code=201)
def record_invitation(
    request: Request, session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: InvitationForm
) -> Response:
    """Enter an invitation that was made elsewhere."""
    made, is_new = actions.record_invitation(session, recommendation_id, form, actor=actor)
    return answer(request, InvitationAnswer.model_validate(made), actor, status=201 if is_new else 200)


@router.get("/participation", response_model=ParticipationAnswer)
def get_participation(request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID) -> Response:
    """Who was invited, who answered, who was silent."""
    recommendation = get_recommendation(session, recommendation_id, actor)
    queries.require_readable(recommendation, actor)
    found = queries.participation_of(session, recommendation)
    inside = queries.reads_references(recommendation, actor)
    shown = ParticipationAnswer(
        recommendation_id=recommendation.id,
        invited=_participants(found.invited, inside=inside),
        answered=_participants(found.answered, inside=inside),
        silent=_participants(found.silent, inside=inside),
        mandatory_registered=found.mandatory_registered,
        mandatory_not_invited=[OrganisationAnswer(**_named(each)) for each in found.mandatory_not_invited],
    )
    return answer(request, shown, actor)


def _participants(found: Sequence[queries.Participant], *, inside: bool) -> list[ParticipantAnswer]:
    return [
        ParticipantAnswer(
            **_named(each.organisation),
            invitations=[
                InvitedAnswer(
                    invited_on=invitation.invited_on,
                    channel=invitation.channel,
                    round_id=invitation.round_id,
                    reference=invitation.reference if inside else None,
                )
                for invitation in each.invitations
            ],
            answered=each.has_answered,
            answers=sorted(answer.value for answer in each.answers),
        )
        for each in found
    ]


def _named(organisation: Organisation) -> dict[str, Any]:
    return {
        "organisation_id": organisation.id,
        "name": organisation.name,
        "kind": organisation.kind,
        "participation_class": organisation.participation_class,
    }
