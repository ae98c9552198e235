"""Querschnittsprüfung through the API: one sentence a theme, by whom, until when, and who reads it."""

from __future__ import annotations

from typing import Any

from sqlmodel import select
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState as S
from app.models.programmes import CrossCuttingTheme
from app.models.record import Event
from app.models.theme_considerations import ThemeConsideration
from app.queries.record import verify_record
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, draft
from tests.factories import Known, World
from tests.moving import lead_to, make_move, state_of

SENTENCE = {"relevance": "considered", "text": "Ehrenamtliche begleiten den Übergang\nund werden dafür geschult."}


def themes(world: World) -> list[str]:
    """The ids of the themes a fresh database has."""
    with world.database.read() as session:
        return [str(key) for key in session.exec(select(CrossCuttingTheme.id).order_by(CrossCuttingTheme.sort_key))]


def put(client: TestClient, drafted: Drafted, known: Known | None, theme_id: str, **sent: Any) -> Any:
    headers = {**(known.headers if known else {}), **sent.pop("headers", {})}
    return client.put(f"{drafted.path}/theme-considerations/{theme_id}", json=sent or SENTENCE, headers=headers)


def read(client: TestClient, drafted: Drafted, known: Known | None = None) -> Any:
    found = client.get(f"{drafted.path}/theme-considerations", headers=known.headers if known else {})
    return found.json()["items"] if found.status_code == 200 else found.status_code


def test_each_theme_is_there_also_where_nothing_is_said(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    first, second = themes(world)
    stated = put(client, drafted, drafted.rapporteur, first)
    assert stated.status_code == 200, stated.text
    assert stated.json()["text"] == "Ehrenamtliche begleiten den Übergang und werden dafür geschult."
    found = {each["theme_id"]: (each["relevance"], each["text"]) for each in read(client, drafted, drafted.member)}
    assert found == {first: ("considered", stated.json()["text"]), second: (None, "")}
    dossier = client.get(f"{drafted.path}/dossier", headers=drafted.member.headers).json()
    assert {each["theme_id"]: each["relevance"] for each in dossier["theme_considerations"]} == {
        first: "considered",
        second: None,
    }


def test_every_change_is_kept_and_saying_the_same_again_changes_nothing(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    theme = themes(world)[0]
    said = (
        (drafted.rapporteur, "Wird geprüft."),
        (drafted.chair, "Wird evaluiert."),
        (drafted.chair, "Wird evaluiert."),
    )
    for known, text in said:
        assert put(client, drafted, known, theme, relevance="considered", text=text).status_code == 200
    with world.database.read() as session:
        types = session.exec(
            select(Event.type).where(Event.subject_type == "theme_consideration").order_by(Event.sequence)
        ).all()
        assert types == ["theme_consideration.stated", "theme_consideration.changed"]
        assert list(verify_record(session)) == []
    assert count_rows(world.database, ThemeConsideration) == 1


def test_a_stale_write_is_refused(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    theme = themes(world)[0]
    before = client.get(f"{drafted.path}/theme-considerations/{theme}", headers=drafted.chair.headers).headers["etag"]
    assert put(client, drafted, drafted.chair, theme, **SENTENCE, headers={"If-Match": before}).status_code == 200
    late = put(
        client, drafted, drafted.rapporteur, theme, relevance="not_relevant", text="Nein.", headers={"If-Match": before}
    )
    assert late.status_code == 412
    assert read(client, drafted, drafted.chair)[0]["relevance"] != "not_relevant"


def test_only_redaktion_leitung_and_geschaeftsstelle_state_it(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    theme = themes(world)[0]
    assert put(client, drafted, None, theme).status_code == 401
    assert put(client, drafted, drafted.member, theme).status_code == 403
    assert put(client, drafted, world.member(world.body()), theme).status_code == 404
    assert count_rows(world.database, ThemeConsideration) == 0
    for known in (drafted.rapporteur, drafted.chair, drafted.secretariat):
        assert put(client, drafted, known, theme).status_code == 200


def test_bad_input_is_named(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    theme = themes(world)[0]
    for sent, field in (
        ({"relevance": "considered", "text": "  "}, "text"),
        ({"relevance": "considered", "text": "a" * 601}, "text"),
        ({"relevance": "vielleicht", "text": "Ja."}, "relevance"),
        ({**SENTENCE, "stance": "support"}, "stance"),
    ):
        refused = put(client, drafted, drafted.chair, theme, **sent)
        assert refused.status_code == 422, sent
        assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert put(client, drafted, drafted.chair, drafted.id).status_code == 404
    assert count_rows(world.database, ThemeConsideration) == 0


def test_it_blocks_no_move_and_the_adoption_freezes_it(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.STEERING_DECISION)
    theme = themes(world)[0]
    assert put(client, drafted, drafted.secretariat, theme).status_code == 200
    today = clock.moment.date().isoformat()
    adoption = {"deciding_body": "Kabinett", "decided_on": today, "decision_reference": "TOP 1"}
    make_move(client, drafted, drafted.secretariat, "adopt", **adoption)
    late = put(client, drafted, drafted.secretariat, theme, relevance="not_relevant", text="Doch nicht.")
    assert late.status_code == 409
    assert [each["relevance"] for each in read(client, drafted, drafted.chair)].count("considered") == 1
    assert state_of(client, drafted) == S.ADOPTED


def test_the_publication_opens_it_and_nothing_before(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.ADOPTED)
    assert read(client, drafted) == 404
    outsider = world.member(world.body())
    assert read(client, drafted, outsider) == 404
    make_move(client, drafted, drafted.secretariat, "publish")
    assert [each["relevance"] for each in read(client, drafted)] == [None, None]


def test_who_is_asked_to_sign_reads_it_with_the_decided_text(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    for state, seen in ((S.GROUP_REVIEW, 0), (S.LEAD_REVIEW, 2)):
        drafted = lead_to(client, world, clock, state)
        signer = world.person()
        asked = {"organisation_id": str(signer.organisation_id)}
        path = f"{drafted.path}/co-signatures"
        assert client.post(path, json=asked, headers=drafted.secretariat.headers).status_code == 201
        assert len(read(client, drafted, signer)) == seen
