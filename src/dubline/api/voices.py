"""The voice library: who is in it, how somebody gets in, and how a voice sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from dubline.api.characters import nobody_speaks_for
from dubline.api.dub import read_script, settings_of, source_of
from dubline.api.edits import MIXTURES
from dubline.api.workshop import Workshop
from dubline.craft.voices.alone import longest_alone, others_speak
from dubline.craft.voices.traits import traits
from dubline.craft.voices.voice_matching import ENOUGH_SECONDS
from dubline.domain.characters import Character
from dubline.domain.errors import UserError
from dubline.domain.language import language_tag
from dubline.domain.script import Blob
from dubline.domain.settings import DubSettings
from dubline.domain.speech import Turn, Voice
from dubline.domain.time import Span, clock
from dubline.media.probe import check_file
from dubline.plans.dub import dub_plan
from dubline.ports.registry import Registry
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.voice_encoder import VoiceEncoder
from dubline.sound import files
from dubline.sound.pcm import SPEECH_RATE, Sound
from dubline.stages.documents import Portrait
from dubline.stages.inputs import one, series
from dubline.stages.portray import LEAST_SECONDS, print_of
from dubline.storage.library import Library

LONGEST_NAME = 60
GLANCE = 60
"""Voices that still fit on a page."""

MIXED = "~"
SOUND_SUFFIXES = (".wav", ".flac")


def stock_voices(registry: Registry, language: str = "") -> list[Voice]:
    """The listed voices of every engine that is ready, for one language or for all: the best engine's first, and
    of each engine its own before mixtures of them."""
    found: dict[str, Voice] = {}
    for engine in sorted(registry.all(Synthesizer), key=lambda engine: -engine.preference):
        if engine.missing():
            continue
        tags = (language_tag(language),) if language else engine.languages()
        listed = [voice for tag in tags for voice in engine.voices(tag)]
        found |= {str(voice): voice for voice in sorted(listed, key=_mixed)}
    return list(found.values())


def at_a_glance(voices: Sequence[Voice]) -> list[Voice]:
    """Of all voices there are, those a person would look at first: the best engine's own, unmixed."""
    own = [voice for voice in voices if voice.engine == voices[0].engine and not _mixed(voice)]
    return own[:GLANCE]


def _mixed(voice: Voice) -> bool:
    return MIXED in voice.name


def find_stock_voice(registry: Registry, wanted: str, language: str = "") -> Voice:
    """By name or by engine and name, mixtures included; in the given language, else in the voice's own."""
    for engine in registry.all(Synthesizer):
        for tag in (language_tag(language),) if language else engine.languages():
            if voice := engine.voice(wanted, tag):
                return voice
    spoken = f" for {language}" if language else ""
    raise UserError(
        "voice_unknown",
        f"There is no voice '{wanted}'{spoken}.",
        hint=f"See: dubline voices list{f' --language {language}' if language else ''}. {MIXTURES}",
    )


def free_name(shop: Workshop, wanted: str) -> str:
    """A name nobody has yet, neither a character nor a voice: one would hide the other."""
    name = wanted.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(
            "name_invalid",
            f"A character needs a name of 1 to {LONGEST_NAME} letters.",
            hint="For example: dubline voices add Ana talk.wav",
        )
    if shop.library.find(name):
        raise UserError(
            "name_taken",
            f"There is a character '{name}' already.",
            hint=f"Choose another name, or forget the old one first: dubline voices remove '{name}'.",
        )
    if any(name in (voice.name, str(voice)) for voice in stock_voices(shop.registry)):
        raise UserError("name_taken", f"There is a voice called '{name}'.", hint="Choose another name.")
    return name


def find_character(library: Library, name: str) -> Character:
    if character := library.find(name):
        return character
    known = ", ".join(one.name for one in library.characters()) or "nobody yet"
    raise UserError("character_unknown", f"There is no character '{name}'.", hint=f"Known: {known}.")


def voice_of(shop: Workshop, name: str, language: str) -> Voice:
    """A voice by its own name, or the one that speaks for a character."""
    character = shop.library.find(name)
    if character is None:
        return find_stock_voice(shop.registry, name, language)
    tag = language_tag(language) if language else next(iter(character.voices), "")
    voice = character.voice_for(tag)
    if voice is None:
        raise nobody_speaks_for(name, tag)
    return find_stock_voice(shop.registry, voice, tag)


