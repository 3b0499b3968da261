"""The command line: one file per group of commands, fetched only when it is asked for."""

from __future__ import annotations

import os
import sys
import traceback

from dubline.domain.errors import Cancelled, DublineError, EngineError, StorageFull, Unavailable, UserError

EXIT_USER, EXIT_MISSING, EXIT_ENGINE, EXIT_STORAGE, EXIT_BUG, EXIT_STOPPED = 2, 3, 4, 5, 70, 130

_EXIT = {
    UserError: EXIT_USER,
    Unavailable: EXIT_MISSING,
    EngineError: EXIT_ENGINE,
    StorageFull: EXIT_STORAGE,
    Cancelled: EXIT_STOPPED,
}


def main() -> None:
    from dubline.cli.app import app

    try:
        app(standalone_mode=True)
    except DublineError as error:
        sys.exit(_tell(error))
    except BrokenPipeError:
        os._exit(0)
    except Exception:  # noqa: BLE001 - the last door: whatever comes through here is a bug, and is called one
        traceback.print_exc()
        sys.stderr.write(
            "\nThis is a bug in dubline. Finished work is kept; please report what stands above.\n"
        )
        sys.exit(EXIT_BUG)


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
