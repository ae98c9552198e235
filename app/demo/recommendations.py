"""Plays a recommendation's way, as far as its place in the example goes: from the draft to the reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.invitations import record_invitation
from app.actions.proposals import transition_proposal
from app.actions.recommendation_transitions import transition_recommendation
from app.actions.recommendations import draft_recommendation
from app.actions.statements import dispose_statement, post_statement
from app.actions.theme_considerations import state_consideration
from app.actions.versions import post_version
from app.demo.amendments import play_amendments
from app.demo.consultations import play_consultation, questions_of
from app.demo.decisions import call_decision, establish
from app.demo.implementation import play_implementation
from app.demo.stage import DAYS, Stage
from app.demo.telling import Telling
from app.demo.words import PROPOSAL_OUTCOMES
from app.domain.consultations import Audience, Disposition, StatementKind
from app.domain.deadlines import berlin_date
from app.domain.proposals import ProposalState
from app.domain.text.blocks import BlockKind, BlockPart
from app.domain.theme_considerations import ThemeRelevance
from app.forms.consultations import DispositionForm, InvitationForm, StatementForm
from app.forms.proposals import ProposalTransition
from app.forms.recommendation_transitions import RecommendationTransition
from app.forms.recommendations import RecommendationForm
from app.forms.theme_considerations import ThemeConsiderationForm
from app.forms.versions import BlockInput, SourceInput, VersionForm
from app.models.base import new_id
from app.models.bodies import Body
from app.models.consultations import CommentRound, Statement
from app.models.proposals import Proposal
from app.models.recommendations import Version, VersionBlock

_WRITTEN_TWICE = ("entwurf", "mitzeichnung")
DRAFT_DAYS = {
    "ersetzt": 40,
    "veroeffentlicht": 60,
    "neu_veroeffentlicht": 330,
    "mitzeichnung": 420,
    "beschluss": 470,
    "stellungnahme": 500,
    "entwurf": 528,
}
"""On which day of the story the draft of a recommendation begins, by where it stands in the end."""


def play_recommendation(stage: Stage, body_id: UUID, field: dict[str, Any], content: dict[str, Any]) -> None:
    """From the draft to where it stands today."""
    end = content["ziel_stand"]
    day = DRAFT_DAYS[end]
    stage.go_to(day)
    told = Telling(stage, body_id, field, content, _draft(stage, body_id, field, content))
    _consider_themes(told, day + 2)
    if end == "entwurf":
        return
    stage.go_to(day + 8)
    told.move("start_review", told.rapporteur)
    if content.get("aenderungen"):
        play_amendments(
            stage,
            body_id,
            told.recommendation_id,
            content["aenderungen"],
            rapporteur=told.rapporteur,
            day=day + 9,
            block_of=block_of,
        )
    if end == "stellungnahme":
        _open_round(told, DAYS - 6, DAYS + 15)
        _play_beside(told)
        return
    if content.get("stellungnahmen"):
        _open_round(told, day + 12, day + 33)
        _dispose(told, day + 36)
    call = DAYS - 5 if end == "beschluss" else day + 40
    call_decision(told, call)
    if end == "beschluss":
        return
    establish(told, day + 57)
    if end == "mitzeichnung":
        return
    _invite_who_has_no_seat(told, day + 62)
    stage.go_to(day + 75)
    told.move("endorse")
    _adopt_and_publish(told, day + 82)
    stage.recommendations[content["id"]] = told.recommendation_id
    _supersede(told, day + 90)
    play_implementation(stage, told.recommendation_id, content)
    _confirm(told)


def _supersede(told: Telling, day: int) -> None:
    """It takes the place of the one it names."""
    if "ersetzt" not in told.content:
        return
    told.stage.go_to(day)
    former = told.stage.recommendations[told.content["ersetzt"]]
    with told.stage.acting() as (session, actor):
        form = RecommendationTransition(transition="supersede", successor_ids=[told.recommendation_id])
        transition_recommendation(session, former, form, actor=actor)


def _confirm(told: Telling) -> None:
    """After a year it is checked, and goes on as it is."""
    if "bestaetigt" not in told.content:
        return
    told.stage.go_to(told.content["bestaetigt"])
    told.move("check")
    told.stage.go_to(told.content["bestaetigt"] + 14)
    told.move("confirm")


def _draft(stage: Stage, body_id: UUID, field: dict[str, Any], content: dict[str, Any]) -> UUID:
    rapporteur = field["arbeitsgruppe"]["sitze"][1]["organisation"]
    with stage.database.write() as session:
        author = stage.holder(session, body_id, rapporteur)
        form = RecommendationForm(
            body_id=body_id,
            title=content["titel"],
            need_ids=[stage.needs[key] for key in content["bedarfe"]],
            proposal_ids=[stage.proposals[key] for key in content["vorschlaege"]],
            addressee_ids=[stage.organisations[name] for name in content["adressaten"]],
            topic_id=session.get_one(Body, body_id).topic_id,
            guiding_question_ids=stage.questions(session, body_id),
            cross_cutting_theme_ids=stage.themes(session, content["querschnitt"]),
            seat_id=author.seat_id,
        )
        recommendation, _is_new = draft_recommendation(session, form, actor=author)
        for number, (note, blocks) in enumerate(_versions(_blocks(stage, content), content["ziel_stand"])):
            saved = VersionForm(base_version=number, blocks=blocks, note=note, seat_id=author.seat_id)
            post_version(session, recommendation.id, saved, actor=author)
    _adopt_proposals(stage, body_id, field, content, recommendation.id)
    return recommendation.id


def _consider_themes(told: Telling, day: int) -> None:
    """The Redaktion says how the cross-cutting themes are considered; some are left open."""
    told.stage.go_to(day)
    for name, (relevance, text) in told.content.get("querschnittspruefung", {}).items():
        with told.stage.database.write() as session:
            writer = told.stage.holder(session, told.body_id, told.rapporteur)
            form = ThemeConsiderationForm(relevance=ThemeRelevance(relevance), text=text)
            for theme_id in told.stage.themes(session, [name]):
                state_consideration(session, told.recommendation_id, theme_id, form, actor=writer)


def _versions(blocks: list[BlockInput], end: str) -> list[tuple[str, list[BlockInput]]]:
    """The text as it was saved; where it is still worked on or signed, in two versions that can be compared."""
    if end not in _WRITTEN_TWICE:
        return [("Erster Entwurf", blocks)]
    kept = [block.model_copy(update={"id": new_id()}) for block in blocks]
    first = [block.model_copy(update={"text": block.text.replace("sollten", "sollen")}) for block in kept]
    first[:2] = reversed(first[:2])
    return [("Erster Entwurf", first), ("Nach der ersten Lesung im Gremium überarbeitet", kept)]


def _blocks(stage: Stage, content: dict[str, Any]) -> list[BlockInput]:
    sources = [SourceInput(type="need", id=stage.needs[key]) for key in content["bedarfe"]]
    taken = [SourceInput(type="proposal", id=stage.proposals[key]) for key in content["vorschlaege"]]
    made = [BlockInput(part=BlockPart.PROBLEM_STATEMENT, text=content["problem"], sources=sources)]
    if "entwicklungen" in content:
        made.append(BlockInput(part=BlockPart.STATE_OF_PLAY, text=content["entwicklungen"]))
    made.append(BlockInput(part=BlockPart.GOAL, text=content["ziel"]))
    made += [
        BlockInput(part=BlockPart.RECOMMENDATION, number=each.get("nummer"), text=each["text"], sources=taken)
        for each in content["text"]
    ]
    if "begruendung" in content:
        made.append(BlockInput(part=BlockPart.RATIONALE, text=content["begruendung"]))
    made += [
        BlockInput(part=BlockPart.IMPLEMENTATION_NOTE, kind=BlockKind.LIST_ITEM, text=text)
        for text in content.get("umsetzungshinweise", [])
    ]
    if "praxisbeispiel" in content:
        made.append(BlockInput(part=BlockPart.PRACTICE_EXAMPLE, text=content["praxisbeispiel"]))
    return made


def _adopt_proposals(
    stage: Stage, body_id: UUID, field: dict[str, Any], content: dict[str, Any], recommendation_id: UUID
) -> None:
    chair = field["arbeitsgruppe"]["sitze"][0]["organisation"]
    outcomes = {each["id"]: each["ergebnis"] for each in field["vorschlaege"]}
    with stage.database.write() as session:
        leader = stage.holder(session, body_id, chair)
        blocks = list(block_of(session, recommendation_id).values())
        for key in content["vorschlaege"]:
            proposal = session.get_one(Proposal, stage.proposals[key])
            if PROPOSAL_OUTCOMES[outcomes[key]] == "adopt" and proposal.state is ProposalState.IN_DISCUSSION:
                form = ProposalTransition(
                    transition="adopt",
                    answer="Der Vorschlag ist in den Text der Empfehlung eingegangen.",
                    block_ids=blocks,
                )
                transition_proposal(session, proposal.id, form, actor=leader)


def block_of(session: Session, recommendation_id: UUID) -> dict[str | None, UUID]:
    """The blocks of the recommendation's own text, by their number, in the newest version."""
    statement = (
        select(VersionBlock.number, VersionBlock.block_id)
        .join(Version, col(Version.id) == VersionBlock.version_id)
        .where(Version.recommendation_id == recommendation_id, VersionBlock.part == BlockPart.RECOMMENDATION)
        .order_by(col(Version.number), col(VersionBlock.position))
    )
    return dict(session.exec(statement).all())


