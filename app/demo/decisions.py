"""Plays how a recommendation is decided: the ballot, its Sondervoten, and who is asked to sign."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.actions.ballots import transition_ballot
from app.actions.co_signatures import answer_co_signature, request_co_signature, transition_co_signature
from app.actions.dissents import file_dissent
from app.actions.positions import record_position, take_position
from app.demo.telling import Telling
from app.domain.co_signatures import CoSignatureKind
from app.domain.consensus import Position
from app.domain.deadlines import berlin_date
from app.forms.ballots import BallotTransition, DissentForm, PositionForm, RecordedPositionForm
from app.forms.co_signatures import AnswerForm, CoSignatureForm, CoSignatureTransition
from app.models.ballots import Ballot


def call_decision(told: Telling, day: int) -> None:
    """Open the ballot and let the seats take their positions."""
    stage = told.stage
    stage.go_to(day)
    told.move("call_decision", told.chair, **_meeting(told))
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
            said: dict[str, Any] = {"seat_id": voter.seat_id, "position": position, "reason": reason}
            if name in told.content.get("sitzung", {}).get("festgehalten", ()):
                leader = stage.holder(session, told.body_id, told.chair)
                record_position(session, ballot.id, RecordedPositionForm(**said), actor=leader)
            else:
                take_position(session, ballot.id, PositionForm(**said), actor=voter)
    if "verschoben" in told.content:
        _postpone(told)


def _meeting(told: Telling) -> dict[str, Any]:
    """What the move says of a meeting in which the body decides; nothing for a ballot by circulation."""
    if "sitzung" not in told.content:
        return {}
    return {
        "in_meeting": True,
        "held_on": berlin_date(told.stage.moment) + timedelta(days=1),
        "place": told.content["sitzung"]["ort"],
    }


def _postpone(told: Telling) -> None:
    """The Leitung lets the ballot end later."""
    later = told.content["verschoben"]
    with told.stage.database.write() as session:
        ballot = _ballot(session, told)
        leader = told.stage.holder(session, told.body_id, told.chair)
        form = BallotTransition(
            transition="postpone", closes_at=ballot.closes_at + timedelta(days=later["tage"]), reason=later["grund"]
        )
        transition_ballot(session, ballot.id, form, actor=leader)


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
    if "aufgehoben" not in content:
        return
    stage.go_to(day + 9)
    with stage.database.write() as session:
        signer = stage.somebody_of(session, content["von"])
        lifting = CoSignatureTransition(transition="lift", reason=content["aufgehoben"])
        transition_co_signature(session, asked.id, lifting, actor=signer)


def _ballot(session: Session, told: Telling) -> Ballot:
    return session.exec(
        select(Ballot)
        .where(Ballot.recommendation_id == told.recommendation_id)
        .order_by(col(Ballot.number).desc())
        .limit(1)
    ).one()
