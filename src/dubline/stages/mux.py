"""Picture, dub, original sound and subtitles in one file of the kind that came in."""

from __future__ import annotations

from pathlib import Path

from dubline.domain.language import language_name
from dubline.domain.media import MediaFacts
from dubline.domain.script import Degradation, Script
from dubline.media.mux import mux
from dubline.media.order import MuxOrder, SubtitleFile
from dubline.media.probe import pick_audio
from dubline.stages.documents import Notes
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.subtitle import SOURCE_SRT, TARGET_SRT
from dubline.stages.work import Work


def run(work: Work, inputs: Inputs) -> Outcome:
    facts = work.read(one(inputs, "facts"), MediaFacts)
    script = work.read(one(inputs, "fitted"), Script)
    texts = series(inputs, "subtitles")
    target = work.named(texts[TARGET_SRT], "target.srt")
    source = work.named(texts[SOURCE_SRT], "source.srt")
    order = MuxOrder(
        source=work.path(one(inputs, "source")),
        facts=facts,
        dub=work.named(one(inputs, "dub"), "dub.flac"),
        original=pick_audio(facts, work.settings.audio_track),
        target_language=work.target,
        source_language=script.source_language,
        keep_original=work.settings.keep_original_track,
        subtitles=_soft(work, script, target, source),
        burn=target if work.settings.burn_subtitles and script.lines else None,
        trim=work.settings.trim,
    )
    out = work.scratch / f"result{work.settings.container}"
    lost = mux(order, out, progress=work.progress, cancelled=work.cancelled)
    notes = Notes(degradations=tuple(Degradation(code="not_kept", message=warning) for warning in lost))
    return {"result": work.store.put(out, "media"), "mux_notes": work.write(notes, "notes")}


def _soft(work: Work, script: Script, target: Path, source: Path) -> tuple[SubtitleFile, ...]:
    """Both languages; what is drawn into the picture already is not offered a second time."""
    if not script.lines:
        return ()
    spoken = script.source_language
    own = SubtitleFile(target, work.target, language_name(work.target))
    original = SubtitleFile(source, spoken, f"{language_name(spoken)} (original)")
    return (original,) if work.settings.burn_subtitles else (own, original)


MUX = Stage(
    "mux",
    "combination",
    1,
    run,
    settings=("audio_track", "keep_original_track", "burn_subtitles", "trim", "container"),
    pace=0.015,
    warmup=0.2,
)