def _open_round(told: Telling, opens: int, closes: int) -> None:
    told.stage.go_to(opens)
    asked = questions_of(_blocks_by_number(told), told.content)
    told.move(
        "open_comments",
        told.chair,
        audience=Audience(told.content.get("kreis", "laender_municipal")),
        closes_at=_moment(told.stage, closes),
        **({"questions": asked} if asked else {}),
    )
    for number, each in enumerate(told.content["stellungnahmen"]):
        told.stage.go_to(opens + 2 + number)
        with told.stage.database.write() as session:
            found = session.exec(
                select(CommentRound).where(CommentRound.recommendation_id == told.recommendation_id)
            ).one()
            author = told.stage.holder(session, told.body_id, each["von"])
            form = StatementForm(
                kind=StatementKind(each["art"]),
                text=each.get("text", ""),
                block_id=block_of(session, told.recommendation_id).get(each["absatz"]) if "absatz" in each else None,
                publish=True,
                seat_id=author.seat_id,
            )
            post_statement(session, found.id, form, actor=author)


def _play_beside(told: Telling) -> None:
    blocks = _blocks_by_number(told)
    play_consultation(told.stage, told.body_id, told.chair, told.recommendation_id, blocks, told.content)


def _blocks_by_number(told: Telling) -> dict[str | None, UUID]:
    with told.stage.database.read() as session:
        return block_of(session, told.recommendation_id)


