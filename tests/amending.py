"""What tests of amendments share: the blocks of a version, filing an amendment, and disposing of it."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from tests.drafting import Drafted
from tests.factories import Known


def blocks_of(client: TestClient, drafted: Drafted, number: int | None = None) -> list[Any]:
    """The blocks of a version, of the newest one where none is named."""
    number = number or client.get(drafted.path, headers=drafted.member.headers).json()["version"]
    found: list[Any] = client.get(f"{drafted.path}/versions/{number}", headers=drafted.member.headers).json()["blocks"]
    return found


def texts_of(client: TestClient, drafted: Drafted, number: int | None = None) -> list[str]:
    """Their wordings in order."""
    return [block["text"] for block in blocks_of(client, drafted, number)]


def try_file(client: TestClient, drafted: Drafted, known: Known, *changes: Any, **more: Any) -> Any:
    """Send an amendment to the first version; the answer, whatever it is."""
    sent = {"version": 1, "changes": list(changes), "reason": "So ist es klarer.", **more}
    return client.post(f"{drafted.path}/amendments", json=sent, headers=known.headers)


def file(client: TestClient, drafted: Drafted, known: Known, *changes: Any, **more: Any) -> Any:
    """File an amendment that must be taken in; it as JSON."""
    answer = try_file(client, drafted, known, *changes, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def try_dispose(client: TestClient, known: Known, amendment: Any, disposition: str = "adopted", **more: Any) -> Any:
    """Say what became of an amendment; the answer, whatever it is."""
    sent = {"disposition": disposition, "reason": "So beraten.", **more}
    return client.post(f"/api/v1/amendments/{amendment['id']}/disposition", json=sent, headers=known.headers)


def dispose(client: TestClient, known: Known, amendment: Any, disposition: str = "adopted", **more: Any) -> Any:
    """The same where it must succeed; the amendment as JSON."""
    answer = try_dispose(client, known, amendment, disposition, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()
