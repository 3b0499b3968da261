"""Measures how Kokoro's voices sound and writes the table that voice matching chooses from.

    python scripts/voice_likenesses.py es pt it

Voices that are in the table already, with a swing, are kept as they are; delete the two files to measure all of them
anew. Raise the versions of the stages `match voices` and `cast` when rows have changed, or finished casts are taken
for current.
Takes five to ten seconds a voice on one core; it writes the table after each.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from dubline.craft.hearing import word_error_rate
from dubline.craft.voices.traits import traits
from dubline.domain.language import base
from dubline.domain.speech import Gender, Voice
from dubline.domain.time import Span
from dubline.engines.speaker.ge2e import Ge2eEncoder
from dubline.engines.synthesizer.kokoro import Kokoro
from dubline.engines.synthesizer.kokoro.blending import named
from dubline.engines.synthesizer.kokoro.measured import ENCODER, PRINTS, TABLE
from dubline.engines.synthesizer.kokoro.voices import NATIVES, voices_for
from dubline.engines.transcriber.faster_whisper import FasterWhisper
from dubline.models.catalogue import local_models
from dubline.ports.voice_encoder import Embeddings
from dubline.sound.pcm import SPEECH_RATE
from dubline.sound.resample import at_rate

MIXED = {"es": ("ef_dora", "em_alex"), "pt": ("pf_dora", "pm_alex"), "it": ("if_sara", "im_nicola")}
"""Languages with too few voices of their own, and whom foreign voices are mixed with."""

OWN_SHARE, FOREIGN_SHARE = 0.2, 0.8
MOST_MISHEARD = 0.10
"""A mixture of which more words are misheard is left out, however much it sounds like somebody."""


@dataclass
class Table:
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    prints: dict[str, Embeddings] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Table:
        if not TABLE.exists():
            return cls()
        with TABLE.open(encoding="utf-8", newline="") as file:
            rows = {row["voice"]: row for row in csv.DictReader(file, delimiter="\t")}
        return cls(rows, dict(zip(rows, np.load(PRINTS), strict=True)))

    def write(self) -> None:
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.DictWriter(
                file, ["voice", "pitch", "swing", "misheard"], delimiter="\t", lineterminator="\n"
            )
            sheet.writeheader()
            sheet.writerows(self.rows.values())
        np.save(PRINTS, np.stack(list(self.prints.values())).astype(np.float16))


@dataclass
class Studio:
    kokoro: Kokoro
    encoder: Ge2eEncoder
    ear: FasterWhisper

    def measure(self, voice: Voice, table: Table) -> None:
        text = self.kokoro.sample(voice.language)
        sound = at_rate(self.kokoro.speak(text, voice), SPEECH_RATE)
        misheard = word_error_rate(text, self.ear.hear(sound, base(voice.language)), voice.language)
        sys.stdout.write(f"{voice.name} {misheard:.0%}\n")
        if "*" in voice.name and misheard > MOST_MISHEARD:
            return
        heard = traits(sound)
        table.rows[voice.name] = {
            "voice": voice.name,
            "pitch": f"{heard.pitch or voice.pitch}",
            "swing": f"{heard.swing or ''}",
            "misheard": f"{misheard:.3f}",
        }
        table.prints[voice.name] = self.encoder.embed(sound, [Span.of_seconds(0, sound.duration)])[0]
        table.write()


def wanted(language: str) -> Iterator[Voice]:
    yield from voices_for(language)
    for first in MIXED.get(language, ()):
        for other in NATIVES:
            if other[1] == first[1] and other[0] != first[0]:
                yield mixture(f"{first}*{OWN_SHARE}~{other}*{FOREIGN_SHARE}")


def mixture(name: str) -> Voice:
    voice = named(name)
    if voice is None or voice.gender is Gender.UNKNOWN:
        raise ValueError(name)
    return voice


def main(languages: list[str]) -> None:
    models = local_models()
    studio = Studio(Kokoro(models), Ge2eEncoder(models), FasterWhisper(models))
    if studio.encoder.space != ENCODER:
        raise SystemExit(f"the table is measured with {ENCODER}")
    table = Table.read()
    for language in languages:
        for voice in wanted(language):
            if not table.rows.get(voice.name, {}).get("swing"):
                studio.measure(voice, table)


if __name__ == "__main__":
    main(sys.argv[1:])
