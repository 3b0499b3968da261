"""The GE2E speaker encoder of Resemblyzer, and a diarizer built on it."""

from dubline.engines.speaker.ge2e.diarizer import Ge2eDiarizer
from dubline.engines.speaker.ge2e.encoder import Ge2eEncoder

__all__ = ["Ge2eDiarizer", "Ge2eEncoder"]
