"""The script of a job in one language: its lines are read, changed and rendered. Every change names the revision it
was based on, so that nothing is ever written over what somebody else did meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dubline.client.connection import Connection
from dubline.client.errors import Document, RenderFailed, TookTooLong
from dubline.client.events import watch
from dubline.client.jobs import Job, Target
from dubline.client.reading import read

PAGE = 500
TOLD_BY = frozenset({"job.rendered", "job.render_failed"})


@dataclass(frozen=True)
class Span:
    """In seconds."""

    start: float
    end: float


@dataclass(frozen=True)
class Voice:
    engine: str
    name: str


@dataclass(frozen=True)
class Line:
    id: str
    revision: int
    """What a change of this line is based on."""
    span: Span
    speaker: str
    source_text: str
    text: str = ""
    voice: Voice | None = None
    rate: float | None = None
    keep_original: bool = False
    edited: bool = False
    stale: bool = False
    """Changed since the files were rendered."""
    shorter: str = ""
    """Where the text does not fit its time: a wording that would."""
    max_characters: int | None = None
    flags: tuple[str, ...] = ()
    rendering: tuple[str, ...] = ()
    document: Document | None = None
    """All that the server told of the line."""

    @classmethod
    def of(cls, document: Document) -> Line:
        return replace(read(cls, document), document=document)


@dataclass(frozen=True)
class Edited:
    """What an edit left: the lines it changed as they are now, and those that are gone."""

    revision: int
    """Of the script."""
    state: str
    lines: tuple[Line, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Rendering:
    queued: bool
    """Whether there is anything to render."""
    revision: int
    rendered: int
    message: str


class Script:
    def __init__(self, connection: Connection, job_id: str, language: str) -> None:
        self._connection = connection
        self._job = job_id
        self._language = language
        self._path = f"jobs/{job_id}/scripts/{language}"

    def state(self) -> Target:
        """Whether the files say what the script says."""
        return read(Job, self._connection.document("GET", f"jobs/{self._job}")).target(self._language)

    def lines(
        self,
        *,
        speaker: str | None = None,
        flag: str | None = None,
        stale: bool | None = None,
        after: float | None = None,
        before: float | None = None,
    ) -> Iterator[Line]:
        """In order of time."""
        wanted = {"speaker": speaker, "flag": flag, "stale": stale, "after": after, "before": before}
        for page in pages(self._connection, f"{self._path}/lines", {**wanted, "limit": PAGE}):
            yield from map(Line.of, page["lines"])

    def line(self, line_id: str) -> Line:
        return Line.of(self._connection.document("GET", f"{self._path}/lines/{line_id}"))

    def patch(
        self,
        line: Line,
        *,
        text: str | None = None,
        source_text: str | None = None,
        start: float | None = None,
        end: float | None = None,
        speaker: str | None = None,
        voice: str | None = None,
        rate: float | None = None,
        keep_original: bool | None = None,
    ) -> Edited:
        """What is left out stays as it is."""
        asked = {"text": text, "source_text": source_text, "start": start, "end": end, "speaker": speaker}
        asked = {**asked, "voice": voice, "rate": rate, "keep_original": keep_original}
        given = {name: value for name, value in asked.items() if value is not None}
        return self._edit("PATCH", f"/lines/{line.id}", line.revision, given)

    def delete(self, line: Line) -> Edited:
        return self._edit("DELETE", f"/lines/{line.id}", line.revision)

    def split(self, line: Line, *, at: float | None = None, character: int | None = None) -> Edited:
        given = {"at": at, "character": character}
        asked = {name: value for name, value in given.items() if value is not None}
        return self._edit("POST", f"/lines/{line.id}/split", line.revision, asked)

    def merge(self, line: Line, following: Line) -> Edited:
        asked = {"next": following.id, "revision": following.revision}
        return self._edit("POST", f"/lines/{line.id}/merge", line.revision, asked)

    def insert(
        self, start: float, end: float, speaker: str, text: str, *, voice: str | None = None, seen: int
    ) -> Edited:
        """`seen` is the revision of the script you saw, as `state()` tells it."""
        asked = {"start": start, "end": end, "speaker": speaker, "text": text, "voice": voice}
        return self._edit("POST", "/lines", seen, asked)

    def undo(self, *, seen: int) -> Edited:
        return self._edit("POST", "/undo", seen)

    def redo(self, *, seen: int) -> Edited:
        return self._edit("POST", "/redo", seen)

    def render(self, again: Sequence[Line] = ()) -> Rendering:
        """Make the files say what the script says; of the lines named `again` another take is made."""
        asked = {"lines": [line.id for line in again]}
        return read(Rendering, self._connection.document("POST", f"{self._path}/render", json=asked))

    def rendered(self, timeout: float | None = None) -> Target:
        """Waits until the files say what the script says now."""
        wanted = (now := self.state()).revision or 0
        if self._settled(now, wanted):
            return now
        for event in watch(self._connection, self._job, follow=True, timeout=timeout):
            told = event.kind in TOLD_BY and event.data.get("language") == self._language
            if told and self._settled(now := self.state(), wanted):
                return now
        raise TookTooLong("the stream ended before the render did")

    def _settled(self, now: Target, wanted: int) -> bool:
        if now.state == "failed":
            raise RenderFailed(now)
        return (now.rendered or 0) >= wanted

    def _edit(self, method: str, path: str, seen: int, asked: Mapping[str, Any] | None = None) -> Edited:
        headers = {"If-Match": f'"{seen}"'}
        told = self._connection.document(method, f"{self._path}{path}", json=asked, headers=headers)
        lines = tuple(map(Line.of, told["lines"]))
        return Edited(told["revision"], told["state"], lines, tuple(told["removed"]))


def pages(connection: Connection, path: str, wanted: Mapping[str, object]) -> Iterator[Document]:
    """Of a list that is told a page at a time; the next one is asked for when this one is used up."""
    cursor: str | None = None
    while True:
        page = connection.document("GET", path, params={**wanted, "cursor": cursor})
        yield page
        if (cursor := page["next_cursor"]) is None:
            return
