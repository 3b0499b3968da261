"""A script and its rows: the head in one, each line in one of its own."""

from __future__ import annotations

import time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dubline.domain.script import Line, Script, TargetState
from dubline.service.ids import new_id
from dubline.storage.tables import Document, ScriptLine, ScriptRevision, ScriptRow

FIRST = 1


def head_of(script: Script) -> Document:
    """All but the lines. Where the file lies on the server is nobody's business."""
    bare = script.model_copy(
        update={"lines": (), "source": script.source.model_copy(update={"path": ""}), "settings": {}}
    )
    return bare.model_dump(mode="json")


def line_row(script_id: str, line: Line) -> ScriptLine:
    return ScriptLine(
        script_id=script_id,
        line_id=line.id,
        start=line.span.start,
        end=line.span.end,
        speaker=line.speaker,
        flags="".join(f" {flag} " for flag in (*line.flags, *line.rendering)),
        revision=line.revision,
        document=line.model_dump(mode="json"),
    )


def line_of(row: ScriptLine) -> Line:
    return Line.model_validate(row.document)


class FirstVersion:
    """The script as the dub left it. It is written out before the transaction: a long one takes a while."""

    def __init__(self, job_id: str, script: Script) -> None:
        self._row = ScriptRow(
            id=new_id("scr"),
            job_id=job_id,
            target=script.target_language,
            revision=FIRST,
            rendered=FIRST,
            state=script.state,
            document=head_of(script),
        )
        self._lines = [
            line_row(self._row.id, line.model_copy(update={"revision": FIRST})) for line in script.lines
        ]

    def keep(self, session: Session) -> None:
        row, now = self._row, time.time()
        session.execute(
            delete(ScriptRow).where(ScriptRow.job_id == row.job_id, ScriptRow.target == row.target)
        )
        row.updated_at = now
        session.add(row)
        session.flush()
        session.add_all(self._lines)
        session.add(ScriptRevision(script_id=row.id, revision=FIRST, action="dub", changes={}, at=now))


class Rendered:
    """What a render made of a script: takes, fits and checks for the lines nobody edited meanwhile."""

    def __init__(self, revision: int, script: Script) -> None:
        self._revision = revision
        self._head = head_of(script)
        self._lines = {line.id: line_row("", line) for line in script.lines}

    def keep(self, session: Session, row: ScriptRow) -> None:
        for there in session.scalars(select(ScriptLine).where(ScriptLine.script_id == row.id)):
            made = self._lines.get(there.line_id)
            if made and made.revision == there.revision and made.document != there.document:
                there.document, there.flags = made.document, made.flags
        row.document, row.rendered = self._head, self._revision
        current = row.revision == self._revision
        row.state = TargetState.CURRENT if current else TargetState.STALE
        row.updated_at = time.time()
