"""Logs: one JSON object a line, or plain lines for people at a terminal. Everything that logs goes this way,
uvicorn and the libraries too."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor

from dubline.observe.faults import told
from dubline.observe.secrets import hidden

FILE_BYTES, FILES = 10 << 20, 5
"""How large a log file grows, and how many older ones are kept."""

OURS = "dubline"

Report = Callable[[BaseException], None]


@dataclass(frozen=True)
class Logging:
    format: Literal["auto", "console", "json"] = "auto"
    level: str = "info"
    file: Path | None = None
    """Also written there, as JSON."""
    report: Report | None = None
    """Told of every error that is logged with its exception."""


def configure(chosen: Logging) -> None:
    """Once a process, by whoever starts it."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Faults(chosen.report),
        _clean,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    foreign = [_first_line, *before]
    root = logging.getLogger()
    root.handlers = list(_handlers(chosen, foreign))
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(chosen.level.upper())
    logging.captureWarnings(True)


def _handlers(chosen: Logging, foreign: list[Processor]) -> Iterable[logging.Handler]:
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(_formatter(for_people(chosen.format), foreign))
    yield stream
    if chosen.file:
        chosen.file.parent.mkdir(parents=True, exist_ok=True)
        kept = RotatingFileHandler(chosen.file, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8")
        kept.setFormatter(_formatter(False, foreign))
        yield kept


def for_people(chosen: str) -> bool:
    return chosen == "console" or (chosen == "auto" and sys.stderr.isatty())


def _formatter(people: bool, foreign: list[Processor]) -> logging.Formatter:
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if people
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=foreign, processors=[remove, renderer])


class _Faults:
    """`log.exception` and the like: the fault is told without its words, and reported where that is wished."""

    def __init__(self, report: Report | None) -> None:
        self._report = report

    def __call__(self, _logger: object, _name: str, event: EventDict) -> EventDict:
        error = _error_of(event.pop("exc_info", None))
        event.pop("stack_info", None)
        if error is not None:
            event["fault"] = told(error)
            if self._report:
                self._report(error)
        return event


def _error_of(info: object) -> BaseException | None:
    found = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    return found if isinstance(found, BaseException) else None


def _clean(_logger: object, _name: str, event: EventDict) -> EventDict:
    return {name: _cleaned(value) for name, value in event.items()}


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - whatever somebody logs
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items()}
    return value


def _first_line(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Libraries write errors into their messages, and with them what the errors quote."""
    event["event"] = str(event["event"]).strip().partition("\n")[0]
    return event
