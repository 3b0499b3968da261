"""Uploads of others are as if they were not there (promise U6)."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.ids import ALPHABET, LENGTH
from tests.service.conftest import Person
from tests.service.uploads.tus_client import BYTES, TUS, content

PIECE = {**BYTES, "Upload-Offset": "3"}


def told(reply: httpx.Response) -> dict[str, object]:
    """All but the number of the request."""
    return {**reply.json(), "trace_id": ""} if reply.content else {}


def test_u6_a_foreign_upload_is_not_there(person: Callable[..., Person], context: Context) -> None:
    owner, colleague, stranger = person(Role.EDITOR), person(Role.EDITOR), person(Role.ADMIN)
    colleague = person(Role.EDITOR, owner.organisation)
    made = owner.client.post("/uploads", content=b"abc", headers={**BYTES, "Upload-Length": "6"})
    upload = made.headers["location"].rsplit("/", 1)[-1]

    def tried(client: httpx.Client, upload: str) -> list[httpx.Response]:
        return [
            client.head(f"/uploads/{upload}", headers=TUS),
            client.get(f"/uploads/{upload}"),
            client.patch(f"/uploads/{upload}", content=b"xyz", headers=PIECE),
            client.post(
                f"/uploads/{upload}", content=b"xyz", headers={**PIECE, "X-HTTP-Method-Override": "PATCH"}
            ),
            client.delete(f"/uploads/{upload}", headers=TUS),
        ]

    foreign, unknown = (tried(stranger.client, each) for each in (upload, "upl_" + "0" * LENGTH))
    assert [reply.status_code for reply in foreign] == [404] * 5
    assert [told(reply) for reply in foreign] == [told(reply) for reply in unknown]
    asked = {"upload_id": upload, "target_languages": ["es"]}
    assert stranger.client.post("/jobs", json=asked).status_code == 404
    assert content(context, upload) == b"abc"
    assert colleague.client.patch(f"/uploads/{upload}", content=b"def", headers=PIECE).status_code == 204
    assert content(context, upload) == b"abcdef"


def test_u6_a_viewer_uploads_nothing(person: Callable[..., Person]) -> None:
    viewer = person(Role.VIEWER).client
    assert viewer.post("/uploads", headers={**TUS, "Upload-Length": "3"}).status_code == 403
    assert viewer.post("/upload", files={"file": b"x"}, data={"target_language": "es"}).status_code == 403


def test_u6_ids_cannot_be_guessed() -> None:
    assert len(ALPHABET) ** LENGTH >= 2**128
