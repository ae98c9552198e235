"""What a fresh database begins with: the programme, one open edition, four fields, themes and target groups."""

from __future__ import annotations

from sqlmodel import Session, select

from app.actions.record import record_creation
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR
from app.domain.events import EventType
from app.domain.sorting import slug, sort_key
from app.models.base import new_id
from app.models.programmes import CrossCuttingTheme, Edition, FieldOfAction, Programme, TargetGroup

FIELDS = (
    (
        "B",
        "Sprachliche Integration",
        "Deutsch lernen von der Kita bis in den Beruf, Übergänge zwischen den Kursen, Mehrsprachigkeit.",
    ),
    (
        "C",
        "Bildung",
        "Eltern als Partner, Schule und Hochschule, mehr Lehrkräfte mit Einwanderungsgeschichte.",
    ),
    (
        "W",
        "Berufliche Integration",
        "Anerkennung, Qualifizierung und Beratung, damit der Einstieg in Arbeit und Ausbildung gelingt.",
    ),
    (
        "D",
        "Gesellschaftliche Integration",
        "Migrantenorganisationen, Engagement, Jugendarbeit und die Öffnung von Verbänden und Verwaltung.",
    ),
)
THEMES = ("Bürgerschaftliches Engagement", "Qualitätssicherung und Evaluation")
TARGET_GROUPS = (
    "Frauen und Mädchen",
    "Kinder",
    "Jugendliche",
    "Eltern",
    "Neuzugewanderte",
    "Fachkräfte",
    "Ehrenamtliche",
)


def lay_foundation(session: Session) -> None:
    """Make the programme and its structure; changes nothing where a programme stands."""
    if session.exec(select(Programme).limit(1)).first():
        return
    moment = now(session)
    programme = Programme(
        id=new_id(moment),
        created_at=moment,
        title="Bundesweites Integrationsprogramm",
        legal_basis="§ 45 Satz 2 AufenthG",
        description=(
            "Fachleute aus Ländern, Kommunen, Wohlfahrt, Religionsgemeinschaften, Gewerkschaften, "
            "Migrantenorganisationen und Wissenschaft stellen fest, welche Angebote der Integrationsförderung "
            "es gibt und was fehlt. Daraus entwickeln sie gemeinsam Empfehlungen für die Praxis."
        ),
    )
    record_creation(session, EventType.PROGRAMME_CREATED, programme, actor=SYSTEM_ACTOR)
    session.flush()
    edition = Edition(
        id=new_id(moment),
        created_at=moment,
        programme_id=programme.id,
        title="Bundesweites Integrationsprogramm, laufende Ausgabe",
        code="IP-2026",
    )
    record_creation(session, EventType.EDITION_CREATED, edition, actor=SYSTEM_ACTOR)
    for rank, (code, name, description) in enumerate(FIELDS):
        session.add(
            FieldOfAction(
                created_at=moment,
                programme_id=programme.id,
                name=name,
                code=code,
                slug=slug(name),
                rank=rank,
                description=description,
            )
        )
    for name in THEMES:
        session.add(CrossCuttingTheme(created_at=moment, name=name, slug=slug(name), sort_key=sort_key(name)))
    for name in TARGET_GROUPS:
        session.add(TargetGroup(created_at=moment, name=name, slug=slug(name), sort_key=sort_key(name)))
    session.flush()
