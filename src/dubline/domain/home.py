"""Where dubline keeps what is its own: models, voice library, artefacts, ledger.

`DUBLINE_HOME` moves everything under one folder; otherwise the XDG folders are used.
"""

from __future__ import annotations

import os
from pathlib import Path


def models_home() -> Path:
    """Expensive to fetch; no cache command deletes them."""
    return _home("XDG_DATA_HOME", ".local/share") / "models"


def voices_home() -> Path:
    """The voice library: what people put into it is nowhere else."""
    return _home("XDG_DATA_HOME", ".local/share") / "voices"


def data_home() -> Path:
    """What a server keeps: uploads, results, tables."""
    return _home("XDG_DATA_HOME", ".local/share") / "server"


def cache_home() -> Path:
    """Artefacts and ledger: can be made again from the source."""
    return _home("XDG_CACHE_HOME", ".cache") / "cache" if _chosen() else _home("XDG_CACHE_HOME", ".cache")


def _chosen() -> Path | None:
    home = os.environ.get("DUBLINE_HOME")
    return Path(home).expanduser().absolute() if home else None


def _home(variable: str, fallback: str) -> Path:
    folder = Path(os.environ.get(variable, ""))
    # The XDG rules: a relative path there is invalid and to be ignored.
    return _chosen() or (folder if folder.is_absolute() else Path.home() / fallback) / "dubline"
