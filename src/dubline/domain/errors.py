"""Failures that have a type and a voice.

DublineError
├── UserError        the request or the file is at fault; trying again changes nothing
│   └── Gone         what is asked for was there once and is not kept any more
├── Unavailable      something that must be installed or configured is missing; carries the fix
├── EngineError      a model or a service failed; says whether trying again can help
├── StorageFull      the disk cannot take more; nothing that was finished is lost
└── Cancelled        somebody stopped the work

Anything else that is raised is a bug.
"""

from __future__ import annotations


class DublineError(Exception):
    """A failure we expected. `code` is stable, `message` one plain sentence, `hint` says what to do next."""

    def __init__(self, code: str, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UserError(DublineError):
    """The request or the file is at fault."""


class Gone(UserError):
    """It was there once; the hint says how to have it again."""


class Unavailable(DublineError):
    """Something is not installed or not configured; the hint is the exact command or variable."""


class EngineError(DublineError):
    """An engine failed. Only the engine knows whether a second try can help."""

    def __init__(self, code: str, message: str, *, hint: str = "", retryable: bool = False) -> None:
        super().__init__(code, message, hint=hint)
        self.retryable = retryable


class StorageFull(DublineError):
    """The disk is full. What was finished stays finished."""


class Cancelled(DublineError):
    """The work was stopped on request."""

    def __init__(self) -> None:
        super().__init__("cancelled", "Stopped.", hint="Run the same command again to go on from here.")
