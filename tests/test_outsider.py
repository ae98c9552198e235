"""An outsider walks every route of the application, pages and API, and sees nothing unpublished."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlmodel import Session, col, or_, select
from starlette.testclient import TestClient

from app.domain.consultations import Audience, Disposition, RoundState
from app.domain.events import SubjectType
from app.domain.recommendations import PUBLIC_STATES
from app.models.amendments import Amendment, AmendmentChange
from app.models.attachments import Attachment
from app.models.ballots import Ballot, DissentingOpinion
from app.models.bodies import Body, Membership, Seat
from app.models.co_signatures import CoSignature
from app.models.comments import Comment
from app.models.commitments import Commitment
from app.models.consultations import CommentRound, Statement
from app.models.cross_references import CrossReference
from app.models.goals import Goal, GoalRecommendation
from app.models.implementation_reports import ImplementationReport
from app.models.indicators import Indicator, Reading
from app.models.measures import Measure, ProgressReport
from app.models.need_reviews import NeedReview
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.programmes import (
    CrossCuttingTheme,
    Edition,
    FieldOfAction,
    GuidingQuestion,
    Programme,
    TargetGroup,
    Topic,
)
from app.models.proposals import Proposal
from app.models.publications import Publication
from app.models.recommendations import (
    Recommendation,
    RecommendationNeed,
    RecommendationProposal,
    Version,
    VersionBlock,
)
from app.models.record import RecordText
from app.models.responses import AddresseeResponse
from app.models.reuses import Reuse
from app.models.theme_considerations import ThemeConsideration
from tests.browsing import sign_in
from tests.conftest import Example
from tests.factories import World
from tests.routes import every_route

_BY_PARAMETER = {
    "recommendation_id": [Recommendation],
    "need_id": [Need],
    "proposal_id": [Proposal],
    "measure_id": [Measure],
    "goal_id": [Goal],
    "indicator_id": [Indicator],
    "reading_id": [Reading],
    "ballot_id": [Ballot],
    "round_id": [CommentRound],
    "amendment_id": [Amendment],
    "statement_id": [Statement],
    "body_id": [Body],
    "seat_id": [Seat],
    "membership_id": [Membership],
    "person_id": [Person],
    "organisation_id": [Organisation],
    "co_signature_id": [CoSignature],
    "response_id": [AddresseeResponse],
    "review_id": [NeedReview],
    "comment_id": [Comment],
    "report_id": [ProgressReport, ImplementationReport],
    "attachment_id": [Attachment],
    "on_id": [Need, Proposal, Recommendation, Measure, Statement],
    "commitment_id": [Commitment],
    "reuse_id": [Reuse],
    "edition_id": [Edition],
    "theme_id": [CrossCuttingTheme],
    "code": [Edition],
    "key": [Recommendation],
    "slug": [Body],
}
_BEHIND: dict[str, Any] = {
    "empfehlungen": Recommendation,
    "gremien": Body,
    "handlungsfelder": FieldOfAction,
    "querschnittsthemen": CrossCuttingTheme,
    "zielgruppen": TargetGroup,
    "themen": Topic,
    "leitfragen": GuidingQuestion,
    "publikationen": Publication,
    "editions": Edition,
    "fields-of-action": FieldOfAction,
    "cross-references": CrossReference,
    "cross-cutting-themes": CrossCuttingTheme,
    "guiding-questions": GuidingQuestion,
    "programmes": Programme,
    "publications": Publication,
    "target-groups": TargetGroup,
    "topics": Topic,
}
"""What a key or slug names, by the part of the address before it."""

_WORDS = {
    "number": ["1"],
    "a": ["1"],
    "b": ["1"],
    "from_number": ["1"],
    "to_number": ["1"],
    "since": ["1"],
    "to": ["1"],
    "form": ["odt", "pdf", "csv"],
    "kind": ["odt", "csv"],
    "noun": ["needs", "proposals", "recommendations", "measures", "statements"],
    "on_type": ["need", "proposal", "recommendation", "measure", "statement"],
    "secret": ["unknown"],
    "word": ["unknown"],
    "part": ["programme", "ausgaben", "handlungsfelder", "querschnittsthemen", "zielgruppen", "themen", "leitfragen"],
    "picture": ["handlungsfelder", "ebenen", "jahre", "zeitplan"],
}


def values_for(session: Session, name: str, before: str = "") -> list[str]:
    """What a path parameter can be: every id, slug, code or reference there is, up to twelve a noun.

    `before` is the part of the address in front of it. A parameter nobody has named here is an error.
    """
    if name in _WORDS:
        return _WORDS[name]
    if before == "{part}":
        return [value for part in _WORDS["part"] if part in _BEHIND for value in values_for(session, name, part)[:3]]
    if before == "{noun}":
        return [value for other in (Need, Recommendation, Measure) for value in _values(session, name, [other])[:6]]
    return _values(session, name, [_BEHIND[before]] if name in ("key", "slug") and before else _BY_PARAMETER[name])


def _values(session: Session, name: str, models: list[Any]) -> list[str]:
    found: list[str] = []
    for model in models:
        newest = select(model).order_by(col(model.created_at).desc()).limit(12)
        for thing in session.exec(newest):
            word = getattr(thing, "slug", None) or getattr(thing, "code", None)
            found.append(str(thing.id if name.endswith("_id") or word is None else word))
            if name == "key":
                found.append(str(thing.id))
                found += [thing.reference] if getattr(thing, "reference", None) else []
    return found or ["01900000-0000-7000-8000-000000000000"]


def addresses(example: Example) -> Iterator[str]:
    """Every address that answers GET."""
    with example.database.read() as session:
        known: dict[tuple[str, str], list[str]] = {}
        for route in every_route(example.app):
            if route.method != "GET":
                continue
            names = re.findall(r"{(\w+)(?::\w+)?}", route.path)
            places = [(re.findall(rf"([^/]+)/{{{name}", route.path)[-1:] or [""])[0] for name in names]
            for name, before in zip(names, places, strict=True):
                if (name, before) not in known:
                    known[name, before] = values_for(session, name, before)
            for values in product(*(known[each] for each in zip(names, places, strict=True))):
                path = route.path
                for name, value in zip(names, values, strict=True):
                    path = re.sub(rf"{{{name}(?::\w+)?}}", value, path)
                yield path


def secrets_of(session: Session) -> set[str]:
    """Texts that no outsider may read: what is unpublished, every reason, every name of a person."""
    published = select(Recommendation.id).where(col(Recommendation.state).in_(PUBLIC_STATES))
    open_needs = select(RecommendationNeed.need_id).where(col(RecommendationNeed.recommendation_id).in_(published))
    open_proposals = select(RecommendationProposal.proposal_id).where(
        col(RecommendationProposal.recommendation_id).in_(published)
    )
    in_public_round = select(CommentRound.recommendation_id).where(
        CommentRound.audience == Audience.PUBLIC, CommentRound.state == RoundState.OPEN
    )
    found = set(
        session.exec(
            select(Recommendation.title).where(
                col(Recommendation.id).not_in(published), col(Recommendation.id).not_in(in_public_round)
            )
        )
    )
    texts_of = select(RecordText.text).join(VersionBlock, col(VersionBlock.text_id) == RecordText.id)
    written = texts_of.join(Version, col(VersionBlock.version_id) == Version.id)
    unpublished = (
        col(Version.recommendation_id).not_in(published),
        col(Version.recommendation_id).not_in(in_public_round),
    )
    found |= {text for text in session.exec(written.where(*unpublished)) if text}
    found |= set(session.exec(select(Need.title).where(col(Need.id).not_in(open_needs))))
    found |= set(session.exec(select(Proposal.title).where(col(Proposal.id).not_in(open_proposals))))
    found |= set(session.exec(select(Need.description).where(col(Need.id).not_in(open_needs))))
    found |= set(session.exec(select(Proposal.description).where(col(Proposal.id).not_in(open_proposals))))
    served = select(GoalRecommendation.goal_id).where(col(GoalRecommendation.recommendation_id).in_(published))
    found |= set(session.exec(select(Goal.title).where(col(Goal.id).not_in(served))))
    found |= set(session.exec(select(Indicator.title).where(col(Indicator.goal_id).not_in(served))))
    found |= set(session.exec(select(Comment.text)))
    found |= set(session.exec(select(Attachment.name).where(Attachment.on_type != SubjectType.MEASURE)))
    found |= set(session.exec(select(Statement.text).where(col(Statement.recommendation_id).not_in(published))))
    found |= {text for text in session.exec(select(RecordText.text).where(RecordText.field == "reason")) if text}
    found |= set(
        session.exec(select(ThemeConsideration.text).where(col(ThemeConsideration.recommendation_id).not_in(published)))
    )
    found |= {text for text in session.exec(select(NeedReview.sentence).where(~col(NeedReview.publish))) if text}
    found |= set(session.exec(select(Amendment.grounds)))
    proposed = (
        select(RecordText.text)
        .join(AmendmentChange, col(AmendmentChange.text_id) == RecordText.id)
        .join(Amendment, col(AmendmentChange.amendment_id) == Amendment.id)
        .where(or_(col(Amendment.disposition).is_(None), col(Amendment.disposition) != Disposition.ADOPTED))
    )
    found |= {text for text in session.exec(proposed) if text}
    found |= set(session.exec(select(Person.name)))
    found |= {email for email in session.exec(select(Person.email)) if email}
    found |= {address for address in session.exec(select(Organisation.contact_address)) if address}
    of_published = col(DissentingOpinion.ballot_id).in_(
        select(Ballot.id).where(col(Ballot.recommendation_id).in_(published))
    )
    found |= set(session.exec(select(DissentingOpinion.text).where(~of_published)))
    opened = " ".join(
        [
            *session.exec(select(DissentingOpinion.text).where(of_published)),
            *(text or "" for text in session.exec(written.where(~unpublished[0] | ~unpublished[1]))),
            *session.exec(select(AddresseeResponse.reason)),
            *(s.disposition_reason or "" for s in session.exec(select(Statement))),
            *(reason or "" for reason in session.exec(select(Recommendation.tracking_closed_reason))),
        ]
    )
    return {text for text in found if text and text not in opened}


def read_all(content: bytes) -> str:
    """What an answer says; a packed file says what its files say. A PDF says what the ODT beside it says."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return "\n".join(read_all(file.read(name)) for name in file.namelist())


@pytest.mark.parametrize("who", ["nobody", "participant elsewhere"])
def test_an_outsider_sees_nothing_unpublished(example: Example, who: str) -> None:
    paths = list(addresses(example))
    with example.database.read() as session:
        secrets = secrets_of(session)
    known = World(example.database).person() if who != "nobody" else None
    if known is not None:
        with example.database.read() as session:
            own = {session.get_one(Person, known.person_id).name, session.get_one(Person, known.person_id).email}
        secrets -= {text for text in own if text}
    assert len(secrets) > 60
    with TestClient(example.app, follow_redirects=False, raise_server_exceptions=False) as client:
        if known is not None:
            sign_in(client, known)
        for path in paths:
            headers = known.headers if known is not None and path.startswith("/api/") else {}
            response = client.get(path, headers=headers)
            assert response.status_code < 500, f"{path}: {response.status_code}"
            shown = html.unescape(read_all(response.content))
            leaked = [secret for secret in secrets if secret in shown]
            assert not leaked, f"{path} shows {leaked}"
            if known is None:
                assert "set-cookie" not in response.headers, path
