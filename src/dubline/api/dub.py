"""Dub a file, and edit a dub: the same few lines for the command line, for scripts and for other programs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from pydantic import ValidationError

from dubline.api.characters import remember_voices
from dubline.api.delivery import Delivered, deliver_target
from dubline.api.edits import Edit, apply_edit, check_voices, draft
from dubline.api.job import Job, Request, prepare
from dubline.api.workshop import DEFAULT_CAP, Workshop, workshop
from dubline.domain.complaint import complaint
from dubline.domain.errors import DublineError, UserError
from dubline.domain.language import AUTO, language_tag
from dubline.domain.script import Script
from dubline.domain.settings import DubSettings
from dubline.plans.dub import dub_plan, goals
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.transcriber import Transcriber
from dubline.runs.events import Event, Observer
from dubline.runs.tracker import Tracker, paces
from dubline.storage.blobs import file_digest


@dataclass
class Watch:
    """How a caller follows a run: it is handed the tracker before work starts."""

    begun: Callable[[Tracker], None] = lambda _tracker: None
    each: Observer = lambda _event: None
    """Told of every event of the run, too."""


def carry_out(job: Job, watch: Watch) -> list[Delivered]:
    """Run what must run and put the files of every target in their places."""
    shop, targets = job.shop, job.request.targets
    tracker = Tracker(job.nodes(), job.media_seconds, paces(shop.ledger.paces()))

    def observe(event: Event) -> None:
        tracker(event)
        watch.each(event)

    shop.runner.observe = observe
    watch.begun(tracker)
    started = time.monotonic()
    wanted = [goal for target in targets for goal in goals(target)]
    found = shop.runner.run(
        dub_plan(targets), job.settings, job.given, wanted, media_seconds=job.media_seconds
    )
    seconds = time.monotonic() - started
    delivered = [deliver_target(job, target, found, tracker, seconds) for target in targets]
    for each in delivered:
        remember_voices(shop.library, each.script)
    shop.tidy(job.request.cache_cap)
    return delivered


@overload
def dub(source: str | Path, to: str, **options: object) -> Delivered: ...
@overload
def dub(source: str | Path, to: list[str] | tuple[str, ...], **options: object) -> list[Delivered]: ...
def dub(
    source: str | Path, to: str | list[str] | tuple[str, ...], **options: object
) -> Delivered | list[Delivered]:
    """Dub a file into one language or several.

    Options are the fields of `DubSettings` (source_language, speakers, voices, …) and out, force.
    """
    targets = (to,) if isinstance(to, str) else tuple(to)
    request = request_for(Path(source), targets, **options)
    with workshop() as shop:
        delivered = carry_out(prepare(request, shop), Watch())
    return delivered[0] if isinstance(to, str) else delivered


def request_for(source: Path, targets: Sequence[str], **options: object) -> Request:
    """A request from options by name; languages may be written as people write them."""
    out, force = options.pop("out", None), bool(options.pop("force", False))
    cap = int(str(options.pop("cache_cap", DEFAULT_CAP)))
    settings = _settings(options)
    if settings.source_language != AUTO:
        spoken = {"source_language": language_tag(settings.source_language)}
        settings = settings.model_copy(update=spoken)
    return Request(
        source=source.absolute(),
        targets=tuple(dict.fromkeys(language_tag(target) for target in targets)),
        settings=settings,
        out=Path(str(out)).absolute() if out is not None else None,
        force=force,
        cache_cap=cap,
    )


def _settings(options: dict[str, object]) -> DubSettings:
    try:
        return DubSettings.model_validate(options)
    except ValidationError as error:
        raise UserError(
            "setting_invalid",
            f"A setting cannot be used: {complaint(error)}.",
            hint="What there is to choose: dubline dub --help.",
        ) from error


def redub(script: str | Path, edits: Sequence[Edit] = ()) -> Delivered:
    """Apply edits to a dub's script and render again what depends on them."""
    with workshop() as shop:
        return carry_out(prepare_edit(Path(script), edits, shop), Watch())[0]


def prepare_edit(path: Path, edits: Sequence[Edit], shop: Workshop) -> Job:
    """The script as it is in the file, with the edits; its input must still be the file it was made from."""
    script = read_script(path)
    settings = settings_of(script, path)
    _load_ahead(shop, settings, script)
    source = source_of(script, path)
    for edit in edits:
        script = apply_edit(script, edit, shop.registry)
    request = Request(
        source, (script.target_language,), settings, path.with_name(script.result_name), force=True
    )
    return prepare_render(script, request, shop)


def prepare_render(script: Script, request: Request, shop: Workshop) -> Job:
    """A job that takes an edited script as it stands and makes what depends on it."""
    check_voices(script, shop.registry)
    blob = shop.store.put_bytes(draft(script).model_dump_json().encode(), "json/script")
    return prepare(request, shop, {f"script@{script.target_language}": blob})


def _load_ahead(shop: Workshop, settings: DubSettings, script: Script) -> None:
    """An edit needs a voice and an ear within the second: load both while everything else is looked up."""
    voices = {line.voice.engine for line in script.lines if line.voice}

    def load() -> None:
        with suppress(DublineError, OSError, RuntimeError):
            for spec in sorted(voices):
                shop.registry.engine(Synthesizer, spec).preload()
            shop.registry.engine(Transcriber, settings.engines.transcriber).preload()

    threading.Thread(target=load, daemon=True).start()


def read_script(path: Path) -> Script:
    if not path.is_file():
        raise UserError("file_missing", f"There is no script {str(path)!r}.", hint="Check the path.")
    try:
        return Script.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise _invalid(path, complaint(error)) from error
    except ValueError as error:
        raise _invalid(path, "it is not JSON text") from error


def settings_of(script: Script, path: Path) -> DubSettings:
    """The settings a dub was made with; people may have touched them in the file."""
    try:
        return DubSettings.model_validate(script.settings)
    except ValidationError as error:
        raise _invalid(path, f"settings: {complaint(error)}") from error


def _invalid(path: Path, why: str) -> UserError:
    return UserError(
        "script_invalid",
        f"{path.name} is not a dubline script, or an edit damaged it ({why}).",
        hint="Undo the last change to the file, or dub again.",
    )


def source_of(script: Script, path: Path) -> Path:
    for place in (Path(script.source.path), path.with_name(Path(script.source.path).name)):
        if place.is_file():
            if file_digest(place) != script.source.digest:
                raise UserError(
                    "source_changed",
                    f"{place} is not the file this script was made from any more.",
                    hint="Put the original file back, or dub the new one.",
                )
            return place
    raise UserError(
        "source_missing",
        f"The video this script was made from is gone: {script.source.path}",
        hint="Put it back in its place, or beside the script.",
    )
