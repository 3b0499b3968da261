"""What a dub needs of this machine, looked at one by one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pydantic import BaseModel

from dubline.api.inventory import engine_rows
from dubline.domain.home import cache_home, models_home
from dubline.domain.settings import Engines
from dubline.media import sandbox
from dubline.models.catalogue import State, local_models

ROOM = 5 << 30
"""Free bytes under which a long video may not fit."""

MEMORY = 2 << 30


class Finding(BaseModel):
    """One thing looked at. `needed`: without it no dub can run."""

    subject: str
    good: bool
    found: str
    fix: str = ""
    needed: bool = True


def examine() -> list[Finding]:
    return [_media(), *_disks(), _memory(), *_models(), *_engines()]


def _media() -> Finding:
    status = sandbox.status()
    return Finding(
        subject="ffmpeg and sandbox",
        good=status.ready and status.sandboxed,
        found=status.detail,
        fix=status.fix,
    )


def _disks() -> list[Finding]:
    return [
        _disk("disk for finished work", cache_home(), "Free some space, or move it with DUBLINE_HOME."),
        _disk("disk for models", models_home(), "Free some space, or move them with DUBLINE_HOME."),
    ]


def _disk(subject: str, folder: Path, fix: str) -> Finding:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    writable = os.access(there, os.W_OK)
    found = f"{free / 1e9:.1f} GB free" if writable else "not writable"
    return Finding(subject=subject, good=writable and free >= ROOM, found=found, fix=fix, needed=not writable)


def _memory() -> Finding:
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Finding(
        subject="memory",
        good=total >= MEMORY,
        found=f"{total / 1e9:.1f} GB, {free / 1e9:.1f} GB unused; {os.cpu_count()} cores",
        fix="A dub needs about 2 GB.",
    )


def _models() -> list[Finding]:
    return [
        Finding(
            subject=f"model {each.entry.name}",
            good=each.state is State.PRESENT,
            found=str(each.state),
            fix=f"dubline models pull {each.entry.name}",
            needed=each.entry.default,
        )
        for each in local_models().survey()
    ]


def _engines() -> list[Finding]:
    defaults = set(Engines().model_dump().values())
    return [
        Finding(
            subject=f"{row.capability} {row.engine}",
            good=row.ready,
            found=row.able if row.ready else f"needs {row.missing}",
            fix=row.fix,
            needed=row.engine in defaults,
        )
        for row in engine_rows()
    ]
