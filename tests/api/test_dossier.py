"""The dossier: everything about one recommendation, and to each reader only what it may see."""

from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from tests.conftest import MovedClock
from tests.drafting import save
from tests.factories import World
from tests.moving import lead_to, open_comments

S = RecommendationState
NEVER_PUBLIC = ("comments", "co_signatures", "evidence")


def test_inside_everything_is_told_and_outside_what_publication_opens(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    said = client.post(f"{drafted.path}/comments", json={"text": "Nur für uns."}, headers=drafted.member.headers)
    assert said.status_code == 201, said.text
    inside = client.get(f"{drafted.path}/dossier", headers=drafted.member.headers)
    assert inside.status_code == 200, inside.text
    found = inside.json()
    assert [each["number"] for each in found["versions"]] == [1]
    assert [each["id"] for each in found["needs"]] == [drafted.need_id]
    assert [each["text"] for each in found["comments"]] == ["Nur für uns."]
    assert found["ballots"][0]["result"]["agree"] == 3
    assert found["adoption"]["reference"] == found["recommendation"]["reference"]
    assert found["responses"][0]["organisation_id"] == str(drafted.addressee_id)
    assert "recommendation.published" in {each["type"] for each in found["events"]}
    public = client.get(f"{drafted.path}/dossier")
    assert public.status_code == 200
    assert public.headers["etag"]
    opened = public.json()
    assert all(opened[name] == [] for name in NEVER_PUBLIC)
    assert [each["number"] for each in opened["versions"]] == [1]
    assert "Nur für uns." not in public.text
    assert "Person " not in public.text
    assert str(drafted.member.seat_id) not in public.text
    assert {each["type"] for each in opened["events"]} < {each["type"] for each in found["events"]}


def test_who_is_asked_sees_the_pinned_version_alone(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    asked = world.person()
    open_comments(client, clock, drafted, "named", organisation_ids=[str(asked.organisation_id)])
    save(client, drafted, 1, [{"part": "goal", "text": "Geheim."}], title="Geheimer Titel")
    seen = client.get(f"{drafted.path}/dossier", headers=asked.headers)
    assert seen.status_code == 200, seen.text
    found = seen.json()
    assert [each["number"] for each in found["versions"]] == [1]
    assert found["invitations"] == []
    assert "Geheim" not in seen.text
    assert client.get(f"{drafted.path}/dossier").status_code == 404
