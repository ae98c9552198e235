"""What forms offer to sort things by, in few statements."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.needs import Need
from app.queries.programmes import TagKind, open_edition, tag_choices, tags_of
from tests.browsing import StatementCounter
from tests.factories import World


def test_a_form_offers_what_a_body_can_choose_in_one_statement(
    session: Session, world: World, statements: StatementCounter
) -> None:
    body = world.body()
    with statements:
        choices = tag_choices(session, body)
    assert statements.count == 1
    assert [title for _, title in choices.themes] == [
        "Bürgerschaftliches Engagement",
        "Qualitätssicherung und Evaluation",
    ]
    assert len(choices.target_groups) == 7
    assert choices.topics == ()
    assert open_edition(session).code == "IP-2026"


def test_what_a_need_is_sorted_by_comes_with_addresses(client: TestClient, session: Session, world: World) -> None:
    body = world.body()
    member = world.member(body)
    choices = tag_choices(session, body)
    session.rollback()
    sent = {
        "body_id": str(body.id),
        "title": "Titel",
        "description": "Text",
        "target_group_ids": [str(choices.target_groups[0].id)],
        "cross_cutting_theme_ids": [str(choices.themes[0].id)],
    }
    need_id = client.post("/api/v1/needs", json=sent, headers=member.headers).json()["id"]
    tags = tags_of(session, session.get_one(Need, UUID(need_id)))
    assert [(tag.kind, tag.url) for tag in tags] == [
        (TagKind.THEME, "/querschnittsthemen/buergerschaftliches-engagement"),
        (TagKind.TARGET_GROUP, "/zielgruppen/ehrenamtliche"),
    ]
