"""Errors as logs tell them: what kind, and where. Not what they say: a message quotes what it was about, which may be
what somebody said in a video, or an e-mail, or a row of a table."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TypedDict

from dubline.domain.errors import DublineError

MOST_FRAMES = 12
MOST_CAUSES = 5


class Fault(TypedDict):
    type: str
    code: str
    at: list[str]


def told(error: BaseException) -> list[Fault]:
    """The error, then what caused it."""
    chain: list[Fault] = []
    current: BaseException | None = error
    while current is not None and len(chain) < MOST_CAUSES:
        chain.append(Fault(type=_kind(current), code=_code(current), at=_places(current)))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return chain


def _kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _code(error: BaseException) -> str:
    """What of an error is fixed beforehand, and therefore nobody's words."""
    if isinstance(error, DublineError):
        return error.code
    if isinstance(error, OSError) and error.errno is not None:
        return f"errno {error.errno}"
    return ""


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return [f"{'/'.join(Path(each.filename).parts[-3:])}:{each.lineno} {each.name}" for each in frames]
