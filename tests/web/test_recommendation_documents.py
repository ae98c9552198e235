"""Recommendations as files: who may fetch which version, what stands in it, and two versions compared."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from app.documents.document import DRAFT_MARK
from app.domain.recommendations import RecommendationState
from tests.browsing import sign_in, sign_out
from tests.conftest import MovedClock
from tests.documents.reading import ReadOdt, ReadPdf
from tests.drafting import BLOCKS, Drafted, draft, save
from tests.factories import Known, World
from tests.moving import ballots, decide, lead_to, make_move, open_comments, vote

S = RecommendationState
CHANGED = [
    {"part": "problem_statement", "text": "Zwischen Sprachkurs und Ausbildung vergehen viele Monate."},
    {"part": "recommendation", "number": "a", "text": "Die Länder sollten Übergangsklassen einrichten."},
    {"part": "practice_example", "text": "In Musterstadt gelingt der Übergang in vier Wochen."},
    {"part": "goal", "text": "Niemand wartet länger als einen Monat auf den Anschluss."},
]


def fetch(client: TestClient, known: Known | None, path: str, status: int = 200) -> bytes:
    """The file as this reader gets it."""
    if known:
        sign_in(client, known)
    else:
        sign_out(client)
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.text[:300]}"
    return answer.content


def lines_of(client: TestClient, known: Known | None, path: str) -> list[str]:
    """The lines of an ODT."""
    return ReadOdt(fetch(client, known, path)).accepted()


def test_everybody_takes_the_published_text_along_and_nobody_a_draft(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = draft(client, world)
    for path in ("empfehlung.pdf", "empfehlung.odt", "fassungen/1.pdf", "fassungen/1.odt", "fassungen/1/1.odt"):
        fetch(client, None, f"{drafted.page}/{path}", 404)
        fetch(client, world.person(), f"{drafted.page}/{path}", 404)
    published = lead_to(client, world, clock, S.PUBLISHED)
    lines = lines_of(client, None, f"{published.page}/empfehlung.odt")
    assert "Empfehlung · Sprachliche Integration" in lines
    assert "a) Die Länder sollten Übergangsklassen einrichten." in lines
    assert "Rechtlich nicht bindend" in lines
    assert "Zustimmung" in lines
    pdf = ReadPdf(fetch(client, None, f"{published.page}/empfehlung.pdf"))
    assert pdf.metadata("dc:title") == "Übergänge sichern"
    fetch(client, None, f"{published.page}/fassungen/1.pdf")
    fetch(client, None, f"{published.page}/fassungen/2.pdf", 404)


def test_a_file_says_its_kind_and_name_and_how_long_it_may_be_kept(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    reference = client.get(drafted.path).json()["reference"]
    sign_out(client)
    answer = client.get(f"/empfehlungen/{reference}/empfehlung.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="empfehlung-{reference}-fassung-1.pdf"'
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in answer.headers
    sign_in(client, drafted.member)
    assert client.get(f"{drafted.page}/empfehlung.odt").headers["cache-control"] == "private, no-cache"
    assert client.get(f"{drafted.page}/empfehlung.docx").status_code == 404


@pytest.mark.parametrize(("state", "is_draft"), [(S.GROUP_REVIEW, True), (S.ADOPTED, False), (S.PUBLISHED, False)])
def test_only_what_is_not_adopted_bears_the_mark_of_a_draft(
    client: TestClient, world: World, clock: MovedClock, state: RecommendationState, is_draft: bool
) -> None:
    drafted = lead_to(client, world, clock, state)
    odt = ReadOdt(fetch(client, drafted.secretariat, f"{drafted.page}/empfehlung.odt"))
    assert (DRAFT_MARK in odt.parts["styles.xml"].decode()) is is_draft


def test_who_is_asked_takes_the_pinned_version_along_alone(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    asked = world.person()
    open_comments(client, clock, drafted, "named", organisation_ids=[str(asked.organisation_id)])
    save(client, drafted, 1, CHANGED, title="Geheimer Titel")
    lines = lines_of(client, asked, f"{drafted.page}/empfehlung.odt")
    assert "Übergänge sichern" in lines
    assert "Geheim" not in " ".join(lines)
    for path in ("fassungen/2.odt", "fassungen/1/2.odt", "fassungen/1/2.pdf", "fassungen/1/2"):
        fetch(client, asked, f"{drafted.page}/{path}", 404)


def test_a_sondervotum_goes_with_the_text(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_DECISION)
    vote(client, drafted, drafted.member, "object", reason="Zu spät.")
    path = f"/api/v1/ballots/{ballots(client, drafted)[0]['id']}/dissenting-opinions"
    filed = client.post(path, json={"text": "Wir warten schon Jahre."}, headers=drafted.member.headers)
    assert filed.status_code == 201, filed.text
    decide(client, clock, drafted, "agree", "agree")
    make_move(client, drafted, drafted.chair, "carry_with_dissent", reason="Zwei von drei.")
    lines = lines_of(client, drafted.chair, f"{drafted.page}/empfehlung.odt")
    assert "Wir warten schon Jahre." in lines
    assert "Mehrheitsbeschluss mit abweichenden Voten." in lines
    assert any(line.startswith("Sondervotum: ") for line in lines)


def test_the_page_of_the_adopted_version_leads_to_result_and_sondervoten(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    sign_in(client, drafted.member)
    page = client.get(f"{drafted.page}/fassungen/1", follow_redirects=True).text
    link = re.search(r'href="([^"]+)">Ergebnis und Sondervoten<', page)
    assert link is not None
    assert client.get(link[1]).status_code == 200


def compared(client: TestClient, world: World) -> Drafted:
    """A draft with a second version, in which words, a block, the order, title and addressees changed."""
    drafted = draft(client, world)
    first = client.get(f"{drafted.path}/versions/1", headers=drafted.member.headers).json()["blocks"]
    by_text = {each["text"]: each["id"] for each in first}
    ids = [by_text[BLOCKS[0]["text"]], by_text[BLOCKS[1]["text"]], by_text[BLOCKS[4]["text"]], None]
    blocks = [{**block, **({"id": key} if key else {})} for block, key in zip(CHANGED, ids, strict=True)]
    addressees = [str(world.organisation())]
    save(
        client, drafted, 1, [blocks[2], *blocks[:2], blocks[3]], title="Übergänge gut sichern", addressee_ids=addressees
    )
    return drafted


def test_the_page_shows_two_versions_in_three_ways(client: TestClient, world: World) -> None:
    drafted = compared(client, world)
    pages = {
        view: fetch(client, drafted.member, f"{drafted.page}/fassungen/1/2?view={view}").decode()
        for view in ("changes", "inline", "side")
    }
    unchanged = "Die Länder sollten Übergangsklassen einrichten."
    assert unchanged not in pages["changes"]
    assert unchanged in pages["inline"]
    assert pages["side"].count("change__sides") > 3
    for page in pages.values():
        assert "<ins>gut </ins>" in page
        assert "<ins>viele </ins>" in page
        assert "Verschoben" in page
        assert "Entfallen" in page
        assert "Neu" in page
    fetch(client, drafted.member, f"{drafted.page}/fassungen/1/2?view=other", 422)


def test_any_two_versions_are_chosen_by_a_form(client: TestClient, world: World) -> None:
    drafted = compared(client, world)
    sign_in(client, drafted.member)
    chosen = client.get(f"{drafted.page}/vergleich?since=2&to=1&view=side", follow_redirects=False)
    assert chosen.status_code == 303
    assert chosen.headers["location"] == f"{drafted.page}/fassungen/2/1?view=side"
    assert "Entfallen" in client.get(chosen.headers["location"]).text
    fetch(client, None, f"{drafted.page}/vergleich?since=1&to=2", 404)
    fetch(client, drafted.member, f"{drafted.page}/vergleich?since=eins&to=2", 422)


def test_the_odt_of_a_comparison_takes_to_the_new_and_goes_back_to_the_old(client: TestClient, world: World) -> None:
    drafted = compared(client, world)
    odt = ReadOdt(fetch(client, drafted.member, f"{drafted.page}/fassungen/1/2.odt"))
    headings = {"Situationsbeschreibung", "Empfehlung", "Umsetzungshinweis", "Praxisbeispiel", "Ziel"}
    texts = [line for line in odt.accepted()[5:] if line not in headings]
    assert texts == [CHANGED[2]["text"], CHANGED[0]["text"], f"a) {CHANGED[1]['text']}", CHANGED[3]["text"]]
    former = [line for line in odt.rejected()[5:] if line not in headings]
    signs = {"a": "a) ", "b": "b) "}
    assert former == [signs.get(block.get("number", ""), "") + block["text"] for block in BLOCKS]
    assert {each.text for each in odt.content.iter("{http://purl.org/dc/elements/1.1/}creator")} == {drafted.body.title}
    assert fetch(client, drafted.member, f"{drafted.page}/fassungen/1/2.pdf").startswith(b"%PDF")


def test_the_pages_offer_their_files(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = draft(client, world)
    for path, offered in (
        ("", "empfehlung.pdf"),
        ("/fassungen/1", "fassungen/1.odt"),
        ("/fassungen/1/1", "fassungen/1/1.odt"),
    ):
        assert f'href="{drafted.page}/{offered}"' in fetch(client, drafted.member, f"{drafted.page}{path}").decode()
    published = lead_to(client, world, clock, S.PUBLISHED)
    url = client.get(published.path).json()["url"]
    assert f'href="{url}/empfehlung.odt"' in fetch(client, None, url).decode()
