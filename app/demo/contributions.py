"""Plays what a body's members bring in: needs with their evidence and support, proposals and what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.actions.comments import post_comment
from app.actions.evidence import add_evidence
from app.actions.needs import post_need, transition_need
from app.actions.proposals import post_proposal, transition_proposal
from app.actions.support import support
from app.demo.stage import Stage
from app.demo.words import EVIDENCE
from app.domain.comments import Stance
from app.domain.events import SubjectType
from app.forms.comments import CommentForm
from app.forms.contributions import EvidenceForm, SupportForm
from app.forms.needs import NeedForm, NeedTransition
from app.forms.proposals import ProposalForm, ProposalTransition
from app.models.bodies import Body
from app.models.needs import Need


def play_contributions(stage: Stage, body_id: UUID, content: dict[str, Any]) -> None:
    """Everything before the first draft; which blocks took a proposal up is said when the text stands."""
    chair = content["arbeitsgruppe"]["sitze"][0]["organisation"]
    for number, each in enumerate(content["bedarfe"]):
        stage.go_to(8 + 3 * number, 10)
        _post_need(stage, body_id, each)
    stage.go_to(24, 14)
    with stage.database.write() as session:
        actor = stage.holder(session, body_id, chair)
        for each in content["bedarfe"]:
            transition_need(session, stage.needs[each["id"]], NeedTransition(transition="accept"), actor=actor)
    for number, each in enumerate(content["vorschlaege"]):
        stage.go_to(32 + 4 * number, 11)
        _post_proposal(stage, body_id, each, chair)


def _post_need(stage: Stage, body_id: UUID, content: dict[str, Any]) -> None:
    with stage.database.write() as session:
        author = stage.holder(session, body_id, content["von"])
        form = NeedForm(
            body_id=body_id,
            title=content["titel"],
            description=content["text"],
            topic_id=session.get_one(Body, body_id).topic_id,
            guiding_question_ids=stage.questions(session, body_id),
            target_group_ids=stage.target_groups(session, content.get("zielgruppen", [])),
            seat_id=author.seat_id,
        )
        need, _is_new = post_need(session, form, actor=author)
        _add_evidence(stage, session, need.id, content.get("beleg"), author)
        transition_need(session, need.id, NeedTransition(transition="submit"), actor=author)
        stage.needs[content["id"]] = need.id
    for name in content.get("unterstuetzt", []):
        with stage.database.write() as session:
            supporter = stage.holder(session, body_id, name)
            support(session, Need, stage.needs[content["id"]], SupportForm(seat_id=supporter.seat_id), actor=supporter)


def _add_evidence(stage: Stage, session: Any, need_id: UUID, content: dict[str, Any] | None, author: Any) -> None:
    if content is None:
        return
    names = [
        stage.content["quellen"][key.strip()]
        for key in content.get("quelle", "").split(",")
        if key.strip() in stage.content["quellen"]
    ]
    form = EvidenceForm(
        kind=EVIDENCE[content["art"]],
        source="; ".join(names) or "Eigene Erhebung der Arbeitsgruppe (Beispiel)",
        summary=content["aussage"],
    )
    add_evidence(session, SubjectType.NEED, need_id, form, actor=author)


def _post_proposal(stage: Stage, body_id: UUID, content: dict[str, Any], chair: str) -> None:
    with stage.database.write() as session:
        author = stage.holder(session, body_id, content["von"])
        form = ProposalForm(
            body_id=body_id,
            title=content["titel"],
            description=content["text"],
            need_ids=[stage.needs[key] for key in content["bezug"]],
            seat_id=author.seat_id,
        )
        proposal, _is_new = post_proposal(session, form, actor=author)
        transition_proposal(session, proposal.id, ProposalTransition(transition="submit"), actor=author)
        stage.proposals[content["id"]] = proposal.id
    with stage.database.write() as session:
        leader = stage.holder(session, body_id, chair)
        key = stage.proposals[content["id"]]
        transition_proposal(session, key, ProposalTransition(transition="discuss"), actor=leader)
        text = "Vielen Dank für den Vorschlag. Bitte ergänzen Sie Erfahrungen aus Ihrer Praxis."
        post_comment(
            session,
            SubjectType.PROPOSAL,
            key,
            CommentForm(text=text, stance=Stance.QUESTION, seat_id=leader.seat_id),
            actor=leader,
        )
        if content["ergebnis"] == "ZUSAMMENGEFÜHRT":
            merge = ProposalTransition(
                transition="merge",
                target_id=stage.proposals[content["ziel"]],
                reason="Beide Vorschläge wollen Brücken zwischen Eltern und Schule; sie werden gemeinsam beraten.",
            )
            transition_proposal(session, key, merge, actor=leader)
