"""From the editor's form to a saved version, in the way the state allows."""

from __future__ import annotations

from sqlmodel import Session

from app.actions.drafts import settle_draft
from app.actions.recommendation_transitions import transition_recommendation
from app.actions.versions import post_version
from app.domain.recommendations import BALLOT_FIELDS
from app.errors import FieldError, Invalid
from app.forms.recommendation_transitions import RecommendationTransition
from app.forms.versions import BlockInput, VersionForm
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.versions import VersionText
from app.routers.deps import Submitted, Visitor
from app.routers.drafts import revision_of, writer_of
from app.routers.editor_page import REVISED_STATES
from app.routers.text_sources import require_offered


def base_of(
    session: Session, recommendation: Recommendation, submitted: Submitted, field: str = "base_version"
) -> VersionText:
    """The version the writer began with."""
    sent = submitted.text(field)
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 10 and int(sent) <= recommendation.version):
        raise Invalid(FieldError("form", _("Die Ausgangsfassung fehlt. Bitte öffnen Sie den Text neu.")))
    return queries.get_version(session, recommendation, int(sent))


def version_form(submitted: Submitted, blocks: list[BlockInput]) -> VersionForm:
    """What is saved: these blocks, and title and addressees as chosen in the form."""
    if not submitted.text("title").strip():
        raise Invalid(FieldError("title", _("Bitte geben Sie einen Titel an.")))
    fields = VersionForm.model_fields.keys() - {"blocks"}
    values = {name: value for name, value in submitted.values.items() if name in fields}
    chosen: dict[str, list[str]] = {} if "addressee_ids" in values else {"addressee_ids": []}
    return Submitted(submitted.data, values).parse(VersionForm, lists=("addressee_ids",), blocks=blocks, **chosen)


def save(
    session: Session, recommendation: Recommendation, form: VersionForm, submitted: Submitted, visitor: Visitor
) -> int:
    """Save in the way the state allows, as the next version or by `revise`; the draft has done its duty then."""
    require_offered(session, recommendation, form, visitor.actor)
    if recommendation.state not in REVISED_STATES:
        number = post_version(session, recommendation.id, form, actor=visitor.actor)[0].number
    else:
        sent = {name: submitted.values.get(name, "") for name in ("reason", *BALLOT_FIELDS)}
        move = Submitted(submitted.data, sent).parse(RecommendationTransition, transition="revise", version=form)
        number = transition_recommendation(session, recommendation.id, move, actor=visitor.actor).version
    settle(session, recommendation, submitted, visitor)
    return number


def settle(session: Session, recommendation: Recommendation, submitted: Submitted, visitor: Visitor) -> None:
    """The draft this page was written on has done its duty."""
    writer_id, revision = writer_of(submitted), revision_of(submitted)
    settle_draft(session, recommendation, writer_id=writer_id, revision=revision, actor=visitor.actor)
