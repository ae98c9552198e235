"""Checks the whole record: chains, heads, states, first events, and what they vouch for. It mends nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from app.domain.events import CREATIONS, EventType, SubjectType
from app.domain.record import GENESIS, chained_hash, salted_digest
from app.domain.text.canonical import content_hash
from app.i18n import _
from app.models.ballots import BallotSeat
from app.models.base import Recorded
from app.models.recommendations import Version, VersionAddressee, VersionBlock
from app.models.record import Event, RecordText, hashed_form

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken entry: whose chain, which entry (0 for the object itself), and what is wrong."""

    subject_type: str
    subject_id: UUID
    sequence: int
    problem: str

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}, Eintrag {self.sequence}: {self.problem}"


@dataclass(slots=True)
class _Chain:
    """What the walk over one object's events has come to."""

    subject_type: str
    recorded_facts: tuple[str, ...] = ()
    sequence: int = 0
    head_hash: str = GENESIS
    state: str | None = None
    text_digests: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def recorded_models() -> list[type[Recorded]]:
    """Every table whose objects have a history."""
    return [mapper.class_ for mapper in SQLModel._sa_registry.mappers if issubclass(mapper.class_, Recorded)]


def verify_record(session: Session) -> Iterator[Finding]:
    """Everything that is broken, lowest entry of each object first; nothing for a whole record."""
    texts = _Texts(session)
    chains: dict[UUID, _Chain] = {}
    broken: set[UUID] = set()
    facts = {model.subject_type: model.recorded_facts for model in recorded_models()}
    for event in _events(session, texts):
        fresh = _Chain(event.subject_type.value, facts.get(event.subject_type, ()))
        chain = chains.setdefault(event.subject_id, fresh)
        if event.subject_id in broken:
            continue
        problem = _problem_of(event, chain, texts)
        if problem:
            broken.add(event.subject_id)
            yield Finding(chain.subject_type, event.subject_id, event.sequence, problem)
            continue
        _step(chain, event)
    yield from _objects(session, chains, broken, texts)
    yield from _electorates(session)
    yield from _versions(session, texts)


class _Texts:
    """The kept texts by owner and field, and which of them an event says were redacted."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.redacted: set[str] = set()
        for data in session.exec(select(Event.data).where(Event.type == EventType.TEXT_REDACTED)):
            self.redacted |= set(data.get("text_ids", []))
        self._kept: dict[UUID, dict[str, RecordText]] = {}

    def load(self, owner_ids: list[UUID]) -> None:
        """Keep the texts of these owners at hand, and no others."""
        self._kept = {}
        for text in self.session.exec(select(RecordText).where(col(RecordText.owner_id).in_(owner_ids))):
            self._kept.setdefault(text.owner_id, {})[text.field] = text

    def of(self, owner_id: UUID) -> dict[str, RecordText]:
        """The texts of one owner by field."""
        return self._kept.get(owner_id, {})

    def problem(self, owner_id: UUID, digests: dict[str, str]) -> str | None:
        """What is wrong with an owner's texts, measured against the digests in its hashed form."""
        kept = self.of(owner_id)
        if set(kept) != set(digests):
            return _("Texte fehlen oder sind hinzugekommen.")
        for name, digest in digests.items():
            text = kept[name]
            if text.digest != digest:
                return _("Der Prüfwert eines Textes stimmt nicht.")
            if text.text is None or text.salt is None:
                if str(text.id) not in self.redacted:
                    return _("Ein Text wurde ohne Vermerk geschwärzt.")
            elif salted_digest(text.salt, text.text) != digest:
                return _("Ein Text wurde verändert.")
        return None


def _events(session: Session, texts: _Texts) -> Iterator[Event]:
    statement = select(Event).order_by(col(Event.subject_id), col(Event.sequence)).execution_options(yield_per=_BATCH)
    for partition in session.exec(statement).partitions(_BATCH):
        texts.load([event.id for event in partition])
        yield from partition


def _problem_of(event: Event, chain: _Chain, texts: _Texts) -> str | None:
    if event.sequence != chain.sequence + 1:
        return _("Davor fehlt ein Eintrag.")
    if event.sequence == 1 and event.type not in CREATIONS:
        return _("Die Geschichte beginnt nicht mit der Entstehung.")
    if event.previous_hash != chain.head_hash:
        return _("Der Eintrag schließt nicht an den vorigen an.")
    if event.hash != chained_hash(event.previous_hash, event.hashed):
        return _("Der Prüfwert des Eintrags stimmt nicht.")
    content: dict[str, Any] = json.loads(event.hashed)
    if event.hashed != hashed_form(event, content["texts"]):
        return _("Der Eintrag sagt etwas anderes, als er beim Schreiben sagte.")
    if event.from_state is not None and chain.state is not None and event.from_state != chain.state:
        return _("Der Eintrag geht von einem Stand aus, der nicht der vorige war.")
    return texts.problem(event.id, content["texts"])


def _step(chain: _Chain, event: Event) -> None:
    chain.sequence, chain.head_hash = event.sequence, event.hash
    if event.to_state is not None:
        chain.state = event.to_state
    content = json.loads(event.hashed)
    for name in content["texts"]:
        chain.text_digests[name] = str(event.id)
    if chain.recorded_facts:
        chain.facts |= {name: event.data[name] for name in chain.recorded_facts if name in event.data}


