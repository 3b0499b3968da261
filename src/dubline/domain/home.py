"""Where dubline keeps what is its own: models, artefacts, ledger.

`DUBLINE_HOME` moves everything under one folder; otherwise the XDG folders are used.
"""

from __future__ import annotations

import os
from pathlib import Path


def _xdg(variable: str, fallback: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / fallback) / "dubline"


def data_folder() -> Path:
    """Models: expensive to fetch, never deleted by a cache command."""
    home = os.environ.get("DUBLINE_HOME")
    return Path(home) if home else _xdg("XDG_DATA_HOME", ".local/share")


def cache_folder() -> Path:
    """Artefacts and ledger: can be made again from the source."""
    home = os.environ.get("DUBLINE_HOME")
    return Path(home) / "cache" if home else _xdg("XDG_CACHE_HOME", ".cache")
