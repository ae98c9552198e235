"""Plays a recommendation's way, as far as its place in the example goes: from the draft to the reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.co_signatures import answer_co_signature, request_co_signature
from app.actions.dissents import file_dissent
from app.actions.invitations import record_invitation
from app.actions.positions import take_position
from app.actions.proposals import transition_proposal
from app.actions.recommendation_transitions import transition_recommendation
from app.actions.recommendations import draft_recommendation
from app.actions.statements import dispose_statement, post_statement
from app.actions.versions import post_version
from app.demo.implementation import play_implementation
from app.demo.stage import DAYS, Stage
from app.demo.words import PROPOSAL_OUTCOMES
from app.domain.co_signatures import CoSignatureKind
from app.domain.consensus import Position
from app.domain.consultations import Audience, Disposition, StatementKind
from app.domain.deadlines import berlin_date
from app.domain.proposals import ProposalState
from app.domain.text.blocks import BlockKind, BlockPart
from app.forms.ballots import DissentForm, PositionForm
from app.forms.co_signatures import AnswerForm, CoSignatureForm
from app.forms.consultations import DispositionForm, InvitationForm, StatementForm
from app.forms.proposals import ProposalTransition
from app.forms.recommendation_transitions import RecommendationTransition
from app.forms.recommendations import RecommendationForm
from app.forms.versions import BlockInput, SourceInput, VersionForm
from app.models.ballots import Ballot
from app.models.bodies import Body
from app.models.consultations import CommentRound, Statement
from app.models.proposals import Proposal
from app.models.recommendations import Version, VersionBlock

DRAFT_DAYS = {
    "veroeffentlicht": 60,
    "neu_veroeffentlicht": 330,
    "mitzeichnung": 420,
    "beschluss": 470,
    "stellungnahme": 500,
    "entwurf": 528,
}
"""On which day of the story the draft of a recommendation begins, by where it stands in the end."""


@dataclass
class Telling:
    """One recommendation while its story is told."""

    stage: Stage
    body_id: UUID
    field: dict[str, Any]
    content: dict[str, Any]
    recommendation_id: UUID

    @property
    def chair(self) -> str:
        """The organisation whose seat leads the body."""
        return str(self.field["arbeitsgruppe"]["sitze"][0]["organisation"])

    @property
    def rapporteur(self) -> str:
        """The organisation whose seat writes."""
        return str(self.field["arbeitsgruppe"]["sitze"][1]["organisation"])

    def move(self, name: str, organisation: str | None = None, **needs: Any) -> None:
        """A move by the holder of a seat, or by the Geschäftsstelle."""
        form = RecommendationTransition(transition=name, **needs)
        if organisation is None:
            with self.stage.acting() as (session, actor):
                transition_recommendation(session, self.recommendation_id, form, actor=actor)
            return
        with self.stage.database.write() as session:
            actor = self.stage.holder(session, self.body_id, organisation)
            transition_recommendation(session, self.recommendation_id, form, actor=actor)


def play_recommendation(stage: Stage, body_id: UUID, field: dict[str, Any], content: dict[str, Any]) -> None:
    """From the draft to where it stands today."""
    end = content["ziel_stand"]
    day = DRAFT_DAYS[end]
    stage.go_to(day)
    told = Telling(stage, body_id, field, content, _draft(stage, body_id, field, content))
    if end == "entwurf":
        return
    stage.go_to(day + 8)
    told.move("start_review", told.rapporteur)
    if end == "stellungnahme":
        _open_round(told, DAYS - 6, DAYS + 15)
        return
    if content.get("stellungnahmen"):
        _open_round(told, day + 12, day + 33)
        _dispose(told, day + 36)
    call = DAYS - 5 if end == "beschluss" else day + 40
    _call_decision(told, call)
    if end == "beschluss":
        return
    _establish(told, day + 57)
    if end == "mitzeichnung":
        return
    _invite_who_has_no_seat(told, day + 62)
    stage.go_to(day + 75)
    told.move("endorse")
    _adopt_and_publish(told, day + 82)
    play_implementation(stage, told.recommendation_id, content)


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
        blocks = _blocks(stage, content)
        saved = VersionForm(
            base_version=recommendation.version, blocks=blocks, note="Erster Entwurf", seat_id=author.seat_id
        )
        post_version(session, recommendation.id, saved, actor=author)
    _adopt_proposals(stage, body_id, field, content, recommendation.id)
    return recommendation.id


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
    told.move(
        "open_comments",
        told.chair,
        audience=Audience(told.content.get("kreis", "laender_municipal")),
        closes_at=_moment(told.stage, closes),
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


def _call_decision(told: Telling, day: int) -> None:
    stage = told.stage
    stage.go_to(day)
    told.move("call_decision", told.chair)
    seats = [each for each in told.field["arbeitsgruppe"]["sitze"] if each.get("stimmrecht", True)]
    given = {each["von"]: each for each in told.content.get("stimmen", [])}
    dissents = _dissents(told)
    for number, seat in enumerate(seats):
        name = seat["organisation"]
        if given and name not in given:
            continue
        stage.go_to(day + 1 + number / 2, 10 + number % 6)
        position, reason = _position(name, given, dissents)
        with stage.database.write() as session:
            ballot = _ballot(session, told)
            voter = stage.holder(session, told.body_id, name)
            assert voter.seat_id is not None
            form = PositionForm(seat_id=voter.seat_id, position=position, reason=reason)
            take_position(session, ballot.id, form, actor=voter)


def _position(name: str, given: dict[str, Any], dissents: dict[str, Any]) -> tuple[Position, str]:
    if name in given:
        return Position(given[name]["position"]), given[name].get("grund", "")
    if name in dissents:
        return Position.OBJECT, dissents[name]["begruendung"]
    return Position.AGREE, ""


def _dissents(told: Telling) -> dict[str, Any]:
    """The Sondervoten of the proposals that went into this recommendation, by organisation."""
    return {
        each["sondervotum"]["von"]: each["sondervotum"]
        for each in told.field["vorschlaege"]
        if "sondervotum" in each and each["id"] in told.content["vorschlaege"]
    }


def _establish(told: Telling, day: int) -> None:
    """The clock has closed the ballot: file the Sondervoten, establish the result, ask for co-signatures."""
    stage = told.stage
    stage.go_to(day)
    for name, dissent in _dissents(told).items():
        with stage.database.write() as session:
            ballot = _ballot(session, told)
            author = stage.holder(session, told.body_id, name)
            form = DissentForm(
                text=f"Zu „{dissent['passage']}“: {dissent['begruendung']}",
                alternative=dissent["alternative"],
                seat_id=author.seat_id,
            )
            file_dissent(session, ballot.id, form, actor=author)
    with stage.database.read() as session:
        result = _ballot(session, told).result or {}
    if result.get("carried"):
        told.move("carry", told.chair)
    else:
        reason = (
            "Das Gremium hat keinen Konsens erreicht; die große Mehrheit trägt die Empfehlung, "
            "das Sondervotum steht dabei."
        )
        told.move("carry_with_dissent", told.chair, reason=reason)
    for each in told.content.get("mitzeichnungen", []):
        _ask_to_sign(told, each, day + 3)


def _ask_to_sign(told: Telling, content: dict[str, Any], day: int) -> None:
    stage = told.stage
    stage.go_to(day)
    with stage.acting() as (session, actor):
        form = CoSignatureForm(
            organisation_id=stage.organisations[content["von"]], kind=CoSignatureKind(content["art"])
        )
        asked, _is_new = request_co_signature(session, told.recommendation_id, form, actor=actor)
    if "antwort" not in content:
        return
    stage.go_to(day + 6)
    with stage.database.write() as session:
        signer = stage.somebody_of(session, content["von"])
        answer = AnswerForm(answer=content["antwort"], reason=content.get("grund"))
        answer_co_signature(session, asked.id, answer, actor=signer)


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


def _ballot(session: Session, told: Telling) -> Ballot:
    return session.exec(
        select(Ballot)
        .where(Ballot.recommendation_id == told.recommendation_id)
        .order_by(col(Ballot.number).desc())
        .limit(1)
    ).one()


def _moment(stage: Stage, day: int) -> datetime:
    return (stage.today + timedelta(days=day - DAYS)).replace(hour=22, minute=0, second=0, microsecond=0)
