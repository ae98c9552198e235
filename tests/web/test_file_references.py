"""The Geschäftszeichen of bodies and recommendations: who gives it, who reads it, and where it is printed."""

from __future__ import annotations

from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from tests.browsing import send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.documents.reading import ReadOdt
from tests.drafting import Drafted, draft
from tests.factories import Known, World
from tests.moving import lead_to

S = RecommendationState
OWN, OF_BODY = "IntB 4 - 12007/3#5", "IntB 4 - 12007/1#1"


def printed(client: TestClient, known: Known | None, drafted: Drafted) -> list[str]:
    """The lines of the recommendation as ODT."""
    if known:
        sign_in(client, known)
    else:
        sign_out(client)
    answer = client.get(f"{drafted.page}/empfehlung.odt")
    assert answer.status_code == 200
    return ReadOdt(answer.content).accepted()


def give(client: TestClient, drafted: Drafted, reference: str | None, path: str, known: Known) -> int:
    """Send a reference by the API; the status."""
    return client.patch(path, json={"file_reference": reference}, headers=known.headers).status_code


def test_a_recommendation_bears_its_own_or_that_of_its_body(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    of_body = f"/api/v1/bodies/{drafted.body.id}"
    assert give(client, drafted, OF_BODY, of_body, drafted.secretariat) == 200
    assert f"Geschäftszeichen: {OF_BODY}" in printed(client, drafted.member, drafted)
    sent = send(
        client, drafted.rapporteur, f"{drafted.page}/geschaeftszeichen", {"file_reference": OWN}, follow_redirects=False
    )
    assert sent.status_code == 303
    assert f"Geschäftszeichen: {OWN}" in printed(client, drafted.member, drafted)
    assert client.get(drafted.path, headers=drafted.member.headers).json()["file_reference"] == OWN
    assert OWN in client.get(drafted.page).text
    send(client, drafted.rapporteur, f"{drafted.page}/geschaeftszeichen", {"file_reference": " "})
    assert f"Geschäftszeichen: {OF_BODY}" in printed(client, drafted.member, drafted)


def test_it_is_given_also_when_the_text_is_frozen_and_is_never_published(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    assert give(client, drafted, OWN, drafted.path, drafted.secretariat) == 200
    assert give(client, drafted, OF_BODY, f"/api/v1/bodies/{drafted.body.id}", drafted.secretariat) == 200
    sign_out(client)
    assert client.get(drafted.path).json()["file_reference"] is None
    assert client.get(f"/api/v1/bodies/{drafted.body.id}").json()["file_reference"] is None
    for path in (drafted.page, f"/gremien/{drafted.body.slug}", f"{drafted.path}/dossier"):
        shown = client.get(path)
        assert shown.status_code == 200
        assert "12007" not in shown.text
    assert not any("12007" in line for line in printed(client, None, drafted))
    assert any(OWN in line for line in printed(client, drafted.chair, drafted))


def test_who_may_not_write_gives_none_and_nothing_changes(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    assert give(client, drafted, OWN, drafted.path, drafted.member) == 403
    assert give(client, drafted, OWN, drafted.path, world.person()) == 404
    assert give(client, drafted, "x" * 101, drafted.path, drafted.chair) == 422
    refused = send(client, drafted.chair, f"{drafted.page}/geschaeftszeichen", {"file_reference": "x" * 101})
    assert refused.status_code == 422
    assert "x" * 101 in refused.text
    assert send(client, drafted.member, f"{drafted.page}/geschaeftszeichen", {"file_reference": OWN}).status_code == 403
    assert client.get(drafted.path, headers=drafted.member.headers).json()["file_reference"] is None


def test_the_geschaeftsstelle_gives_it_on_the_page_of_the_body(client: TestClient, world: World) -> None:
    body, office = world.body(), world.secretariat()
    sign_in(client, office)
    page = client.get(f"/verwaltung/gremien/{body.slug}/bearbeiten").text
    assert 'name="file_reference"' in page
    fields = {
        "title": body.title,
        "kind": body.kind.value,
        "field_of_action_id": str(body.field_of_action_id),
        "opened_with": str(body.sequence),
        "file_reference": OF_BODY,
    }
    sent = send(client, office, f"/verwaltung/gremien/{body.slug}/bearbeiten", fields, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    assert OF_BODY in client.get(f"/verwaltung/gremien/{body.slug}").text