def add_from_recording(
    shop: Workshop, name: str, recording: Path, voices: Mapping[str, str], part: Span | None = None
) -> Character:
    """A character from a file, or a part of it, in which nobody else speaks; music and noise behind it are taken
    out."""
    name = free_name(shop, name)
    check_file(recording)
    source = shop.store.adopt(recording, "media")
    settings = DubSettings(trim=part)
    found = shop.runner.run(dub_plan(()), settings, {"source": source}, ["voices", "speech", "turns"])
    _require_one_voice(shop, one(found, "turns"), part)
    pieces = [
        files.read(shop.store.path(voice)).cut(span).samples
        for voice, spoken in zip(series(found, "voices"), series(found, "speech"), strict=True)
        for span in _spans(shop, spoken)
    ]
    heard = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)
    sound = Sound(heard[: int(ENOUGH_SECONDS * SPEECH_RATE)], SPEECH_RATE)
    encoder = shop.registry.engine(VoiceEncoder, settings.engines.voice_encoder)
    print_ = print_of(encoder, sound)
    if not print_:
        raise _too_little(str(recording))
    character = Character(
        name=name,
        traits=traits(sound),
        encoder=encoder.space,
        print=print_,
        seconds=round(sound.duration, 3),
    )
    return _added(shop, character, voices)


def add_from_script(
    shop: Workshop, name: str, path: Path, speaker: str, voices: Mapping[str, str]
) -> Character:
    """A character from a dub: the speaker's own voice, and the voice that speaks for them there."""
    name = free_name(shop, name)
    script = read_script(path)
    somebody = script.speaker(speaker)
    if somebody is None:
        known = ", ".join(one.id for one in script.speakers)
        raise UserError("speaker_unknown", f"There is no speaker '{speaker}'.", hint=f"Speakers: {known}.")
    source = shop.store.adopt(source_of(script, path), "media")
    settings = settings_of(script, path)
    found = shop.runner.run(dub_plan(()), settings, {"source": source}, ["portraits"])
    portraits = [Portrait.model_validate_json(shop.store.read(blob)) for blob in series(found, "portraits")]
    portrait = next((one for one in portraits if one.speaker.id == speaker and one.print), None)
    if portrait is None:
        raise _too_little(f"{speaker} in {path.name}")
    own = {script.target_language: str(somebody.voice)} if somebody.voice else {}
    character = Character(
        name=name,
        traits=somebody.traits,
        encoder=portrait.encoder,
        print=portrait.print,
        seconds=somebody.speech,
        voices=own,
    )
    return _added(shop, character, voices)


def say(registry: Registry, voice: Voice, text: str | None, out: Path) -> Sound:
    """A sentence in a voice, into a sound file; a sample where no text is given."""
    if out.suffix.lower() not in SOUND_SUFFIXES:
        raise UserError(
            "sound_suffix",
            f"Cannot write {out.name!r}.",
            hint=f"Let it end in {' or '.join(SOUND_SUFFIXES)}.",
        )
    if text is not None and not any(letter.isalnum() for letter in text):
        raise UserError(
            "text_empty", "There is nothing to say.", hint="Leave out --text to hear a sample sentence."
        )
    engine = registry.engine(Synthesizer, voice.engine)
    words = text or engine.sample(voice.language)
    if not words:
        raise UserError(
            "text_missing", f"There is no sample sentence in {voice.language}.", hint="Give one with --text."
        )
    engine.require()
    sound = engine.speak(words, voice)
    out.parent.mkdir(parents=True, exist_ok=True)
    files.write(out, sound)
    return sound


def _added(shop: Workshop, character: Character, voices: Mapping[str, str]) -> Character:
    """Voices are looked up before anything is kept."""
    chosen = {
        language_tag(language): str(find_stock_voice(shop.registry, voice, language))
        for language, voice in voices.items()
    }
    complete = character.model_copy(update={"voices": {**character.voices, **chosen}})
    shop.library.put(complete)
    return complete


def _require_one_voice(shop: Workshop, blob: Blob, part: Span | None) -> None:
    turns = TypeAdapter(list[Turn]).validate_json(shop.store.read(blob))
    if others_speak(turns):
        alone = longest_alone(turns).shifted(part.start if part else 0)
        raise UserError(
            "several_voices",
            "More than one person speaks in this recording, and a character is one voice.",
            hint="Choose a part in which they speak alone. The longest of one voice: "
            f"--start {clock(alone.start)} --end {clock(alone.end)}",
        )


def _spans(shop: Workshop, blob: Blob) -> list[Span]:
    return TypeAdapter(list[Span]).validate_json(shop.store.read(blob))


def _too_little(where: str) -> UserError:
    return UserError(
        "speech_too_short",
        f"Too little speech was heard: {where}.",
        hint=f"A character needs {LEAST_SECONDS:g} s of speech at least; ten and more tell a voice well.",
    )
