"""What can go wrong when a program talks to a server of dubline.

ClientError
├── ConnectionLost      nobody answered, or the line broke, for longer than the client's patience
├── TookTooLong         what was waited for did not happen in the time that was given
├── Damaged             what came is not what was sent: sizes or digests differ
├── JobFailed           a job that was waited for failed or was cancelled
├── RenderFailed        so did the render of an edited script
└── Refused             the server answered, and the answer is no
    ├── NotAllowed      401, 403: the key is missing, wrong, or may not do this
    ├── NotFound        404: there is no such thing, or it belongs to somebody else
    ├── RevisionConflict  409: somebody else changed it since you read it
    ├── TooMany         429: a limit was reached
    └── ServerFault     5xx: not your fault
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dubline.client.jobs import Job, Target

Document = Mapping[str, Any]
"""JSON as it came."""

SERVER_FAULTS = 500


class ClientError(Exception):
    """All of these."""


class ConnectionLost(ClientError, ConnectionError):
    """Nobody answered, or the line broke. `sent` tells whether the server may have seen the request."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class TookTooLong(ClientError, TimeoutError):
    """What was waited for did not happen in time; it may still happen."""


class Damaged(ClientError):
    """What came is not what was sent."""


class JobFailed(ClientError):
    """A job that was waited for failed or was cancelled; `job` tells the rest."""

    def __init__(self, job: Job) -> None:
        super().__init__(f"job {job.id} {job.status}: {job.error_message or 'nothing more is known'}")
        self.job = job


class RenderFailed(ClientError):
    """The files are still those of the last render; `target` tells the rest."""

    def __init__(self, target: Target) -> None:
        super().__init__(f"the render failed: {target.error_message or 'nothing more is known'}")
        self.target = target


class Refused(ClientError):
    """The server said no. `code` is for programs and never changes its meaning; the rest is for people."""

    def __init__(self, status: int, problem: Document, retry_after: float | None = None) -> None:
        self.status = status
        self.code = str(problem.get("code", f"http_{status}"))
        self.title = str(problem.get("title", "Refused"))
        self.detail = str(problem.get("detail", ""))
        self.hint = str(problem.get("hint", ""))
        self.trace_id = str(problem.get("trace_id", ""))
        """For whoever runs the server: their logs know the request by it."""
        self.errors: tuple[Document, ...] = tuple(problem.get("errors") or ())
        """Where a request held several things that were refused."""
        self.retry_after = retry_after
        said = " ".join(part for part in (self.detail, self.hint) if part)
        super().__init__(f"{status} {self.code}: {said or self.title}")


class NotAllowed(Refused):
    """The key is missing, wrong, revoked, or may not do this."""


class NotFound(Refused):
    """There is no such thing, or it belongs to somebody else."""


class RevisionConflict(Refused):
    """Somebody else changed it since you read it, and nothing was overwritten. `current` is what is there now."""

    def __init__(self, status: int, problem: Document, retry_after: float | None = None) -> None:
        super().__init__(status, problem, retry_after)
        self.current: Document = problem.get("current") or {}


class TooMany(Refused):
    """A limit was reached: of requests, jobs, minutes or uploads."""


class ServerFault(Refused):
    """Not your fault."""


BY_STATUS: Mapping[int, type[Refused]] = {401: NotAllowed, 403: NotAllowed, 404: NotFound, 429: TooMany}


def refusal(status: int, problem: Document, retry_after: float | None = None) -> Refused:
    kind = ServerFault if status >= SERVER_FAULTS else BY_STATUS.get(status, Refused)
    if problem.get("code") == "revision_conflict":
        kind = RevisionConflict
    return kind(status, problem, retry_after)
