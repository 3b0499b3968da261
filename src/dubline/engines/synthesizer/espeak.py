"""eSpeak NG: a hundred languages in formant quality, as its own process (GPL-3.0)."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import ClassVar

import numpy as np

from dubline.domain.errors import EngineError
from dubline.domain.language import base
from dubline.domain.speech import Gender, Voice
from dubline.ports.engine import Need, program
from dubline.ports.synthesizer import Synthesizer
from dubline.sound.pcm import Sound
from dubline.sound.resample import at_rate
from dubline.sound.trim import trim

PROGRAM = "espeak-ng"
RATE = 24_000
WORDS_PER_MINUTE = 175
AMPLITUDE = 80
"""Of 200; at the default of 100 some variants clip."""

# Median pitch in Hz, measured on a Spanish sentence; most intelligible first.
_VARIANTS: Mapping[str, tuple[Gender, float]] = {
    "m3": (Gender.MALE, 109.0),
    "f5": (Gender.FEMALE, 211.0),
    "m1": (Gender.MALE, 96.0),
    "f3": (Gender.FEMALE, 219.0),
    "m7": (Gender.MALE, 111.0),
    "f2": (Gender.FEMALE, 203.0),
    "m8": (Gender.MALE, 88.0),
    "f4": (Gender.FEMALE, 184.0),
    "m4": (Gender.MALE, 97.0),
    "f1": (Gender.FEMALE, 184.0),
}

# The program's names that are not what everybody else calls the language.
_TAGS: Mapping[str, str] = {"cmn-latn-pinyin": "zh", "pt": "pt-PT", "fr-fr": "fr"}
# ja reads kanji as "Chinese letter"; cmn reads characters as English; the others are no languages of this world.
_LEFT_OUT = ("ja", "cmn", "piqd", "qdb", "py", "qya", "sjn", "en-us-nyc")
_FIRST_DIALECT: Mapping[str, str] = {"en": "en-US", "pt": "pt-BR", "no": "nb"}

_SECONDS = 120
_WAV_HEADER = 44


class Espeak(Synthesizer):
    name: ClassVar[str] = PROGRAM
    version: ClassVar[str] = "1"
    summary: ClassVar[str] = "a hundred languages, robotic but fast"
    licence: ClassVar[str] = "GPL-3.0, its own process"
    native_rates = (0.8, 1.4)
    preference = 0.1

    def needs(self) -> tuple[Need, ...]:
        return (program(PROGRAM, PROGRAM),)

    def identity(self) -> str:
        """With the program's own version: another one speaks otherwise."""
        return f"{super().identity()}+{_program_version()}"

    def languages(self) -> tuple[str, ...]:
        return () if self.missing() else tuple(_files())

    def voices(self, language: str) -> tuple[Voice, ...]:
        tag = _dialect(language, self.languages())
        return tuple(_voice(tag, variant) for variant in _VARIANTS) if tag else ()

    def _speak(self, text: str, voice: Voice, rate: float) -> Sound:
        command = [PROGRAM, "-v", _file_and_variant(voice), "-s", str(round(WORDS_PER_MINUTE * rate))]
        command += ["-a", str(AMPLITUDE), "-b", "1", "--stdin", "--stdout"]
        said = trim(_wave(_run(command, _harmless(text)))) if _speakable(text) else None
        if said is None or said.frames == 0:
            raise EngineError("text_unspeakable", f"There is nothing to say in '{text[:60]}'.")
        return at_rate(said, RATE)


def _voice(tag: str, variant: str) -> Voice:
    gender, pitch = _VARIANTS[variant]
    return Voice(engine=PROGRAM, name=f"{tag}+{variant}", language=tag, gender=gender, pitch=pitch)


def _dialect(language: str, known: Sequence[str]) -> str | None:
    """The very dialect, else the usual one of that language, else its first."""
    wanted = language.lower()
    for tag in known:
        if tag.lower() == wanted:
            return tag
    first = _FIRST_DIALECT.get(base(language))
    if first in known:
        return first
    return next((tag for tag in known if base(tag) == base(language)), None)


def _file_and_variant(voice: Voice) -> str:
    tag, _, variant = voice.name.partition("+")
    if tag not in _files() or variant not in _VARIANTS:
        raise EngineError("voice_unknown", f"espeak-ng has no voice called {voice.name}.")
    # By file: with a language name such as fr-fr a variant silently selects the default, English.
    return f"{_files()[tag]}+{variant}"


@cache
def _files() -> Mapping[str, str]:
    """Language tag → voice file, as the program lists them: columns are priority, tag, age, name, file."""
    found: dict[str, str] = {}
    for line in _run([PROGRAM, "--voices"], "").decode().splitlines()[1:]:
        _, language, _, _, file, *_ = line.split()
        if language in _LEFT_OUT or "-x-" in language or (language not in _TAGS and "-latn" in language):
            continue
        found.setdefault(_TAGS.get(language) or _tag(language), file)
    return found


def _tag(language: str) -> str:
    """en-us → en-US; regions of two letters or three digits in capitals, the rest small."""
    head, *rest = language.split("-")
    return "-".join([head, *(part.upper() if len(part) == 2 else part for part in rest)])


@cache
def _program_version() -> str:
    words = _run([PROGRAM, "--version"], "").decode().split()
    return "-".join(words[words.index("text-to-speech:") + 1 :][:1]) if "text-to-speech:" in words else ""


def _speakable(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def _harmless(text: str) -> str:
    """Without what the program would take for commands: control characters and [[phoneme]] brackets."""
    plain = "".join(
        " " if unicodedata.category(char) in ("Cc", "Cs", "So", "Co", "Cn") else char for char in text
    )
    return plain.replace("[[", "[").replace("]]", "]")


def _run(command: Sequence[str], text: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, the text goes in by stdin
            command, input=text.encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError("synthesizer_stuck", "espeak-ng did not answer in time.", retryable=True) from error
    if done.returncode != 0:
        raise EngineError("synthesizer_failed", f"espeak-ng failed: {done.stderr.decode(errors='replace')}")
    return done.stdout


def _wave(content: bytes) -> Sound:
    """A WAV from a pipe: the header's length is a guess the program made before it spoke."""
    rate = int.from_bytes(content[24:28], "little")
    whole = (len(content) - _WAV_HEADER) // 2 * 2
    samples = np.frombuffer(
        content, dtype="<i2", count=max(0, whole // 2), offset=min(_WAV_HEADER, len(content))
    )
    return Sound(samples.astype(np.float32) / np.float32(32768), rate)
