"""Characters: people with a name who come back from one programme to the next."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from dubline.domain.language import base
from dubline.domain.speech import Traits


class Character(BaseModel):
    """Somebody's voice under a name, and the voices that speak for them."""

    model_config = ConfigDict(frozen=True)

    name: str
    traits: Traits = Traits()
    encoder: str
    """Which voice encoder made the print; another one cannot compare it."""
    print: tuple[float, ...]
    seconds: float
    """Of speech that was listened to."""
    voices: Mapping[str, str] = {}
    """Language tag → `engine:name` of the voice that speaks for them."""

    def voice_for(self, language: str) -> str | None:
        """The voice for that very dialect, else for any dialect of the language."""
        if language in self.voices:
            return self.voices[language]
        return next((self.voices[tag] for tag in sorted(self.voices) if base(tag) == base(language)), None)


class Characters(BaseModel):
    """Everybody in the voice library, as a plan is given them."""

    model_config = ConfigDict(frozen=True)

    characters: tuple[Character, ...] = ()

    def named(self, name: str) -> Character | None:
        """Large and small letters are the same in a name."""
        return next((one for one in self.characters if one.name.casefold() == name.casefold()), None)

    def voice_for(self, wish: str, language: str) -> str:
        """A wish is a voice's name, or a character's: then it is the voice that speaks for them, empty where there
        is none yet."""
        named = self.named(wish)
        return wish if named is None else named.voice_for(language) or ""
