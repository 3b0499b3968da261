"""Edits of a dub's script file: one line at a time, each leaving a revision behind."""

from __future__ import annotations

from dataclasses import dataclass

from dubline.craft.editing import Change, change, unrendered
from dubline.domain.errors import UserError
from dubline.domain.script import Line, Script, TargetState
from dubline.domain.speech import Voice
from dubline.ports.registry import Registry
from dubline.ports.synthesizer import Synthesizer

MIXTURES = "A mixture is written ef_dora*0.3~bf_emma*0.7: known voices, shares that add up to 1."


@dataclass(frozen=True)
class Edit:
    """What a person changes about one line. `line` is its number in the report, or its id."""

    line: str
    text: str | None = None
    voice: str | None = None
    keep_original: bool | None = None


def apply_edit(script: Script, edit: Edit, registry: Registry) -> Script:
    voice = None if edit.voice is None else find_voice(script.target_language, edit.voice, registry)
    return change(script, edit.line, Change(text=edit.text, voice=voice, keep_original=edit.keep_original))


def find_voice(language: str, wanted: str, registry: Registry) -> Voice:
    engines = registry.all(Synthesizer)
    if found := next(filter(None, (engine.voice(wanted, language) for engine in engines)), None):
        return found
    names = ", ".join(str(voice) for engine in engines for voice in engine.voices(language))
    raise UserError(
        "voice_unknown", f"There is no voice '{wanted}' for {language}.", hint=f"Known: {names}. {MIXTURES}"
    )


def check_voices(script: Script, registry: Registry) -> None:
    """People write voices into a script by hand, too: one that nobody has is refused as the option is."""
    named = {str(line.voice): line.voice for line in script.lines if line.voice and not line.keep_original}
    for name, voice in named.items():
        find_voice(voice.language, name, registry)


def draft(script: Script) -> Script:
    """The script as it goes into rendering: what was measured goes, and so do paths and settings, which the
    artefact must not know. A line whose wording and voice are as they were keeps its take's rate, so the same
    take is used again; one that somebody changed, here or by hand in the file, is left to the timing."""
    return script.model_copy(
        update={
            "lines": tuple(_draft(line) for line in script.lines),
            "state": TargetState.STALE,
            "source": script.source.model_copy(update={"path": ""}),
            "settings": {},
            "result_name": "",
            "degradations": tuple(each for each in script.degradations if each.code != "not_kept"),
        }
    )


def _draft(line: Line) -> Line:
    take = line.take
    unchanged = take is not None and (take.text, take.voice) == (line.text, line.voice)
    if unchanged or take is None:
        return unrendered(line)
    by_hand = line.edited or take.text != line.text
    return unrendered(line).model_copy(update={"rate": None, "edited": by_hand})
