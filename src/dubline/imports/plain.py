"""A file by its URL. A fetch that was interrupted goes on where it stopped, if the server can and the file is still
the same; else it begins anew."""

from __future__ import annotations

import mimetypes
import re
import time
from pathlib import PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

from dubline.egress import Caps, Failed, Reply
from dubline.egress.client import OK, PARTIAL, UNSATISFIABLE
from dubline.imports.errand import Errand, Fetched
from dubline.imports.part import Mark, Part, validator_of
from dubline.storage.blobs import disk_full_is_plain

TRIES = 3
READ_SECONDS = 30.0
LOOK_EVERY = 8 << 20
"""Bytes between two looks at the free disk."""


class _Anew(Exception):
    """What we have a part of is not what the server has now."""


def fetch(errand: Errand) -> Fetched:
    """Tried again as long as each try brings something. Whatever the failure, it is told at the same moment."""
    started, part = time.monotonic(), Part(errand.folder)
    for _ in range(TRIES):
        before = part.size
        try:
            return _fetch(errand, part, started + errand.most_seconds)
        except _Anew:
            part.drop()
        except Failed:
            if part.size <= before:
                break
    errand.egress.even_out(started, errand.stop)
    raise Failed


def _fetch(errand: Errand, part: Part, deadline: float) -> Fetched:
    errand.check_disk()
    mark = part.mark(errand.url)
    if mark is None:
        part.drop()
    elif mark.total == part.size:
        return Fetched(part.path, mark.name)
    ranged = {"range": f"bytes={part.size}-", "if-range": mark.validator} if mark and part.size else {}
    caps = Caps(errand.most_bytes, max(0.0, deadline - time.monotonic()), READ_SECONDS)
    with errand.egress.request(errand.url, headers=ranged, caps=caps, stop=errand.stop) as reply:
        if reply.status == OK:
            part.drop()
            return _receive(errand, reply, part)
        if not ranged or reply.status not in (PARTIAL, UNSATISFIABLE):
            raise Failed
        if not _goes_on(reply, part.size, mark):
            raise _Anew
        return _receive(errand, reply, part)


def _goes_on(reply: Reply, kept: int, mark: Mark | None) -> bool:
    """Some servers send a range of another file than the one that was asked for."""
    found = re.match(r"bytes (\d+)-", reply.headers.get("content-range", ""))
    same = mark is not None and validator_of(reply.headers) in ("", mark.validator)
    return found is not None and int(found[1]) == kept and same


def _receive(errand: Errand, reply: Reply, part: Part) -> Fetched:
    total = _total(reply, part.size)
    errand.check_size(total or part.size)
    name = _name(reply)
    part.note(Mark(errand.url, name, validator_of(reply.headers), total))
    with disk_full_is_plain(), part.path.open("ab") as file:
        _write(errand, reply, file, total)
    return Fetched(part.path, name)


def _total(reply: Reply, start: int) -> int | None:
    announced = reply.headers.get("content-length", "")
    known = announced.isdigit() and "content-encoding" not in reply.headers
    return start + int(announced) if known else None


def _write(errand: Errand, reply: Reply, file: IO[bytes], total: int | None) -> None:
    done = looked = file.seek(0, 2)
    for chunk in reply.chunks:
        file.write(chunk)
        file.flush()
        done += len(chunk)
        errand.check_size(done)
        errand.report(done, total)
        if done - looked > LOOK_EVERY:
            looked = done
            errand.check_disk()


def _name(reply: Reply) -> str:
    """The last part of where it came from, with an ending that fits what it says it is."""
    last = PurePosixPath(unquote(urlsplit(reply.url).path)).name or "video"
    kind = reply.headers.get("content-type", "").partition(";")[0].strip()
    return last if PurePosixPath(last).suffix else last + (mimetypes.guess_extension(kind) or "")
