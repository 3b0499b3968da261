"""How each voice sounds to the speaker encoder, measured once by `scripts/voice_likenesses.py`.

Beside the voices people choose from by name there are mixtures of a native with every other voice of that gender:
matching takes the one nearest to a speaker.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dubline.domain.speech import Voice
from dubline.engines.synthesizer.kokoro.blending import named
from dubline.engines.synthesizer.kokoro.voices import spoken_in
from dubline.ports.synthesizer import Likenesses

ENCODER = "ge2e@1"
TABLE = Path(__file__).with_name("likenesses.tsv")
PRINTS = Path(__file__).with_name("likenesses.npy")


@dataclass(frozen=True)
class _Measured:
    voices: tuple[Voice, ...]
    prints: npt.NDArray[np.float32]


def likenesses(language: str) -> Likenesses | None:
    everybody = _everybody()
    able = spoken_in(language, everybody.voices)
    if not able:
        return None
    rows = {voice.name: row for row, voice in enumerate(everybody.voices)}
    return Likenesses(ENCODER, able, everybody.prints[[rows[voice.name] for voice in able]])


def measured(name: str) -> Voice | None:
    """A voice as it was measured; none where nobody did."""
    return next((voice for voice in _everybody().voices if voice.name == name), None)


@cache
def _everybody() -> _Measured:
    """Unit length again, which half precision had taken from them."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    prints = np.load(PRINTS).astype(np.float32)
    prints /= np.linalg.norm(prints, axis=1, keepdims=True)
    return _Measured(tuple(_voice(row) for row in rows), prints)


def _voice(row: Mapping[str, str]) -> Voice:
    voice = named(row["voice"])
    if voice is None:
        raise ValueError(f"the table of likenesses names {row['voice']}, which is no voice")
    swing = float(row["swing"]) if row["swing"] else None
    return voice.model_copy(update={"pitch": float(row["pitch"]), "swing": swing})
