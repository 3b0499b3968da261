"""What must be there before work can be done. Each check answers with a reason, and none breaks the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

import structlog
from alembic.script import ScriptDirectory
from sqlalchemy import text

from dubline.domain.settings import DubSettings
from dubline.models.catalogue import local_models
from dubline.ports.engine import Engine
from dubline.ports.registry import Registry
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.translator import Translator
from dubline.runs.choosing import choose
from dubline.service import presence, resources
from dubline.service.context import Context
from dubline.service.health.schemas import Check
from dubline.storage.database import MIGRATIONS

Look = Callable[[Context], str]
"""Why it is not ready; nothing, if it is."""

DEFAULTS = DubSettings()
"""What a job is made with that chooses nothing."""

log = structlog.get_logger()


def draining(context: Context) -> str:
    return "The server is about to end; ask another one." if context.draining.is_set() else ""


def database(context: Context) -> str:
    """A file that is gone stays readable to those who have it open: what they write is lost."""
    if not context.database.there():
        return "The file of the database is gone."
    with context.database.reading() as session:
        found = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
        session.execute(text("SELECT id FROM jobs LIMIT 1")).all()
    wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    return "" if found == wanted else "The tables belong to another version of dubline."


def disk(context: Context) -> str:
    data = context.settings.data
    if not data.is_dir():
        return "The data folder is gone."
    if not os.access(data, os.W_OK) or os.statvfs(data).f_flag & os.ST_RDONLY:
        return "The data folder cannot be written to."
    if resources.disk_nearly_full(context.settings):
        return "The disk is nearly full, so new jobs are refused."
    return ""


def engines(_context: Context) -> str:
    registry = Registry(local_models())
    missing = [need.fix for engine in _shared(registry) for need in engine.missing()]
    if missing:
        return "Not here yet. Run: " + " && ".join(dict.fromkeys(missing))
    for port in (Translator, Synthesizer):
        if not any(engine.offline and not engine.missing() for engine in registry.all(port)):
            return f"No {port.capability} is ready. See: dubline engines"
    return ""


def workers(context: Context) -> str:
    wanted = context.settings.workers
    if wanted and not presence.here(context.workers):
        return "No worker is alive."
    return ""


def _shared(registry: Registry) -> Iterator[Engine]:
    """Those that every dub needs, whatever its languages."""
    for choice in choose(registry, DEFAULTS, "").values():
        for spec in choice.specs:
            yield registry.engine(choice.port, spec)


CHECKS: tuple[Look, ...] = (draining, database, disk, engines, workers)

HOLDS: Mapping[Look, float] = {engines: 60.0}
"""Seconds for which an answer is good while the next one is on its way. Looking at engines means importing them and
reading catalogues, which takes long on a machine whose workers use every core; nothing changed meanwhile."""


def made(check: Look, context: Context) -> Check:
    try:
        reason = check(context)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong here says: not ready
        log.warning("check failed", check=check.__name__, kind=type(error).__name__)
        reason = "It does not answer as it should."
    return Check(name=check.__name__, ready=not reason, reason=reason)
