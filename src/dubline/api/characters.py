"""What the voice library learns from a finished dub, and what it may lack for one. It learns only here, after the
fact: no step of a plan writes into it."""

from __future__ import annotations

from collections.abc import Mapping

from dubline.domain.characters import Characters
from dubline.domain.errors import UserError
from dubline.domain.script import Script
from dubline.storage.library import Library


def remember_voices(library: Library, script: Script) -> None:
    """A character whose voice for a language was chosen in this dub keeps it in the next ones."""
    for speaker in script.speakers:
        character = library.find(speaker.name) if speaker.name and speaker.voice else None
        if character and character.voice_for(script.target_language) is None:
            voices = {**character.voices, script.target_language: str(speaker.voice)}
            library.put(character.model_copy(update={"voices": voices}))


def refuse_doubles(library: Characters, wishes: Mapping[str, str]) -> None:
    """Two speakers may share a voice, but nobody is two people."""
    speakers: dict[str, str] = {}
    for speaker, wish in wishes.items():
        character = library.named(wish)
        if character and character.name in speakers:
            raise UserError(
                "character_twice",
                f"{character.name} cannot be both {speakers[character.name]} and {speaker}.",
                hint="Give one of them another voice, or somebody else's name.",
            )
        if character:
            speakers[character.name] = speaker


def nobody_speaks_for(name: str, language: str) -> UserError:
    return UserError(
        "character_voiceless",
        f"Nobody speaks for {name} in {language or 'any language'} yet.",
        hint="Dub something they speak in, or forget them and add them again with --voice.",
    )
