"""The files of a recommendation for programs: the same as its pages offer, to the same readers."""

from __future__ import annotations

import io
import zipfile

from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from tests.conftest import MovedClock
from tests.documents.reading import ReadOdt
from tests.drafting import BLOCKS, draft, save
from tests.factories import World
from tests.moving import lead_to

S = RecommendationState
FILES = ("document.pdf", "document.odt", "decision-paper.pdf", "decision-paper.odt", "compare.odt", "dossier.zip")


def test_an_object_names_the_files_its_caller_can_fetch(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    for headers, expected in (
        ({}, {"pdf", "odt", "dossier"}),
        (drafted.member.headers, {"pdf", "odt", "dossier", "decision_paper_pdf", "decision_paper_odt"}),
    ):
        named = client.get(drafted.path, headers=headers).json()["documents"]
        assert set(named) == expected
        for address in named.values():
            assert client.get(address, headers=headers).status_code == 200, address


def test_nobody_outside_fetches_one_of_a_draft(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    for name in FILES:
        for headers in ({}, world.person().headers):
            answer = client.get(f"{drafted.path}/{name}", headers=headers)
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/problem+json"
        assert client.get(f"{drafted.path}/{name}", headers=drafted.member.headers).status_code == 200, name
    bad = client.get(f"{drafted.path}/document.pdf", headers={"Authorization": "Bearer falsch"})
    assert bad.status_code == 401


def test_a_version_is_chosen_and_two_are_compared(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    save(client, drafted, 1, [{"part": "goal", "text": "Ein neues Ziel."}])
    headers = drafted.member.headers
    first = client.get(f"{drafted.path}/document.odt?version=1", headers=headers)
    assert BLOCKS[0]["text"] in ReadOdt(first.content).accepted()
    newest = client.get(f"{drafted.path}/document.odt", headers=headers)
    assert "Ein neues Ziel." in ReadOdt(newest.content).accepted()
    compared = ReadOdt(client.get(f"{drafted.path}/compare.odt?from=1&to=2", headers=headers).content)
    assert BLOCKS[0]["text"] in compared.rejected()
    assert BLOCKS[0]["text"] not in compared.accepted()
    packed = client.get(f"{drafted.path}/dossier.zip", headers=headers)
    assert packed.headers["content-type"] == "application/zip"
    assert packed.headers["cache-control"] == "private, no-cache"
    assert zipfile.ZipFile(io.BytesIO(packed.content)).testzip() is None


def test_bad_input_is_named(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    headers = drafted.member.headers
    assert client.get(f"{drafted.path}/document.pdf?version=0", headers=headers).status_code == 422
    assert client.get(f"{drafted.path}/document.pdf?fassung=1", headers=headers).status_code == 422
    assert client.get(f"{drafted.path}/document.pdf?version=9", headers=headers).status_code == 404
    assert client.get(f"{drafted.path}/document.docx", headers=headers).status_code == 404
    assert client.get(f"{drafted.path}/compare.pdf?from=1&to=9", headers=headers).status_code == 404
