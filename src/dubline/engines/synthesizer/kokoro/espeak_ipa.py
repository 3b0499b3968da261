"""Phonemes from espeak-ng, as its own process, in the alphabet Kokoro was trained on."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache

from dubline.domain.errors import EngineError

PROGRAM = "espeak-ng"
TIE = "^"

_LANGUAGE_SWITCH = re.compile(r"\([^)]*\)")
_SECONDS = 20

# Kokoro writes each diphthong and affricate as one letter.
_ROMANCE_AND_HINDI: Mapping[str, str] = {
    "a^ɪ": "I",
    "a^ʊ": "W",
    "d^z": "ʣ",
    "d^ʒ": "ʤ",
    "e^ɪ": "A",
    "o^ʊ": "O",
    "ə^ʊ": "Q",
    "s^s": "S",
    "t^s": "ʦ",
    "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y",
}

# Its English was trained on a dictionary of its own; these bring espeak's English to that notation.
_ENGLISH: Mapping[str, str] = {
    "ʔˌn\u0329": "tᵊn",
    "a^ɪ": "I",
    "a^ʊ": "W",
    "d^ʒ": "ʤ",
    "e^ɪ": "A",
    "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y",
    "ə^l": "ᵊl",
    "ʔn": "tᵊn",
    "e": "A",
    "r": "ɹ",
    "x": "k",
    "ç": "k",
    "ɐ": "ə",
    "ɚ": "əɹ",
    "ɬ": "l",
    "ʔ": "t",
    "ʲ": "",
    "\u0303": "",
}
_AMERICAN: Mapping[str, str] = {"o^ʊ": "O", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": "", "o": "ɔ"}
_BRITISH: Mapping[str, str] = {"e^ə": "ɛː", "iə": "ɪə", "ə^ʊ": "Q", "o": "ɔ"}

_NOTATION: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "en-us": (_AMERICAN, _ENGLISH),
    "en-gb": (_BRITISH, _ENGLISH),
}
_SYLLABIC = re.compile(r"(\S)\u0329")


def phonemes(segments: Sequence[str], language: str) -> list[str]:
    """One string per segment of words; all segments go through one process, one line each."""
    lines = _run(segments, language)
    if len(lines) != len(segments):
        # A segment that espeak-ng breaks over several lines would shift all after it: ask for each alone.
        lines = [" ".join(_run([segment], language)) for segment in segments]
    return [_kokoro(line, language) for line in lines]


@cache
def program_version() -> str:
    """`espeak-ng-1.51`; without it nothing is phonemized anyway."""
    if shutil.which(PROGRAM) is None:
        return PROGRAM
    found = re.search(r"text-to-speech: *(\S+)", _output([PROGRAM, "--version"], ""))
    return f"{PROGRAM}-{found.group(1)}" if found else PROGRAM


def _run(segments: Sequence[str], language: str) -> list[str]:
    command = [PROGRAM, "-q", "-b", "1", "--ipa", f"--tie={TIE}", "-v", language]
    return _output(command, "".join(f"{segment}\n" for segment in segments)).splitlines()


def _output(command: Sequence[str], text: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, the text goes in by stdin
            command, input=text.encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError("phonemizer_stuck", "espeak-ng did not answer in time.", retryable=True) from error
    if done.returncode != 0:
        raise EngineError("phonemizer_failed", f"espeak-ng failed: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def _kokoro(ipa: str, language: str) -> str:
    text = _LANGUAGE_SWITCH.sub("", ipa).strip()
    for table in _NOTATION.get(language, (_ROMANCE_AND_HINDI,)):
        for theirs, ours in table.items():
            text = text.replace(theirs, ours)
    if language in _NOTATION:
        text = _SYLLABIC.sub(r"ᵊ\1", text)
    return text.replace(TIE, "").replace("-", "")