def _dispose(told: Telling, day: int) -> None:
    told.stage.go_to(day)
    answers = {each.get("text"): each for each in told.content["stellungnahmen"] if "antwort" in each}
    with told.stage.database.write() as session:
        writer = told.stage.holder(session, told.body_id, told.rapporteur)
        statement = select(Statement).where(Statement.recommendation_id == told.recommendation_id)
        for each in session.exec(statement).all():
            if each.text in answers:
                answer = answers[each.text]
                form = DispositionForm(disposition=Disposition(answer["antwort"]), reason=answer["grund"])
                dispose_statement(session, each.id, form, actor=writer)


def _invite_who_has_no_seat(told: Telling, day: int) -> None:
    """Everybody whom § 45 Satz 3 AufenthG names is involved, with or without a seat."""
    stage = told.stage
    stage.go_to(day)
    seated = {each["organisation"] for each in told.field["arbeitsgruppe"]["sitze"]}
    for each in stage.content["organisationen"]:
        if each["klasse"] == "mandatory" and each["name"] not in seated:
            with stage.acting() as (session, actor):
                form = InvitationForm(
                    organisation_id=stage.organisations[each["name"]],
                    invited_on=berlin_date(stage.moment),
                    reference="Schreiben der Geschäftsstelle (Beispiel)",
                )
                record_invitation(session, told.recommendation_id, form, actor=actor)


def _adopt_and_publish(told: Telling, day: int) -> None:
    stage = told.stage
    stage.go_to(day)
    told.move(
        "adopt",
        deciding_body="Steuerungsgruppe des bundesweiten Integrationsprogramms (Beispiel)",
        decided_on=berlin_date(stage.moment),
        decision_reference=f"Beschluss {told.content['id']} (Beispiel)",
    )
    stage.go_to(day + 6)
    told.move("publish")


def _moment(stage: Stage, day: int) -> datetime:
    return (stage.today + timedelta(days=day - DAYS)).replace(hour=22, minute=0, second=0, microsecond=0)
