"""Engines that behave as badly as real ones can: one kills its process, one cannot be interrupted."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from stub_engines import StubTranscriber, StubTranslator

from dubline.domain.speech import Utterance
from dubline.domain.time import Span
from dubline.sound.pcm import Sound


class Poison(StubTranscriber):
    """As a crash in a native library, or the system that takes memory back."""

    name = "poison"

    def _transcribe(
        self, sound: Sound, windows: Sequence[Span], language: str | None, progress: Callable[[float], None]
    ) -> list[Utterance]:
        os.kill(os.getpid(), signal.SIGKILL)
        return []


class Stuck(StubTranslator):
    """Says that it began, by a file, and goes on when another file is gone."""

    name = "stuck"

    def _translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        held = Path(os.environ["DUBLINE_TEST_HELD"])
        held.with_suffix(".begun").touch()
        while held.exists():
            time.sleep(0.02)
        return super()._translate(texts, source, target)
