"""The Akte as ZIP: what each reader may see, as PDF, with a directory that is true."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile

import pytest
from starlette.testclient import TestClient

from app.documents.document import Document
from app.documents.dossier_papers import dossier_of
from app.documents.odt import odt_of
from app.domain.actors import PUBLIC_ACTOR, MembershipRole
from app.domain.recommendations import RecommendationState
from app.queries.recommendations import get_recommendation
from tests.attaching import PDF, send_file
from tests.browsing import StatementCounter, sign_in, sign_out
from tests.conftest import MovedClock
from tests.documents.reading import ReadOdt, ReadPdf
from tests.drafting import BLOCKS, Drafted, draft, save
from tests.factories import Known, World
from tests.implementing import publish
from tests.moving import lead_to, open_comments

S = RecommendationState
SECRET = "Nur für uns."


def fetch(client: TestClient, known: Known | None, drafted: Drafted, status: int = 200) -> zipfile.ZipFile:
    """The ZIP as this reader gets it."""
    if known:
        sign_in(client, known)
    else:
        sign_out(client)
    answer = client.get(f"{drafted.page}/akte.zip")
    assert answer.status_code == status
    return zipfile.ZipFile(io.BytesIO(answer.content) if status == 200 else io.BytesIO(b"PK\5\6" + bytes(18)))


def names_in(file: zipfile.ZipFile) -> set[str]:
    """What lies in it, without numbers and endings."""
    return {name[3:].rsplit(".", 1)[0] for name in file.namelist()}


def told_to(world: World, known: Known, drafted: Drafted) -> str:
    """Every word in it, read from the descriptions that the PDFs are set from."""
    with world.database.read() as session:
        actor = world.actor(known, session)
        found = dossier_of(session, get_recommendation(session, drafted.id, actor), actor)
    documents: list[Document] = [found.cover, *(paper.document for paper in found.papers)]
    return "\n".join(line for each in documents for line in ReadOdt(odt_of(each)).accepted())


def test_its_directory_is_true_and_everything_in_it_is_an_accessible_pdf(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    file = fetch(client, drafted.chair, drafted)
    assert file.testzip() is None
    table = list(csv.reader(io.StringIO(file.read("00-verzeichnis.csv").decode("utf-8-sig")), delimiter=";"))
    assert table[0] == ["Nr.", "Datei", "Inhalt", "Größe in Byte", "SHA-256"]
    assert {row[1] for row in table[1:]} == {name for name in file.namelist() if not name.startswith("00-")}
    for _number, name, _subject, size, digest in table[1:]:
        content = file.read(name)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (int(size), digest)
        pdf = ReadPdf(content)
        assert (pdf.metadata("pdfaid:part"), pdf.metadata("pdfuaid:part")) == ("2", "1")
    assert len(ReadPdf(file.read("00-verzeichnis.pdf")).tags("TR")) == len(table)


def test_inside_all_of_it_and_outside_what_publication_opens(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    client.post(f"{drafted.path}/comments", json={"text": SECRET}, headers=drafted.member.headers)
    inside = names_in(fetch(client, drafted.member, drafted))
    public = names_in(fetch(client, None, drafted))
    opened = {"verzeichnis", "empfehlung", "herkunft", "beschlussfassungen", "beteiligung", "umsetzung", "verlauf"}
    assert public == opened
    assert inside == opened | {"beschlussvorlage", "beratung"}
    stranger = world.person()
    assert SECRET in told_to(world, drafted.member, drafted)
    told = told_to(world, stranger, drafted)
    assert "Die Länder sollten Übergangsklassen einrichten." in told
    assert SECRET not in told
    assert "Person " not in told


@pytest.mark.parametrize("state", [S.DRAFT, S.GROUP_DECISION, S.ADOPTED])
def test_before_the_publication_nobody_outside_gets_one(
    client: TestClient, world: World, clock: MovedClock, state: RecommendationState
) -> None:
    drafted = draft(client, world) if state is S.DRAFT else lead_to(client, world, clock, state)
    fetch(client, None, drafted, 404)
    fetch(client, world.person(), drafted, 404)
    assert "empfehlung" in names_in(fetch(client, drafted.member, drafted))


def test_who_is_asked_gets_the_pinned_version_alone(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    asked = world.person()
    open_comments(client, clock, drafted, "named", organisation_ids=[str(asked.organisation_id)])
    save(client, drafted, 1, [{"part": "goal", "text": SECRET}], title=SECRET)
    assert names_in(fetch(client, asked, drafted)) == {"verzeichnis", "empfehlung"}
    assert SECRET not in told_to(world, asked, drafted)
    assert "fassung-002" in names_in(fetch(client, drafted.member, drafted))


def test_attached_files_lie_in_it_for_who_may_open_them(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    for name in ("../zahlen.pdf", "zahlen.pdf"):
        sent = send_file(client, drafted.chair, drafted.path, name=name)
        assert sent.status_code == 201, sent.text
    file = fetch(client, drafted.member, drafted)
    attached = [name for name in file.namelist() if name.startswith("anlagen/")]
    assert len(attached) == 2
    assert not any(".." in name.split("/") or name.count("/") > 1 for name in attached)
    assert all(file.read(name) == PDF for name in attached)
    assert hashlib.sha256(PDF).hexdigest() in file.read("00-verzeichnis.csv").decode("utf-8-sig")
    assert not any(name.startswith("anlagen/") for name in fetch(client, None, drafted).namelist())


def test_what_followed_lies_in_it_report_source_promise_and_tie(client: TestClient, world: World) -> None:
    body = world.body()
    editor, owner = world.member(body, role=MembershipRole.RAPPORTEUR), world.person()
    key = publish(world, body, [owner.organisation_id])
    sent = {"recommendation_id": str(key), "organisation_id": str(owner.organisation_id), "title": "Kinderbetreuung"}
    assert client.post("/api/v1/commitments", json=sent, headers=owner.headers).status_code == 201
    tie = {"subject_type": "recommendation", "subject_id": str(key), "relation": "takes_up"}
    tie |= {"plan": "Nationaler Aktionsplan", "item": "Operatives Ziel 3"}
    assert client.post("/api/v1/cross-references", json=tie, headers=editor.headers).status_code == 201
    planned = {"recommendation_id": str(key), "title": "Anschlusskurse"}
    planned |= {"responsible_organisation_id": str(owner.organisation_id)}
    made = client.post("/api/v1/measures", json=planned, headers=owner.headers)
    measure = f"/api/v1/measures/{made.json()['id']}"
    move = client.post(f"{measure}/transitions", json={"transition": "start"}, headers=owner.headers)
    assert move.status_code == 200, move.text
    source = {"kind": "statistic", "source": "Zahlen des Landes", "summary": "Drei von vier."}
    assert client.post(f"{measure}/evidence", json=source, headers=owner.headers).status_code == 201
    report = {"text": "Zwölf Klassen laufen.", "status_on": "2026-03-02", "progress": "on_schedule"}
    for each in (report, {**report, "text": SECRET, "draft": True}):
        made = client.post(f"{measure}/reports", json=each, headers=owner.headers)
        assert made.status_code == 201, made.text
    with world.database.read() as session:
        found = get_recommendation(session, key, PUBLIC_ACTOR)
        public = dossier_of(session, found, PUBLIC_ACTOR)
    words = "\n".join(line for paper in public.papers for line in ReadOdt(odt_of(paper.document)).accepted())
    for said in ("Zwölf Klassen laufen.", "Zahlen des Landes", "Kinderbetreuung", "Operatives Ziel 3"):
        assert said in words
    assert SECRET not in words
    names = {paper.name for paper in public.papers}
    assert {"sachstandsberichte", "selbstverpflichtungen", "querverweise"} <= names


def test_a_draft_without_text_has_a_cover_alone(client: TestClient, world: World) -> None:
    drafted = draft(client, world, with_text=False)
    assert names_in(fetch(client, drafted.chair, drafted)) == {"verzeichnis"}


def test_it_asks_the_database_as_often_for_ten_versions_as_for_two(
    client: TestClient, world: World, statements: StatementCounter
) -> None:
    drafted = draft(client, world)
    save(client, drafted, 1, BLOCKS)
    counts = []
    for _time in range(2):
        with statements:
            fetch(client, drafted.chair, drafted)
        counts.append(statements.count)
        for base in range(2, 10):
            if not _time:
                save(client, drafted, base, BLOCKS)
    assert counts[0] == counts[1]
    assert len(fetch(client, drafted.chair, drafted).namelist()) > 12
