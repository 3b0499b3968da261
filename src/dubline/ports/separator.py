"""Voices apart from everything else."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from dubline.ports.engine import Engine
from dubline.sound.pcm import Sound


class Separator(Engine):
    capability = "separator"

    def background(self, sound: Sound, progress: Callable[[float], None] = lambda _: None) -> Sound:
        """What is left of a stereo 48 kHz programme without its voices: same rate, same frames, same level.

        The voices are the programme minus this, sample by sample.
        """
        return self._call(lambda: self._background(sound, progress))

    @abstractmethod
    def _background(self, sound: Sound, progress: Callable[[float], None]) -> Sound: ...
