"""The dossier: everything about one recommendation, and to each reader only what it may see."""

from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from tests.conftest import MovedClock
from tests.drafting import BLOCKS, save
from tests.factories import World
from tests.moving import ADOPTION, ballots, decide, in_days, lead_to, make_move, open_comments, vote

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


def test_a_dissenting_opinion_on_an_earlier_version_goes_with_the_recommendation(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_DECISION)
    vote(client, drafted, drafted.member, "object", reason="Zu spät.")
    path = f"/api/v1/ballots/{ballots(client, drafted)[0]['id']}/dissenting-opinions"
    filed = client.post(path, json={"text": "Wir warten schon Jahre."}, headers=drafted.member.headers)
    assert filed.status_code == 201, filed.text
    decide(client, clock, drafted, "agree", "agree")
    make_move(client, drafted, drafted.chair, "carry_with_dissent", reason="Zwei von drei.")
    version = {"base_version": 1, "blocks": BLOCKS}
    make_move(client, drafted, drafted.secretariat, "revise", reason="Frist ergänzt.", version=version)
    decide(client, clock, drafted)
    make_move(client, drafted, drafted.chair, "carry")
    make_move(client, drafted, drafted.secretariat, "endorse")
    make_move(client, drafted, drafted.secretariat, "adopt", decided_on=in_days(clock, 0), **ADOPTION)
    assert client.get(f"{drafted.path}/dossier").status_code == 404
    make_move(client, drafted, drafted.secretariat, "publish")
    for headers in ({}, drafted.member.headers):
        told = client.get(f"{drafted.path}/dossier", headers=headers).json()["dissenting_opinions"]
        assert [(each["id"], each["version"]) for each in told] == [(filed.json()["id"], 1)]
