"""Pages of recommendations: what each reader sees in each state, and what the pages cost."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import Drafted, draft, save
from tests.factories import Known, World
from tests.moving import lead_to, make_move, open_comments

S = RecommendationState
MARK = "Entwurf - von der Bundesregierung nicht beschlossen"
SECRET = "Nur in der Fassung, die noch niemand draußen kennt."


def page_of(client: TestClient, drafted: Drafted) -> str:
    """The page's address now: by reference once there is one."""
    url: str = client.get(drafted.path, headers=drafted.secretariat.headers).json()["url"]
    return url


def read(client: TestClient, known: Known | None, path: str, status: int = 200) -> str:
    """The page as this reader gets it."""
    if known:
        sign_in(client, known)
    else:
        sign_out(client)
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


def in_order(page: str, *parts: str) -> bool:
    """True where the page holds the parts in this order."""
    places = [page.find(part) for part in parts]
    assert -1 not in places, [part for part, place in zip(parts, places, strict=True) if place < 0]
    return places == sorted(places)


def test_the_published_page_stands_in_the_public_order(
    client: TestClient, world: World, clock: MovedClock, statements: StatementCounter
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    path = page_of(client, drafted)
    sign_out(client)
    with statements:
        answer = client.get(path)
    assert answer.status_code == 200
    assert statements.count <= 6, statements.texts
    assert "set-cookie" not in answer.headers
    page = answer.text
    assert in_order(
        page,
        "Die Länder sollten Übergangsklassen einrichten.",
        "Rechtlich nicht bindend.",
        'id="adressaten"',
        "Die Kosten trägt, wer die Klasse einrichtet.",
        "In Musterstadt gelingt der Übergang",
        'id="umsetzung"',
        "Zwischen Sprachkurs und Ausbildung vergehen Monate.",
        "Ergebnis der Beschlussfassung",
    )
    assert MARK not in page
    assert "Was Sie jetzt tun können" not in page
    sign_in(client, drafted.chair)
    with statements:
        assert client.get(path).status_code == 200
    assert statements.count <= 12, statements.texts
    assert drafted.id not in read(client, None, "/empfehlungen")
    assert path in read(client, None, "/empfehlungen")
    assert read(client, None, f"/empfehlungen/{drafted.id}")


@pytest.mark.parametrize("state", [S.DRAFT, S.GROUP_REVIEW, S.COMMENTING, S.GROUP_DECISION, S.LEAD_REVIEW, S.ADOPTED])
def test_before_publication_it_is_the_body_s(
    client: TestClient, world: World, clock: MovedClock, statements: StatementCounter, state: RecommendationState
) -> None:
    drafted = lead_to(client, world, clock, state)
    path = page_of(client, drafted)
    for known in (None, world.person()):
        for place in ("", "/entstehung", "/fassungen", "/fassungen/1", "/fassungen/1/1", "/stellungnahmen"):
            if known is None:
                sign_out(client)
            else:
                sign_in(client, known)
            assert client.get(path + place).status_code == 404, place
        assert drafted.id not in read(client, known, "/empfehlungen")
    for known in (drafted.chair, drafted.member, drafted.secretariat):
        sign_in(client, known)
        for place in ("", "/entstehung", "/beratung", "/fassungen", "/fassungen/1"):
            with statements:
                answer = client.get(path + place)
            assert answer.status_code == 200, answer.text
            assert (MARK in answer.text) is (state is not S.ADOPTED)
            assert statements.count <= 12, (place, statements.count, statements.texts)
    assert path in read(client, drafted.member, f"/empfehlungen?state={state.value}")
    assert path not in read(client, drafted.member, "/empfehlungen?state=rejected")


def test_an_outsider_in_a_round_sees_the_pinned_version_alone(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    asked = world.person()
    open_comments(client, clock, drafted, "named", organisation_ids=[str(asked.organisation_id)])
    save(client, drafted, 1, [{"part": "recommendation", "text": SECRET}], title="Neuer geheimer Titel")
    for path in (drafted.page, "/empfehlungen"):
        page = read(client, asked, path)
        assert "Übergänge sichern" in page
        assert SECRET not in page
        assert "Neuer geheimer Titel" not in page
    assert "Übergänge" not in read(client, asked, "/empfehlungen?q=geheimer")
    assert drafted.id not in read(client, asked, "/empfehlungen?q=geheimer")
    assert read(client, asked, f"{drafted.page}/fassungen/1")
    for place in ("/fassungen/2", "/fassungen/1/2", "/entstehung", "/beratung"):
        read(client, asked, drafted.page + place, 404)
    seen = client.get(drafted.path, headers=asked.headers).json()
    assert (seen["version"], seen["title"]) == (1, "Übergänge sichern")
    assert client.get(f"{drafted.path}/versions", headers=asked.headers).json()["items"][0]["number"] == 1
    assert client.get(f"{drafted.path}/versions/2", headers=asked.headers).status_code == 404
    assert client.get(f"{drafted.path}/compare?from=1&to=2", headers=asked.headers).status_code == 404
    assert SECRET in read(client, drafted.member, drafted.page)
    clock.advance(days=15)
    read(client, asked, drafted.page, 404)
    assert client.get(drafted.path, headers=asked.headers).status_code == 404


def test_a_public_round_opens_the_pinned_version_to_everybody(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    open_comments(client, clock, drafted, "public")
    page = read(client, None, drafted.page)
    assert MARK in page
    assert "Was dahinter steht" not in page
    assert "Lange Wartezeiten" not in page


def test_what_is_superseded_says_by_what(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    successor = lead_to(client, world, clock, S.PUBLISHED)
    make_move(client, drafted, drafted.secretariat, "supersede", successor_ids=[successor.id])
    page = read(client, None, page_of(client, drafted))
    assert "Sie wurde ersetzt" in page
    assert page_of(client, successor) in page
    assert page_of(client, drafted) in read(client, None, page_of(client, successor))


def test_errata_stand_beside_the_frozen_text(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    path = page_of(client, drafted)
    sent = {"id": str(new_id()), "text": "Gemeint sind 24 Monate."}
    for _ in range(2):
        assert send(client, drafted.secretariat, f"{path}/berichtigungen", sent).status_code == 303
    assert send(client, drafted.chair, f"{path}/berichtigungen", {"text": "Nein."}).status_code == 403
    refused = send(client, drafted.secretariat, f"{path}/berichtigungen", {"text": ""})
    assert refused.status_code == 422
    page = read(client, None, path)
    assert page.count("Gemeint sind 24 Monate.") == 1
    listed = client.get(f"{drafted.path}/errata").json()["items"]
    assert [each["text"] for each in listed] == ["Gemeint sind 24 Monate."]


def test_the_story_opens_with_the_publication(
    client: TestClient, world: World, clock: MovedClock, statements: StatementCounter
) -> None:
    drafted = lead_to(client, world, clock, S.EVALUATION)
    path = f"{page_of(client, drafted)}/entstehung"
    inside = read(client, drafted.member, path)
    assert "Lange Wartezeiten" in inside
    assert "Fassung 1" in inside
    make_move(client, drafted, drafted.chair, "call_decision")
    published = lead_to(client, world, clock, S.PUBLISHED)
    path = f"{page_of(client, published)}/entstehung"
    sign_out(client)
    with statements:
        page = client.get(path).text
    assert statements.count <= 6, statements.texts
    assert in_order(page, "Was fehlte", "Lange Wartezeiten", "schreibt den Entwurf", "beschließt", "Verabschiedet")
    assert "/fassungen" not in page
    assert "Person " not in page


def test_the_list_is_narrowed_and_costs_the_same(
    client: TestClient, world: World, clock: MovedClock, statements: StatementCounter
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    path = page_of(client, drafted)
    field, year = drafted.body.field_of_action_id, clock.moment.year
    for query in (
        f"field_of_action_id={field}",
        f"addressee_id={drafted.addressee_id}",
        "implementation_status=no_response",
        f"year={year}",
        "q=übergänge",
    ):
        assert path in read(client, None, f"/empfehlungen?{query}"), query
    for query in (
        f"topic_id={new_id()}",
        f"target_group_id={new_id()}",
        f"cross_cutting_theme_id={new_id()}",
        f"addressee_id={new_id()}",
        "implementation_status=done",
        f"year={year + 1}",
        "q=unauffindbar",
    ):
        assert path not in read(client, None, f"/empfehlungen?{query}"), query
    sign_out(client)
    assert client.get("/empfehlungen?colour=red").status_code == 422
    for query in ("", "?implementation_status=no_response"):
        with statements:
            assert client.get(f"/empfehlungen{query}").status_code == 200
        assert statements.count <= 6, statements.texts


def test_script_in_a_text_is_shown_as_text(client: TestClient, world: World) -> None:
    script = "<script>alert(1)</script>"
    drafted = draft(client, world, with_text=False, title=f"Titel {script}")
    blocks = [
        {"part": "recommendation", "kind": kind, "text": f"{kind} {script}"}
        for kind in ("paragraph", "list_item", "subheading", "table_row")
    ]
    save(client, drafted, 0, blocks, note=script)
    save(client, drafted, 1, [{**blocks[0], "text": f"anders {script}"}, *blocks[1:]])
    for place in ("", "/entstehung", "/fassungen", "/fassungen/1", "/fassungen/1/2", "/bearbeiten", "/verknuepfungen"):
        page = read(client, drafted.rapporteur, drafted.page + place)
        assert script not in page, place
        assert "&lt;script&gt;" in page, place
