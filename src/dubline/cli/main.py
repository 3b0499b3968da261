"""The command line: one file per group of commands, fetched only when it is asked for."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from dubline.domain.errors import Cancelled, DublineError, EngineError, StorageFull, Unavailable, UserError

EXIT_USER, EXIT_MISSING, EXIT_ENGINE, EXIT_STORAGE, EXIT_BUG, EXIT_STOPPED = 2, 3, 4, 5, 70, 130

_EXIT = {
    UserError: EXIT_USER,
    Unavailable: EXIT_MISSING,
    EngineError: EXIT_ENGINE,
    StorageFull: EXIT_STORAGE,
    Cancelled: EXIT_STOPPED,
}


def main() -> NoReturn:
    from dubline.cli.app import app

    _leave(_run(app))


def _run(app: Callable[[], object]) -> int:
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except DublineError as error:
        return _tell(error)
    except BrokenPipeError:
        return 0
    except Exception:  # noqa: BLE001 - the last door: whatever comes through here is a bug, and is called one
        traceback.print_exc()
        sys.stderr.write(
            "\nThis is a bug in dubline. Finished work is kept; please report what stands above.\n"
        )
        return EXIT_BUG
    return 0


def _leave(code: int) -> NoReturn:
    """Straight out: nothing of ours is left to do, and libraries that still hold threads have been seen to crash
    while a Python that shuts down takes them apart."""
    with suppress(BrokenPipeError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _tell(error: DublineError) -> int:
    if isinstance(error, Cancelled):
        sys.stderr.write(f"\n{error}\n")
    else:
        sys.stderr.write(f"{_kind(error)} [{error.code}]: {error.message}\n")
        if error.hint:
            sys.stderr.write(f"{error.hint}\n")
    return next((code for kind, code in _EXIT.items() if isinstance(error, kind)), EXIT_ENGINE)


def _kind(error: DublineError) -> str:
    if isinstance(error, UserError):
        return "Cannot do this"
    if isinstance(error, Unavailable):
        return "Missing"
    if isinstance(error, StorageFull):
        return "Disk full"
    if isinstance(error, EngineError) and error.retryable:
        return "Failed for now"
    return "Failed"