def _objects(session: Session, chains: dict[UUID, _Chain], broken: set[UUID], texts: _Texts) -> Iterator[Finding]:
    seen: set[UUID] = set()
    for model in recorded_models():
        statement = select(model).execution_options(yield_per=_BATCH)
        for partition in session.exec(statement).partitions(_BATCH):
            owners = {
                UUID(owner)
                for thing in partition
                if thing.id in chains
                for name, owner in chains[thing.id].text_digests.items()
                if name in model.recorded_texts
            }
            texts.load(list(owners))
            for thing in partition:
                seen.add(thing.id)
                problem = None if thing.id in broken else _object_problem(thing, chains.get(thing.id), texts)
                if problem:
                    yield Finding(model.subject_type.value, thing.id, thing.sequence, problem)
    for key, chain in chains.items():
        if key not in seen and key not in broken:
            yield Finding(chain.subject_type, key, 0, _("Das Objekt zu dieser Geschichte fehlt."))


def _object_problem(thing: Recorded, chain: _Chain | None, texts: _Texts) -> str | None:
    if chain is None:
        return _("Das Objekt hat keine Geschichte.")
    if (thing.sequence, thing.head_hash) != (chain.sequence, chain.head_hash):
        return _("Am Ende der Geschichte fehlen Einträge, oder es sind welche hinzugekommen.")
    state = getattr(thing, "state", None)
    if state is not None and str(state) != chain.state:
        return _("Der Stand des Objekts ist nicht der, den der letzte Eintrag nennt.")
    for name in type(thing).recorded_texts:
        written = getattr(thing, name) or ""
        owner = chain.text_digests.get(name)
        kept = texts.of(UUID(owner)).get(name) if owner else None
        if kept is None and written:
            return _("Ein Text steht im Objekt, aber in keinem Eintrag.")
        if kept is not None and kept.text is not None and kept.text != written:
            return _("Ein Text des Objekts ist nicht der, den die Geschichte kennt.")
    for name, told in chain.facts.items():
        if _as_told(getattr(thing, name)) != told:
            return _("Eine Angabe des Objekts ({name}) ist nicht die, die die Geschichte kennt.").format(name=name)
    return None


def _as_told(value: Any) -> Any:
    """A column's value as an event's data would say it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _electorates(session: Session) -> Iterator[Finding]:
    """Ballots in which other seats may vote, or for another group, than when they were opened."""
    entitled: dict[UUID, set[tuple[str, str | None]]] = {}
    for seat in session.exec(select(BallotSeat)):
        entitled.setdefault(seat.ballot_id, set()).add((str(seat.seat_id), seat.group))
    for event in session.exec(select(Event).where(Event.type == EventType.BALLOT_OPENED)):
        pinned = {(each["seat_id"], each["group"]) for each in event.data["seats"]}
        if pinned != entitled.get(event.subject_id, set()):
            problem = _("Die stimmberechtigten Sitze sind nicht die, die bei der Eröffnung feststanden.")
            yield Finding(event.subject_type.value, event.subject_id, event.sequence, problem)


def _versions(session: Session, texts: _Texts) -> Iterator[Finding]:
    promised = {
        (event.subject_id, event.data.get("number")): event.data.get("content_hash")
        for event in session.exec(select(Event).where(Event.type == EventType.RECOMMENDATION_VERSION_SAVED))
    }
    found: set[tuple[UUID, Any]] = set()
    statement = select(Version).order_by(col(Version.recommendation_id), col(Version.number))
    for version in session.exec(statement):
        found.add((version.recommendation_id, version.number))
        problem = _version_problem(session, version, promised, texts)
        if problem:
            yield Finding("version", version.recommendation_id, version.number, problem)
    for recommendation_id, number in sorted(set(promised) - found, key=str):
        yield Finding("version", recommendation_id, int(number or 0), _("Diese Fassung fehlt."))


def _version_problem(
    session: Session, version: Version, promised: dict[tuple[UUID, Any], Any], texts: _Texts
) -> str | None:
    if content_hash(version.hashed) != version.content_hash:
        return _("Der Prüfwert der Fassung stimmt nicht.")
    if promised.get((version.recommendation_id, version.number)) != version.content_hash:
        return _("Die Fassung ist nicht die, die beim Speichern vermerkt wurde.")
    content: dict[str, Any] = json.loads(version.hashed)
    blocks = session.exec(
        select(VersionBlock).where(VersionBlock.version_id == version.id).order_by(col(VersionBlock.position))
    ).all()
    addressees = session.exec(
        select(VersionAddressee.organisation_id).where(VersionAddressee.version_id == version.id)
    ).all()
    texts.load([version.id])
    by_id = {text.id: text for text in texts.of(version.id).values()}
    stored = [
        {
            "id": str(block.block_id),
            "kind": block.kind.value,
            "number": block.number,
            "part": block.part.value,
            "text": by_id[block.text_id].digest if block.text_id in by_id else None,
        }
        for block in blocks
    ]
    if stored != content["blocks"] or sorted(str(key) for key in addressees) != content["addressees"]:
        return _("Absätze oder Adressaten der Fassung wurden verändert.")
    digests = {name: text.digest for name, text in texts.of(version.id).items()}
    if content["title"] not in digests.values():
        return _("Der Titel der Fassung wurde verändert.")
    return texts.problem(version.id, digests)


def subject_model(subject_type: SubjectType) -> type[Recorded]:
    """The table of a noun."""
    return next(model for model in recorded_models() if model.subject_type is subject_type)
