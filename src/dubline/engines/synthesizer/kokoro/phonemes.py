"""Text of a language to phrases of phonemes, each with the punctuation that follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dubline.domain.errors import EngineError
from dubline.engines.synthesizer.kokoro import chinese, espeak_ipa, foreign_names, japanese
from dubline.engines.synthesizer.kokoro.clauses import clauses

ESPEAK: Mapping[str, str] = {
    "en-US": "en-us",
    "en-GB": "en-gb",
    "es": "es",
    "fr": "fr-fr",
    "it": "it",
    "pt-BR": "pt-br",
    "hi": "hi",
}

NAMES_READ_IN = "en-US"


def spoken(text: str, language: str) -> list[str]:
    """Phrases in reading order: phonemes and the mark after them."""
    cut = clauses(text)
    sounds = _phonemes([clause.words for clause in cut], language)
    return [sound + clause.mark for sound, clause in zip(sounds, cut, strict=True) if sound]


def _phonemes(segments: Sequence[str], language: str) -> list[str]:
    if not segments:
        return []
    if language == "ja":
        return japanese.phonemes(segments)
    if language == "zh":
        return chinese.phonemes(segments)
    if language not in ESPEAK:
        raise EngineError("language_unspoken", f"Kokoro has no phonemes for {language}.")
    return _espeak(segments, language)


def _espeak(segments: Sequence[str], language: str) -> list[str]:
    """By the rules of the language, but names from English by English rules."""
    cut = [foreign_names.runs(segment, language) for segment in segments]
    own, english = (
        iter(_read([words for parts in cut for named, words in parts if named is foreign], voice))
        for foreign, voice in ((False, ESPEAK[language]), (True, ESPEAK[NAMES_READ_IN]))
    )
    return [" ".join(next(english if named else own) for named, _ in parts) for parts in cut]


def _read(segments: Sequence[str], voice: str) -> list[str]:
    return espeak_ipa.phonemes(segments, voice) if segments else []
