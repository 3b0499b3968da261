"""Sound apart from the picture: one 48 kHz stereo file whose first sample is the programme's first moment."""

from __future__ import annotations

from dubline.domain.media import MediaFacts, programme_span
from dubline.domain.script import Degradation
from dubline.media.decode import extract_sound
from dubline.media.probe import pick_audio
from dubline.stages.documents import Notes
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


def run(work: Work, inputs: Inputs) -> Outcome:
    facts = work.read(one(inputs, "facts"), MediaFacts)
    span = programme_span(facts, work.settings.trim)
    out = work.scratch / "programme.flac"
    warning = extract_sound(
        work.path(one(inputs, "source")),
        pick_audio(facts, work.settings.audio_track),
        out,
        span=span,
        progress=work.progress,
        cancelled=work.cancelled,
    )
    notes = [Degradation(code="sound_damaged", message=warning)] if warning else []
    notes += [Degradation(code="file_warning", message=text) for text in facts.warnings]
    if len(facts.audio) > 1 and work.settings.audio_track is None:
        notes.append(Degradation(code="several_tracks", message=_tracks(facts)))
    return {
        "programme": work.store.put(out, "sound/flac"),
        "sound_notes": work.write(Notes(degradations=tuple(notes)), "notes"),
    }


def _tracks(facts: MediaFacts) -> str:
    taken = facts.audio.index(pick_audio(facts)) + 1
    listed = ", ".join(f"{count} ({track.language})" for count, track in enumerate(facts.audio, 1))
    return (
        f"The file has several sound tracks: {listed}. Track {taken} was dubbed; choose with --audio-track."
    )


SEPARATE = Stage("separate", "separation", 1, run, settings=("audio_track", "trim"), pace=0.008)
