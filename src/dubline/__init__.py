"""Takes a video in one language and gives it back spoken in another.

from dubline import dub
result = dub("talk.mp4", to="es")
print(result.video, result.report)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dubline.api.dub import dub, redub

__all__ = ["__version__", "dub", "redub"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """`dub` and `redub` are fetched on first use: `dubline --help` needs neither."""
    if name in ("dub", "redub"):
        return getattr(import_module("dubline.api.dub"), name)
    raise AttributeError(f"module 'dubline' has no attribute '{name}'")
