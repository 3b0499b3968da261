"""One request under its key: done once, and told again as often as it is asked for, whatever door it came by."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from dubline.domain.errors import DublineError
from dubline.service.context import Context
from dubline.service.ids import following
from dubline.service.problem import ServiceError
from dubline.service.replies import repository
from dubline.service.replies.repository import Asked, Begun, Conflict, Given

MOST_KEY = 255

R = TypeVar("R")


class Repeatable:
    def __init__(self, context: Context, asked: Asked) -> None:
        _check(asked.key)
        self._context, self._asked = context, asked

    def begin(self) -> Begun | Given:
        """What was replied, if it was."""
        with self._context.database.writing() as session:
            found = repository.begin(session, self._asked, time.time())
        if isinstance(found, Conflict):
            raise _refused(found)
        return found

    def first(self, begun: Begun, call: Callable[[], R], given: Callable[[R], Given]) -> R:
        try:
            with following(begun.seed):
                result = call()
        except DublineError:
            self._note(repository.forget)
            raise
        except BaseException:
            self._note(repository.release)
            raise
        reply = given(result)
        with self._context.database.writing() as session:
            repository.keep(session, self._asked, reply)
        return result

    def _note(self, change: Callable[[Session, Asked], None]) -> None:
        with self._context.database.writing() as session:
            change(session, self._asked)


def _refused(conflict: Conflict) -> ServiceError:
    if conflict is Conflict.OTHER:
        return ServiceError(
            422,
            "idempotency_mismatch",
            "This Idempotency-Key was used for another request.",
            hint="Take a new key for a new request.",
        )
    return ServiceError(
        409,
        "idempotency_in_progress",
        "The first request with this Idempotency-Key is still at work.",
        hint="Ask again in a second.",
        headers={"Retry-After": "1"},
    )


def _check(key: str) -> None:
    if not (0 < len(key) <= MOST_KEY and key.isascii() and key.isprintable()):
        raise ServiceError(
            422,
            "idempotency_key_invalid",
            f"An Idempotency-Key has 1 to {MOST_KEY} printable ASCII characters.",
            hint="A random UUID does well.",
        )
