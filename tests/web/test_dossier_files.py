"""The Akte as ZIP: what each reader may see, as PDF, with a directory that is true."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile

import pytest
from starlette.testclient import TestClient

from app.actions.versions import save_version
from app.documents.attached_files import sheets_of
from app.documents.document import Document
from app.documents.dossier_papers import dossier_of
from app.documents.odt import odt_of
from app.domain.actors import PUBLIC_ACTOR, MembershipRole
from app.domain.recommendations import RecommendationState
from app.domain.text.blocks import BlockPart
from app.forms.versions import BlockInput, VersionForm
from app.queries.recommendations import get_recommendation
from tests.attaching import CSV, JPEG, PDF, picture, send_file
from tests.browsing import StatementCounter, sign_in, sign_out
from tests.conftest import MovedClock
from tests.documents.reading import ReadOdt, ReadPdf
from tests.drafting import BLOCKS, Drafted, draft, save
from tests.factories import Known, World
from tests.implementing import publish
from tests.moving import lead_to, open_comments
from tests.voting import assemble

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


def test_attached_files_lie_in_it_as_they_came_for_who_may_open_them(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    for name in ("../zahlen.pdf", "zahlen.pdf"):
        sent = send_file(client, drafted.chair, drafted.path, name=name)
        assert sent.status_code == 201, sent.text
    file = fetch(client, drafted.member, drafted)
    attached = sorted(name for name in file.namelist() if name.startswith("anlagen/"))
    assert attached == [f"anlagen/00{number}{name}.pdf" for number in (1, 2) for name in ("-zahlen", "")]
    assert all(file.read(name) == PDF for name in attached if "zahlen" in name)
    assert hashlib.sha256(PDF).hexdigest() in file.read("00-verzeichnis.csv").decode("utf-8-sig")
    assert not any(name.startswith("anlagen/") for name in fetch(client, None, drafted).namelist())


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (PDF, "Schreiben.pdf", "gibt sich nicht als PDF/A aus"),
        (PDF.replace(b"%%EOF", b"<pdfaid:part>2</pdfaid:part>%%EOF"), "Archiv.pdf", "gibt sich als PDF/A-2 aus"),
        (CSV, "Zahlen.csv", "in dem Format, in dem sie kam"),
        (picture(600, 200), "Kurve.png", "damit es ohne weiteres Programm lesbar bleibt"),
        (picture(60_000, 60_000), "Riesig.png", "lässt sich in PDF/A nicht zeigen"),
        (JPEG, "Kaputt.jpg", "lässt sich in PDF/A nicht zeigen"),
    ],
)
def test_a_sheet_in_pdf_a_says_what_each_attached_file_is(
    client: TestClient, world: World, content: bytes, name: str, said: str
) -> None:
    drafted = draft(client, world)
    sent = send_file(client, drafted.chair, drafted.path, content, name, alt_text="Eine Kurve, die steigt")
    assert sent.status_code == 201, sent.text
    file = fetch(client, drafted.member, drafted)
    assert file.read(f"anlagen/001-{name}") == content
    sheet = ReadPdf(file.read("anlagen/001.pdf"))
    assert (sheet.metadata("pdfaid:part"), sheet.metadata("pdfuaid:part")) == ("2", "1")
    is_shown = "ohne weiteres" in said
    assert [figure.value("/Alt") for figure in sheet.tags("Figure")] == ["Eine Kurve, die steigt"] * is_shown
    with world.database.read() as session:
        actor = world.actor(drafted.member, session)
        (attached,) = dossier_of(session, get_recommendation(session, drafted.id, actor), actor).attached
        described = sheets_of(attached, world.database.files, attached.attached_at)[0 if is_shown else -1]
    words = "\n".join(ReadOdt(odt_of(described)).accepted())
    assert said in words
    assert hashlib.sha256(content).hexdigest() in words


def test_a_sondervotum_stands_beside_every_version(client: TestClient, world: World) -> None:
    assembly = assemble(world, client)
    assembly.open()
    assembly.all_vote("object", "agree", "agree", "agree")
    assert assembly.dissent(assembly.chair, text="Die Kosten fehlen.").status_code == 201
    with world.database.write() as session:
        found = get_recommendation(session, assembly.recommendation_id, world.actor(assembly.chair, session))
        blocks = [BlockInput(part=BlockPart.GOAL, text="Anders.")]
        form = VersionForm(base_version=1, blocks=blocks)
        save_version(session, found, form, actor=world.actor(assembly.chair, session), allow_after_decision=True)
    with world.database.read() as session:
        actor = world.actor(assembly.members[0], session)
        told = dossier_of(session, get_recommendation(session, assembly.recommendation_id, actor), actor)
    versions = [paper for paper in told.papers if paper.name.startswith(("fassung", "empfehlung"))]
    assert [paper.name for paper in versions] == ["empfehlung", "fassung-001", "fassung-002"]
    for paper in versions:
        assert "Die Kosten fehlen." in ReadOdt(odt_of(paper.document)).accepted(), paper.name
    sign_in(client, assembly.members[0])
    compared = ReadOdt(client.get(f"/empfehlungen/{assembly.recommendation_id}/fassungen/1/2.odt").content)
    assert "Die Kosten fehlen." in compared.accepted()


def test_the_sources_of_a_need_lie_beside_it_for_who_reads_it_whole(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    source = {"kind": "study", "source": "Studie über Wartezeiten", "summary": "Vier Monate."}
    path = f"/api/v1/needs/{drafted.need_id}/evidence"
    assert client.post(path, json=source, headers=drafted.member.headers).status_code == 201
    assert "Studie über Wartezeiten" in told_to(world, drafted.member, drafted)
    told = told_to(world, world.person(), drafted)
    assert "Lange Wartezeiten" in told
    assert "Studie" not in told


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
