"""From artefacts to the files people asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dubline import __version__
from dubline.api.job import Job
from dubline.api.places import Places, deliver, place_artefact
from dubline.domain.script import Blob, Script, Source
from dubline.report.build import build_report
from dubline.report.facts import EngineUse, Loudness, RunFacts, StageTime
from dubline.report.model import Report
from dubline.report.page import render_html
from dubline.runs.choosing import choose
from dubline.runs.tracker import Tracker
from dubline.stages.documents import Finished
from dubline.stages.inputs import one, series
from dubline.stages.stage import Artefact
from dubline.stages.subtitle import ENDINGS
from dubline.stages.waveform import Waves


@dataclass(frozen=True)
class Delivered:
    """The files of one finished dub, and what is to be known of it."""

    target: str
    result: Path
    subtitles: tuple[Path, ...]
    script_path: Path
    report_path: Path
    report_data_path: Path
    script: Script
    report: Report
    seconds: float
    """What this run took."""
    from_before: bool
    """Nothing had to be done; the report tells of the run that made it."""
    cues: tuple[Blob, ...]
    """What it was mixed from, for those who want it taken apart again."""

    @property
    def video(self) -> Path:
        """The dubbed file; a sound file where the input was one."""
        return self.result


def deliver_target(
    job: Job, target: str, found: Mapping[str, Artefact], tracker: Tracker, seconds: float
) -> Delivered:
    shop, places = job.shop, job.places[target]
    finished = Finished.model_validate_json(shop.store.read(one(found, f"final@{target}")))
    script = _addressed(finished.script, job, places)
    subtitle_paths = tuple(places.beside(ending) for ending in ENDINGS)
    for blob, path in zip(series(found, f"subtitles@{target}"), subtitle_paths, strict=True):
        place_artefact(shop.store, blob, path)
    text = json.dumps(script.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
    report = None if tracker.worked() else _report_from_before(places, text)
    from_before = report is not None
    deliver(text, places.script)
    if report is None:
        report = build_report(script, _facts(job, target, finished, tracker, seconds))
        waves = Waves.model_validate_json(shop.store.read(one(found, f"waves@{target}")))
        deliver(report.model_dump_json(indent=1) + "\n", places.report_data)
        deliver(render_html(report, waves.by_line()), places.report)
    # The film comes last: where it lies, everything beside it belongs to it.
    place_artefact(shop.store, one(found, f"result@{target}"), places.result)
    return Delivered(
        target,
        places.result,
        subtitle_paths,
        places.script,
        places.report,
        places.report_data,
        script,
        report,
        seconds,
        from_before,
        series(found, f"cues@{target}"),
    )


def _report_from_before(places: Places, script: str) -> Report | None:
    """Where nothing was made anew and the very same dub lies there, the report that tells how it was made is
    worth more than one that tells how quickly it was found again."""
    try:
        if places.script.read_text(encoding="utf-8") != script:
            return None
        return Report.model_validate_json(places.report_data.read_bytes()) if places.report.exists() else None
    except (FileNotFoundError, ValueError):
        return None


def _addressed(script: Script, job: Job, places: Places) -> Script:
    """What the artefact must not know, because it is the same wherever it is made: paths and the settings."""
    source = Source(path=str(job.request.source), digest=script.source.digest)
    settings = job.settings.model_dump(mode="json")
    update = {"source": source, "result_name": places.result.name, "settings": settings}
    return script.model_copy(update=update)


def _facts(job: Job, target: str, finished: Finished, tracker: Tracker, seconds: float) -> RunFacts:
    reused = tracker.reused_phases()
    choices = choose(job.shop.registry, job.settings, target)
    return RunFacts(
        input_name=job.request.source.name,
        output_name=job.places[target].result.name,
        version=__version__,
        seconds=round(seconds, 3),
        media_seconds=round(finished.programme_seconds, 6),
        output_seconds=round(finished.result_seconds, 6),
        stages=tuple(
            StageTime(name=state.phase, seconds=round(state.seconds, 3), reused=state.phase in reused)
            for state in tracker.phases()
        ),
        engines=tuple(
            EngineUse(capability=capability, engine=", ".join(choice.specs))
            for capability, choice in choices.items()
        ),
        loudness=Loudness(
            original=finished.loudness_original, dub=finished.loudness_dub, dub_peak=finished.peak_dub
        ),
    )
