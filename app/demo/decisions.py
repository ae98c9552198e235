"""Plays how a recommendation is decided: the ballot, its Sondervoten, and who is asked to sign."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from app.actions.co_signatures import answer_co_signature, request_co_signature
from app.actions.dissents import file_dissent
from app.actions.positions import take_position
from app.demo.telling import Telling
from app.domain.co_signatures import CoSignatureKind
from app.domain.consensus import Position
from app.forms.ballots import DissentForm, PositionForm
from app.forms.co_signatures import AnswerForm, CoSignatureForm
from app.models.ballots import Ballot


def call_decision(told: Telling, day: int) -> None:
    """Open the ballot and let the seats take their positions."""
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


def establish(told: Telling, day: int) -> None:
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


def _ballot(session: Session, told: Telling) -> Ballot:
    return session.exec(
        select(Ballot)
        .where(Ballot.recommendation_id == told.recommendation_id)
        .order_by(col(Ballot.number).desc())
        .limit(1)
    ).one()
