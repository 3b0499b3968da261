"""A job with a script: written straight into the tables, or really dubbed by the stub engines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from dubline.domain.media import MediaFacts
from dubline.domain.script import Line, Script, Source, Speaker
from dubline.domain.speech import Voice
from dubline.domain.time import Span, ticks
from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.scripts.rows import FirstVersion
from dubline.storage.tables import Job, Task

VOICES = {name: Voice(engine="stub", name=name, language="es") for name in ("low", "high")}


@dataclass(frozen=True)
class Desk:
    """One script as somebody edits it over HTTP."""

    client: httpx.Client
    job: str

    @property
    def path(self) -> str:
        return f"/jobs/{self.job}/scripts/es"

    def script(self) -> dict[str, Any]:
        got = self.client.get(self.path)
        assert got.status_code == 200, got.text
        return dict(got.json())

    def line(self, line_id: str) -> dict[str, Any]:
        return dict(self.client.get(f"{self.path}/lines/{line_id}").json())

    def send(self, method: str, path: str, seen: int | None = None, **asked: object) -> httpx.Response:
        headers = {} if seen is None else {"If-Match": f'"{seen}"'}
        return self.client.request(method, f"{self.path}{path}", json=asked, headers=headers)

    def patch(self, line_id: str, seen: int | None = None, **asked: object) -> httpx.Response:
        """Based on what is there now, unless another revision is named."""
        known = self.line(line_id)["revision"] if seen is None else seen
        return self.send("PATCH", f"/lines/{line_id}", known, **asked)

    def whole(self, path: str, **asked: object) -> httpx.Response:
        """What concerns the script, based on its newest revision."""
        return self.send("POST", path, self.script()["revision"], **asked)

    def target(self) -> dict[str, Any]:
        (target,) = self.client.get(f"/jobs/{self.job}").json()["targets"]
        return dict(target)


def talk_of(count: int) -> list[Line]:
    """Two people in turn, a second each."""
    return [
        Line(
            id=f"L{number:04d}",
            span=Span.of_seconds(number, number + 0.9),
            speaker=f"S{1 + number % 2}",
            source_text=f"red {number}.",
            text=f"rojo {number}.",
            voice=VOICES["low"],
            flags=("numbers_differ",) if number % 10 == 0 else (),
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture
def written(context: Context, accepted: Callable[..., str]) -> Callable[..., str]:
    """The id of a finished job with such lines."""

    def put(lines: Sequence[Line], principal: Principal | None = None) -> str:
        script = Script(
            source=Source(path="/somewhere/talk.wav", digest="d"),
            media=MediaFacts(container="wav", duration=ticks(len(lines) + 60.0), size=1),
            source_language="en",
            target_language="es",
            speakers=tuple(Speaker(id=f"S{number}", voice=VOICES["low"]) for number in (1, 2)),
            lines=tuple(lines),
            state="current",
        )
        job_id = accepted(principal)
        with context.database.writing() as session:
            session.get_one(Job, job_id).status = "completed"
            session.query(Task).delete()
            FirstVersion(job_id, script).keep(session)
        return job_id

    return put


@pytest.fixture
def desk(client: httpx.Client, written: Callable[..., str]) -> Desk:
    return Desk(client, written(talk_of(12)))
