"""Whether there is room for one more task: on the disk, and in memory beside those at work."""

from __future__ import annotations

import resource

import structlog
from sqlalchemy.orm import Session

from dubline.service import resources
from dubline.service.context import Context
from dubline.service.jobs import queue

log = structlog.get_logger()


class Admission:
    def __init__(self, context: Context) -> None:
        self._settings = context.settings
        self._told = ""

    def held_back(self, session: Session) -> bool:
        """Said once in the log, not at every look."""
        reason = self._reason(session)
        if reason and reason != self._told:
            log.warning("tasks wait", reason=reason)
        self._told = reason
        return bool(reason)

    def _reason(self, session: Session) -> str:
        if resources.disk_nearly_full(self._settings):
            return "the disk is nearly full"
        if self._still_needed() > resources.free_memory() and queue.others_at_work(session):
            return "too little free memory beside the tasks at work"
        return ""

    def _still_needed(self) -> int:
        """What a dub takes, less what this process holds already: models stay loaded. Alone at work a task is
        never held back, since nobody would free anything for it."""
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return max(self._settings.task_memory_bytes, used) - resources.held_memory()
