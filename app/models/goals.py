"""Goals and the recommendations they are linked with."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.events import SubjectType
from app.domain.goals import GoalKind, GoalState
from app.models.base import Stateful, Written, moment_field, related, word_field
from app.models.bodies import Body


class Goal(Stateful, Written, table=True):
    """A common goal of a body; `decided_on` and `decision_reference` are of the decision its wording rests on."""

    __table_args__ = (Index(None, "body_id", "created_at", "id"), Index(None, "created_at", "id"))
    subject_type = SubjectType.GOAL
    recorded_texts = ("title", "description")

    body_id: UUID = Field(foreign_key="body.id")
    kind: GoalKind = word_field(GoalKind)
    parent_id: UUID | None = Field(default=None, foreign_key="goal.id", index=True)
    title: str = Field(max_length=300)
    description: str = ""
    search_text: str = ""
    state: GoalState = word_field(GoalState, GoalState.PROPOSED)
    state_since: datetime = moment_field()
    decided_on: date | None = None
    decision_reference: str | None = Field(default=None, max_length=300)
    body: Body | None = related(foreign_keys="Goal.body_id")


class GoalRecommendation(SQLModel, table=True):
    """A recommendation serves a goal."""

    __tablename__ = "goal_recommendation"

    goal_id: UUID = Field(foreign_key="goal.id", primary_key=True)
    recommendation_id: UUID = Field(foreign_key="recommendation.id", primary_key=True, index=True)
