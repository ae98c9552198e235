"""The label of every enum word the interface shows, and the tone a state is shown in."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.domain.accounts import AccessState
from app.domain.actors import ActorKind, MembershipRole, PersonRole
from app.domain.ballots import BallotState
from app.domain.bodies import BodyKind, BodyState, SeatState
from app.domain.co_signatures import CoSignatureKind, CoSignatureState
from app.domain.comments import Stance
from app.domain.consensus import DecisionRule, Position, Strength
from app.domain.consultations import (
    Audience,
    Disposition,
    InvitationChannel,
    RoundState,
    StatementKind,
    StatementState,
)
from app.domain.deadline_reminders import DeadlineKind, Overseer, ReminderStage
from app.domain.editions import EditionState, FieldKind
from app.domain.follows import FollowChoice, FollowTarget, SubscriptionTarget
from app.domain.implementation import AddresseeAnswer, ImplementationRule, ImplementationStatus
from app.domain.measures import MeasureState
from app.domain.needs import EvidenceKind, NeedState
from app.domain.notifications import MailRhythm, Urgency
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.domain.proposals import ProposalState
from app.domain.recommendations import RecommendationState
from app.domain.text.blocks import BlockKind, BlockPart
from app.domain.visibility import Visibility
from app.i18n import _

# Equal words of two enums are equal keys, so the pairs are kept in a list.
LABELS: list[tuple[StrEnum, str]] = [
    (DeadlineKind.COMMENT_ROUND, _("Stellungnahmeverfahren")),
    (DeadlineKind.BALLOT, _("Beschlussfassung")),
    (DeadlineKind.REPORT, _("Sachstandsbericht")),
    (DeadlineKind.MEASURE, _("Umsetzung der Maßnahme")),
    (DeadlineKind.CO_SIGNATURE, _("Mitzeichnung")),
    (DeadlineKind.RESPONSE, _("Rückmeldung zur Empfehlung")),
    (DeadlineKind.INVITATION, _("Einladung")),
    (DeadlineKind.DISSENTING_OPINION, _("Sondervotum")),
    (ReminderStage.SEVEN_DAYS, _("noch 7 Tage")),
    (ReminderStage.TWO_DAYS, _("noch 2 Tage")),
    (ReminderStage.ENDED, _("Frist abgelaufen")),
    (ReminderStage.MISSED, _("Frist versäumt")),
    (Overseer.LEADERSHIP, _("Leitung")),
    (Overseer.OFFICE, _("Geschäftsstelle")),
    (Urgency.DEADLINE, _("Frist")),
    (Urgency.TASK, _("Aufgabe")),
    (Urgency.NEWS, _("Neuigkeit")),
    (MailRhythm.AT_ONCE, _("sofort")),
    (MailRhythm.DAILY, _("täglich")),
    (MailRhythm.WEEKLY, _("wöchentlich")),
    (MailRhythm.NEVER, _("nie")),
    (FollowTarget.NEED, _("Bedarf")),
    (FollowTarget.PROPOSAL, _("Vorschlag")),
    (FollowTarget.RECOMMENDATION, _("Empfehlung")),
    (FollowTarget.MEASURE, _("Maßnahme")),
    (FollowTarget.BODY, _("Gremium")),
    (FollowTarget.FIELD_OF_ACTION, _("Handlungsfeld")),
    (FollowTarget.LIST, _("Liste")),
    (FollowChoice.FOLLOW, _("Folgen")),
    (FollowChoice.UNFOLLOW, _("Nicht mehr folgen")),
    (FollowChoice.MUTE, _("Stummschalten")),
    (FollowChoice.UNMUTE, _("Stummschaltung aufheben")),
    (SubscriptionTarget.RECOMMENDATION, _("Empfehlung")),
    (SubscriptionTarget.FIELD_OF_ACTION, _("Handlungsfeld")),
    (SubscriptionTarget.ADDRESSEE, _("Adressat")),
    (SubscriptionTarget.CONSULTATIONS, _("Stellungnahmeverfahren")),
    (AccessState.CREATED, _("nicht eingeladen")),
    (AccessState.INVITED, _("eingeladen")),
    (AccessState.JOINED, _("aktiv")),
    (AccessState.ENDED, _("Zugang beendet")),
    (AccessState.REDACTED, _("Daten gelöscht")),
    (ActorKind.PERSON, _("Person")),
    (ActorKind.SYSTEM, _("System")),
    (ActorKind.IMPORT, _("Import")),
    (PersonRole.PARTICIPANT, _("Beteiligte Person")),
    (PersonRole.SECRETARIAT, _("Geschäftsstelle")),
    (PersonRole.ADMIN, _("Systemadministration")),
    (PersonRole.AUDITOR, _("Prüfung")),
    (MembershipRole.CHAIR, _("Leitung")),
    (MembershipRole.VICE_CHAIR, _("stellvertretende Leitung")),
    (MembershipRole.RAPPORTEUR, _("Redaktion")),
    (MembershipRole.MEMBER, _("Mitglied")),
    (MembershipRole.DEPUTY, _("Stellvertretung")),
    (MembershipRole.ADVISOR, _("beratendes Mitglied")),
    (MembershipRole.OBSERVER, _("Gast")),
    (MembershipRole.STAFF, _("Zuarbeit")),
    (BallotState.OPEN, _("Läuft")),
    (BallotState.CLOSED, _("Abgeschlossen")),
    (BallotState.VOID, _("Ungültig")),
    (BodyKind.WORKING_GROUP, _("Arbeitsgruppe")),
    (BodyKind.SUBGROUP, _("Unterarbeitsgruppe")),
    (BodyKind.STEERING_GROUP, _("Steuerungsgruppe")),
    (BodyKind.DIALOGUE_FORUM, _("Dialogforum")),
    (BodyKind.ADVISORY_COUNCIL, _("Beirat")),
    (BodyState.PLANNED, _("Geplant")),
    (BodyState.ACTIVE, _("Eingesetzt")),
    (BodyState.DORMANT, _("Ruhend")),
    (BodyState.CLOSED, _("Beendet")),
    (SeatState.OFFERED, _("Angefragt")),
    (SeatState.NOMINATED, _("Benannt")),
    (SeatState.FILLED, _("Besetzt")),
    (SeatState.DECLINED, _("Abgesagt")),
    (SeatState.VACANT, _("Vakant")),
    (CoSignatureKind.CO_SIGN, _("Mitzeichnung")),
    (CoSignatureKind.AGREEMENT, _("Einvernehmen")),
    (CoSignatureKind.HEARING, _("Benehmen")),
    (CoSignatureState.REQUESTED, _("Angefragt")),
    (CoSignatureState.GIVEN, _("Erteilt")),
    (CoSignatureState.CONDITIONAL, _("Mit Maßgabe erteilt")),
    (CoSignatureState.RESERVED, _("Unter Vorbehalt")),
    (CoSignatureState.REFUSED, _("Abgelehnt")),
    (CoSignatureState.WITHDRAWN, _("Zurückgezogen")),
    (DecisionRule.QUALIFIED_MAJORITY, _("Qualifizierte Mehrheit")),
    (DecisionRule.SIMPLE_MAJORITY, _("Einfache Mehrheit")),
    (DecisionRule.CONSENSUS, _("Konsens (keine Ablehnung)")),
    (DecisionRule.UNANIMITY, _("Einstimmigkeit")),
    (DecisionRule.GROUP_MAJORITY, _("Mehrheit in jeder Gruppe")),
    (DecisionRule.TAKE_NOTE, _("Kenntnisnahme")),
    (Position.AGREE, _("Zustimmung")),
    (Position.AGREE_WITH_RESERVATION, _("Zustimmung mit Vorbehalt")),
    (Position.OBJECT, _("Ablehnung")),
    (Position.ABSTAIN, _("Enthaltung")),
    (Position.RECUSED, _("Nichtteilnahme (Befangenheit)")),
    (Strength.UNANIMOUS, _("einvernehmlich, ohne Gegenstimme")),
    (Strength.STRONG, _("mit sehr großer Mehrheit")),
    (Strength.BROAD, _("mit großer Mehrheit")),
    (Strength.MAJORITY, _("mehrheitlich")),
    (Strength.NONE, _("keine Mehrheit")),
    (Audience.BODY, _("das Gremium")),
    (Audience.FEDERAL, _("Ressortbeteiligung (Bund)")),
    (Audience.LAENDER_MUNICIPAL, _("Länder und Kommunen")),
    (Audience.ASSOCIATIONS, _("Verbände")),
    (Audience.NAMED, _("einzeln benannte Organisationen")),
    (Audience.PARTICIPANTS, _("alle Beteiligten")),
    (Audience.PUBLIC, _("Öffentlichkeit")),
    (RoundState.OPEN, _("Läuft")),
    (RoundState.CLOSED, _("Abgeschlossen")),
    (StatementKind.STATEMENT, _("Stellungnahme")),
    (StatementKind.AGREED, _("Keine Einwände")),
    (StatementKind.NO_COMMENT, _("Fehlanzeige")),
    (StatementKind.EXTENSION, _("Fristverlängerung erbeten")),
    (StatementState.OPEN, _("Noch nicht beantwortet")),
    (StatementState.DISPOSED, _("Beantwortet")),
    (StatementState.WITHDRAWN, _("Zurückgezogen")),
    (Disposition.ADOPTED, _("Übernommen")),
    (Disposition.PARTLY_ADOPTED, _("Teilweise übernommen")),
    (Disposition.NOT_ADOPTED, _("Nicht übernommen")),
    (Disposition.SETTLED, _("Erledigt")),
    (InvitationChannel.SEAT, _("Sitz im Gremium")),
    (InvitationChannel.ROUND, _("Stellungnahmeverfahren")),
    (InvitationChannel.ENTERED, _("von der Geschäftsstelle eingetragen")),
    (FieldKind.FIELD_OF_ACTION, _("Handlungsfeld")),
    (FieldKind.DIALOGUE_FORUM, _("Dialogforum")),
    (FieldKind.PHASE, _("Phase")),
    (FieldKind.THEMATIC_FORUM, _("Themenforum")),
    (EditionState.OPEN, _("In Arbeit")),
    (EditionState.FROZEN, _("Redaktionsschluss")),
    (EditionState.ADOPTED, _("Verabschiedet")),
    (EditionState.PUBLISHED, _("Veröffentlicht")),
    (EditionState.ARCHIVED, _("Archiviert")),
    (AddresseeAnswer.PENDING, _("Rückmeldung ausstehend")),
    (AddresseeAnswer.COMMITTED, _("Zugesagt")),
    (AddresseeAnswer.PARTLY_COMMITTED, _("Teilweise zugesagt")),
    (AddresseeAnswer.DECLINED, _("Abgelehnt")),
    (AddresseeAnswer.NOT_COMPETENT, _("Nicht zuständig")),
    (ImplementationStatus.CLOSED, _("Abgeschlossen")),
    (ImplementationStatus.NOT_DONE, _("Nicht umgesetzt")),
    (ImplementationStatus.NO_RESPONSE, _("Keine Rückmeldung")),
    (ImplementationStatus.NOT_STARTED, _("Noch nicht begonnen")),
    (ImplementationStatus.DONE, _("Umgesetzt")),
    (ImplementationStatus.MOSTLY_DONE, _("Überwiegend umgesetzt")),
    (ImplementationStatus.STARTED, _("Begonnen")),
    (ImplementationRule.TRACKING_CLOSED, _("Die Geschäftsstelle hat die Nachverfolgung abgeschlossen.")),
    (
        ImplementationRule.ALL_TURNED_DOWN,
        _("Es gibt keine Maßnahme, und alle Adressaten haben abgelehnt oder sind nicht zuständig."),
    ),
    (
        ImplementationRule.NONE_ANSWERED,
        _("Es gibt keine Maßnahme, und noch kein Adressat hat sich zurückgemeldet."),
    ),
    (ImplementationRule.NO_MEASURE, _("Es gibt noch keine Maßnahme.")),
    (ImplementationRule.ALL_VERIFIED, _("Alle Maßnahmen sind bestätigt umgesetzt.")),
    (ImplementationRule.ALL_ABORTED, _("Alle Maßnahmen wurden abgebrochen.")),
    (ImplementationRule.HALF_VERIFIED, _("Mindestens die Hälfte der Maßnahmen ist bestätigt umgesetzt.")),
    (ImplementationRule.ANY_BEGUN, _("Mindestens eine Maßnahme hat begonnen.")),
    (ImplementationRule.NONE_BEGUN, _("Noch keine Maßnahme hat begonnen.")),
    (MeasureState.PLANNED, _("Geplant")),
    (MeasureState.IN_PROGRESS, _("In Umsetzung")),
    (MeasureState.REPORTED_DONE, _("Als umgesetzt gemeldet")),
    (MeasureState.VERIFIED_DONE, _("Umsetzung bestätigt")),
    (MeasureState.SUSPENDED, _("Ausgesetzt")),
    (MeasureState.ABORTED, _("Abgebrochen")),
    (MeasureState.DROPPED, _("Entfallen")),
    (EvidenceKind.RESEARCH, _("Recherche")),
    (EvidenceKind.STUDY, _("Studie")),
    (EvidenceKind.INTERVIEW, _("Experteninterview")),
    (EvidenceKind.STATISTIC, _("Statistik")),
    (EvidenceKind.PRACTICE, _("Praxis")),
    (EvidenceKind.WORKSHOP, _("Workshop")),
    (NeedState.DRAFT, _("Entwurf")),
    (NeedState.SUBMITTED, _("Eingereicht")),
    (NeedState.ACCEPTED, _("Aufgenommen")),
    (NeedState.ANSWERED, _("Beantwortet")),
    (NeedState.MERGED, _("Zusammengeführt")),
    (NeedState.DEFERRED, _("Zurückgestellt")),
    (NeedState.DECLINED, _("Nicht weiterverfolgt")),
    (NeedState.WITHDRAWN, _("Zurückgezogen")),
    (ProposalState.DRAFT, _("Entwurf")),
    (ProposalState.SUBMITTED, _("Eingereicht")),
    (ProposalState.IN_DISCUSSION, _("In Beratung")),
    (ProposalState.ADOPTED, _("Übernommen")),
    (ProposalState.PARTLY_ADOPTED, _("Teilweise übernommen")),
    (ProposalState.NOT_ADOPTED, _("Nicht übernommen")),
    (ProposalState.MERGED, _("Zusammengeführt")),
    (ProposalState.DEFERRED, _("Zurückgestellt")),
    (ProposalState.WITHDRAWN, _("Zurückgezogen")),
    (Level.FEDERAL, _("Bund")),
    (Level.STATE, _("Land")),
    (Level.MUNICIPAL, _("Kommune")),
    (Level.NONE, _("keine staatliche Ebene")),
    (OrganisationKind.LAND, _("Land")),
    (OrganisationKind.MUNICIPALITY, _("Kommune")),
    (OrganisationKind.MUNICIPAL_ASSOCIATION, _("Kommunaler Spitzenverband")),
    (OrganisationKind.COMMISSIONER, _("Beauftragte oder Beauftragter")),
    (OrganisationKind.MINISTRY, _("Ministerium oder Behörde")),
    (OrganisationKind.WELFARE, _("Freie Wohlfahrtspflege")),
    (OrganisationKind.UNION, _("Gewerkschaft")),
    (OrganisationKind.EMPLOYERS, _("Arbeitgeberverband")),
    (OrganisationKind.RELIGIOUS, _("Religionsgemeinschaft")),
    (OrganisationKind.MIGRANT_ORGANISATION, _("Migrantenorganisation")),
    (OrganisationKind.INTEREST_GROUP, _("Interessenverband")),
    (OrganisationKind.PROVIDER, _("Träger")),
    (OrganisationKind.SCIENCE, _("Wissenschaft")),
    (OrganisationKind.COLLECTIVE, _("Gesamtheit (ohne eigene Personen)")),
    (OrganisationKind.OTHER, _("Sonstige")),
    (ParticipationClass.MANDATORY, _("zu beteiligen (§ 45 Satz 3 AufenthG)")),
    (ParticipationClass.SHOULD, _("soll beteiligt werden (§ 45 Satz 4 AufenthG)")),
    (ParticipationClass.OTHER, _("weitere Beteiligte")),
    (RecommendationState.DRAFT, _("Arbeitsentwurf")),
    (RecommendationState.GROUP_REVIEW, _("Beratung im Gremium")),
    (RecommendationState.COMMENTING, _("Stellungnahmeverfahren")),
    (RecommendationState.EVALUATION, _("Auswertung")),
    (RecommendationState.GROUP_DECISION, _("Beschlussfassung im Gremium läuft")),
    (RecommendationState.LEAD_REVIEW, _("Prüfung und Mitzeichnung")),
    (RecommendationState.STEERING_DECISION, _("Zur Verabschiedung vorgelegt")),
    (RecommendationState.ADOPTED, _("Verabschiedet")),
    (RecommendationState.PUBLISHED, _("Veröffentlicht")),
    (RecommendationState.UNDER_REVIEW, _("In Überprüfung")),
    (RecommendationState.SUPERSEDED, _("Ersetzt")),
    (RecommendationState.REPEALED, _("Aufgehoben")),
    (RecommendationState.REJECTED, _("Abgelehnt")),
    (RecommendationState.DISCONTINUED, _("Eingestellt")),
    (RecommendationState.DORMANT, _("Ruhend")),
    (BlockPart.PROBLEM_STATEMENT, _("Situationsbeschreibung")),
    (BlockPart.STATE_OF_PLAY, _("Bisherige Entwicklungen")),
    (BlockPart.GOAL, _("Ziel")),
    (BlockPart.RECOMMENDATION, _("Empfehlung")),
    (BlockPart.RATIONALE, _("Begründung")),
    (BlockPart.IMPLEMENTATION_NOTE, _("Umsetzungshinweis")),
    (BlockPart.PRACTICE_EXAMPLE, _("Praxisbeispiel")),
    (BlockPart.SOURCES, _("Quellen")),
    (BlockKind.PARAGRAPH, _("Absatz")),
    (BlockKind.LIST_ITEM, _("Listenpunkt")),
    (BlockKind.SUBHEADING, _("Zwischenüberschrift")),
    (BlockKind.TABLE_ROW, _("Tabellenzeile")),
    (Visibility.PUBLIC, _("öffentlich")),
    (Visibility.PARTICIPANTS, _("alle Beteiligten")),
    (Visibility.BODY, _("das Gremium")),
    (Visibility.CONFIDENTIAL, _("vertraulich, nur benannte Personen")),
    (Stance.SUPPORT, _("Unterstützung")),
    (Stance.CONCERN, _("Bedenken")),
    (Stance.QUESTION, _("Frage")),
    (Stance.CHANGE, _("Änderungswunsch")),
]
LABELS_BY_MEMBER = {(type(word), word.value): text for word, text in LABELS}

_SUCCESS = {"published", "adopted", "accepted", "answered", "verified_done", "filled", "given", "committed"}
_SUCCESS |= {"active", "done", "agree", "joined"}
_WARNING = {"deferred", "dormant", "suspended", "conditional", "reserved", "partly_committed", "under_review"}
_WARNING |= {"partly_adopted", "vacant", "offered", "no_response", "agree_with_reservation", "frozen"}
_DANGER = {
    "declined",
    "rejected",
    "repealed",
    "refused",
    "aborted",
    "void",
    "not_done",
    "not_adopted",
    "object",
}
_INFO = {"submitted", "group_review", "commenting", "evaluation", "group_decision", "lead_review", "open"}
_INFO |= {"steering_decision", "in_discussion", "in_progress", "reported_done", "started", "mostly_done"}
_INFO |= {"requested", "nominated", "pending", "invited"}


def label(word: StrEnum) -> str:
    """The German label of an enum word; KeyError for one without, which a test looks for."""
    return LABELS_BY_MEMBER[type(word), word.value]


def options(words: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """(value, label) pairs for a select or radio group, in the given order."""
    return [(word.value, label(word)) for word in words]


def tone(word: StrEnum) -> str:
    """neutral, info, success, warning or danger: the colour beside a label, never instead of it."""
    for name, words in (("success", _SUCCESS), ("warning", _WARNING), ("danger", _DANGER), ("info", _INFO)):
        if word.value in words:
            return name
    return "neutral"
