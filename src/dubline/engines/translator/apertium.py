"""Rule-based translation between close languages: Debian's Apertium, one process of its own per call."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from dubline.domain.errors import EngineError, Unavailable
from dubline.ports.engine import Need, program
from dubline.ports.translator import Pair, Translator

PACKAGES = "apertium apertium-eng-spa apertium-es-pt apertium-fr-es apertium-spa-ita apertium-spa-cat cg3"
DATA_FOLDER = "/usr/share/apertium"
SECONDS_FOR_START = 60.0
SECONDS_PER_TEXT = 0.5

BASE_TAGS = {
    "eng": "en",
    "spa": "es",
    "cat": "ca",
    "ita": "it",
    "por": "pt",
    "fra": "fr",
    "glg": "gl",
    "ron": "ro",
}
PREFERRED_VARIANTS = {("es", "pt"): "es-pt_BR"}
"""Where a pair has dialects and the plain mode is not the one our voices speak."""

QUALITY = {
    ("en", "es"): 0.44,
    ("es", "en"): 0.44,
    ("pt", "es"): 0.90,
    ("es", "pt"): 0.86,
    ("es", "ca"): 0.88,
    ("ca", "es"): 0.88,
    ("es", "gl"): 0.86,
    ("es", "it"): 0.73,
    ("it", "es"): 0.72,
    ("es", "fr"): 0.72,
    ("fr", "es"): 0.72,
}
OTHER_QUALITY = 0.40

_END_MARK = ".[]"
"""Tells Apertium that the sentence ends here, and is taken away again."""
_RESERVED = re.compile(r"([\[\]{}^$/\\@<>])")
_ESCAPED = re.compile(r"\\(.)")


class Apertium(Translator):
    name: ClassVar[str] = "apertium"
    version: ClassVar[str] = "1"
    summary: ClassVar[str] = "Apertium's dictionaries and rules, strong between Romance languages"
    licence: ClassVar[str] = "GPL-2.0-or-later, as its own process"

    def needs(self) -> tuple[Need, ...]:
        return (program("apertium", PACKAGES),)

    def pairs(self) -> tuple[Pair, ...]:
        return tuple(Pair(*pair, QUALITY.get(pair, OTHER_QUALITY)) for pair in sorted(self._modes))

    def _translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        mode = self._modes.get((source, target))
        if mode is None:
            raise Unavailable(
                "pair_unavailable",
                f"Apertium has no pair {source}→{target} here.",
                hint=f"apt-get install {PACKAGES}",
            )
        flat = [_flat(text) for text in texts]
        spoken = [place for place, text in enumerate(flat) if text]
        translated = _run(mode, [flat[place] for place in spoken]) if spoken else []
        results = [""] * len(flat)
        for place, text in zip(spoken, translated, strict=True):
            results[place] = _plain(text, flat[place])
        return results

    @cached_property
    def _modes(self) -> Mapping[tuple[str, str], str]:
        """The mode that serves each pair installed here."""
        if self.missing():
            return {}
        folder = Path(os.environ.get("APERTIUM_DATADIR", DATA_FOLDER)) / "modes"
        return _by_pair([file.stem for file in folder.glob("*.mode") if _runs(file)])


def _runs(mode: Path) -> bool:
    """Whether every program of a pair's pipeline is here; Debian lets a pair in without all of them."""
    stages = mode.read_text(encoding="utf-8").split("|")
    return all(shutil.which(stage.split()[0]) for stage in stages if stage.strip())


def _by_pair(modes: Sequence[str]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for mode in sorted(modes):
        source, dash, target = mode.partition("-")
        if not dash or "-" in target:
            continue
        pair = _base(source), _base(target)
        plain = "_" not in mode
        if PREFERRED_VARIANTS.get(pair) == mode or (plain and pair not in found):
            found[pair] = mode
    return found


def _base(code: str) -> str:
    language = code.partition("_")[0]
    return BASE_TAGS.get(language, language)


def _flat(text: str) -> str:
    """One line, without the characters that mean something to us or end a text for Apertium."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text.replace("*", " "))
    return " ".join(printable.split())


def _run(mode: str, texts: Sequence[str]) -> list[str]:
    """Each text ends with a NUL, at which every part of Apertium's pipeline flushes: texts cannot mix."""
    sent = "".join(_RESERVED.sub(r"\\\1", text) + f" {_END_MARK}\0" for text in texts)
    command = ["apertium", "-z", "-f", "none", mode]
    limit = SECONDS_FOR_START + SECONDS_PER_TEXT * len(texts)
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; texts go in by stdin
            command,
            input=sent.encode(),
            capture_output=True,
            check=False,
            timeout=limit,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(
            "translation_timeout", f"Apertium took more than {limit:.0f} s for {len(texts)} texts."
        ) from error
    answers = done.stdout.decode(errors="replace").split("\0")
    whole = all(answer.endswith(_END_MARK) for answer in answers[: len(texts)])
    if done.returncode or len(answers) <= len(texts) or not whole:
        complaint = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise EngineError("translation_failed", f"Apertium failed on {mode}: {complaint[0]}")
    return answers[: len(texts)]


def _plain(answer: str, source: str) -> str:
    """The answer without end mark and escapes; Apertium's `@` (no translation) becomes the port's `*`."""
    text = _ESCAPED.sub(r"\1", answer.removesuffix(_END_MARK))
    if "@" not in source:
        text = re.sub(r"@(?=\w)", "*", text)
    if "#" not in source:
        text = re.sub(r"#(?=\w)", "", text)
    text = re.sub(r"\*+(?=\w)", "*", text)
    return " ".join(text.split())
