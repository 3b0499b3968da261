"""What the voice library learns from a finished dub. Only here, after the fact: no step of a plan writes into it."""

from __future__ import annotations

from dubline.domain.script import Script
from dubline.storage.library import Library


def remember_voices(library: Library, script: Script) -> None:
    """A character whose voice for a language was chosen in this dub keeps it in the next ones."""
    for speaker in script.speakers:
        character = library.find(speaker.name) if speaker.name and speaker.voice else None
        if character and character.voice_for(script.target_language) is None:
            voices = {**character.voices, script.target_language: str(speaker.voice)}
            library.put(character.model_copy(update={"voices": voices}))
