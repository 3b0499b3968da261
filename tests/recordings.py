"""The shared recordings as the engines want them: 16 kHz, one channel; and who speaks in them when."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import numpy as np

from dubline.domain.speech import Turn
from dubline.domain.time import Span
from dubline.sound.pcm import SPEECH_RATE, Sound


@cache
def recording(path: Path) -> Sound:
    command = ["ffmpeg", "-v", "error", "-i", f"file:{path}", "-ac", "1", "-ar", "16000", "-f", "f32le", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return Sound(np.frombuffer(raw, dtype=np.float32), SPEECH_RATE)


def turns(rttm: Path) -> list[Turn]:
    found = []
    for row in rttm.read_text().splitlines():
        _, _, _, start, length, _, _, speaker, *_ = row.split()
        span = Span.of_seconds(float(start), float(start) + float(length))
        found.append(Turn(speaker=speaker, span=span))
    return found
