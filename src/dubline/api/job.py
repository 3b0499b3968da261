"""A request, and the job it becomes once everything that can be refused has been looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dubline.api.characters import refuse_doubles
from dubline.api.places import Places, check_places, places_for
from dubline.api.workshop import DEFAULT_CAP, Workshop
from dubline.domain.characters import Characters
from dubline.domain.errors import UserError
from dubline.domain.language import AUTO, base
from dubline.domain.media import MediaFacts, programme_span
from dubline.domain.script import Blob
from dubline.domain.settings import DubSettings
from dubline.media.containers import container_for, result_suffix
from dubline.media.probe import check_file, pick_audio, probe, require_sound
from dubline.plans.dub import dub_plan, goals
from dubline.plans.plan import Node
from dubline.ports.engine import require_all
from dubline.ports.registry import Registry
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.translator import Translator
from dubline.runs.choosing import Choices, choose
from dubline.stages.inputs import one
from dubline.stages.stage import Artefact
from dubline.stages.translate import routes
from dubline.stages.validate import check_trim


@dataclass(frozen=True)
class Request:
    """All that a person asks for."""

    source: Path
    targets: tuple[str, ...]
    settings: DubSettings
    out: Path | None = None
    force: bool = False
    cache_cap: int = DEFAULT_CAP


@dataclass(frozen=True)
class Job:
    """A request that was looked at: the file is sound, the places are free, and it is known what will run."""

    request: Request
    shop: Workshop
    settings: DubSettings
    facts: MediaFacts
    places: Mapping[str, Places]
    given: Mapping[str, Artefact]

    @property
    def media_seconds(self) -> float:
        return programme_span(self.facts, self.settings.trim).duration

    def nodes(self) -> tuple[Node, ...]:
        wanted = [goal for target in self.request.targets for goal in goals(target)]
        return dub_plan(self.request.targets).needed(wanted, have=list(self.given))


def prepare(request: Request, shop: Workshop, given: Mapping[str, Artefact] | None = None) -> Job:
    """Whatever can be refused is refused here, within seconds and before any work."""
    if "://" in str(request.source) or ":/" in str(request.source):
        raise UserError(
            "url_unsupported",
            "Only files on this machine can be dubbed.",
            hint="Fetch the video first and give the path of the file.",
        )
    check_file(request.source)
    source = shop.store.adopt(request.source, "media")
    found = shop.runner.run(dub_plan(()), request.settings, {"source": source}, ["source_facts"])
    facts = MediaFacts.model_validate_json(shop.store.read(one(found, "source_facts")))
    _check_stretch(request.settings, facts)
    places = {target: _places(request, facts, target) for target in request.targets}
    check_engines(request, shop.registry)
    for target in request.targets:
        if f"script@{target}" not in (given or {}):
            _check_wishes(request.settings, target, shop)
    settings = request.settings.model_copy(update={"container": _container(places, facts)})
    known = {"source": source, "library": library_artefact(shop)}
    return Job(request, shop, settings, facts, places, {**known, **(given or {})})


def library_artefact(shop: Workshop) -> Blob:
    """The voice library as it is now: a plan is given it like the source, so that keys change with it."""
    return shop.store.put_bytes(_everybody(shop).model_dump_json().encode(), "json/characters")


def _everybody(shop: Workshop) -> Characters:
    return Characters(characters=shop.library.characters())


def _places(request: Request, facts: MediaFacts, target: str) -> Places:
    suffix = request.settings.container or result_suffix(request.source.suffix, facts)
    trim = request.settings.trim
    part = programme_span(facts, trim) if trim else None
    places = places_for(request.source, target, request.out, len(request.targets) > 1, suffix, part)
    check_places(places, request.source, request.force)
    return places


def look_at(request: Request, registry: Registry) -> MediaFacts:
    """What can be refused without any work, for those who accept a job now and carry it out later."""
    facts = probe(request.source)
    require_sound(facts)
    pick_audio(facts, request.settings.audio_track)
    check_trim(facts, request.settings.trim)
    _check_stretch(request.settings, facts)
    if request.settings.container:
        container_for(request.settings.container, facts)
    check_engines(request, registry)
    return facts


def check_engines(request: Request, registry: Registry) -> None:
    """Unknown engines first, then missing ones, all in one sentence; then what they cannot do."""
    choices = {target: choose(registry, request.settings, target) for target in request.targets}
    engines = [
        registry.engine(choice.port, spec)
        for chosen in choices.values()
        for choice in chosen.values()
        for spec in choice.specs
    ]
    require_all(engines)
    for target, chosen in choices.items():
        _check_route(request.settings.source_language, target, registry, chosen)


def _check_route(source: str, target: str, registry: Registry, chosen: Choices) -> None:
    """Where the language is given, a way that does not exist is known before an hour of work."""
    if source != AUTO and base(source) != base(target):
        engines = [registry.engine(Translator, spec) for spec in chosen[Translator.capability].specs]
        routes(engines).best(source, target)


def _check_wishes(settings: DubSettings, target: str, shop: Workshop) -> None:
    """Where a script is there already, everybody has a voice and no wish is asked again."""
    (spec,) = choose(shop.registry, settings, target)[Synthesizer.capability].specs
    engine, library = shop.registry.engine(Synthesizer, spec), _everybody(shop)
    refuse_doubles(library, settings.voices)
    for wish in settings.voices.values():
        name = library.voice_for(wish, target)
        if name and engine.voice(name, target) is None:
            known = ", ".join(voice.name for voice in engine.voices(target))
            raise UserError(
                "voice_unknown",
                f"{spec} has no voice '{name}' for {target}, and no character is called that.",
                hint=f"Known: {known}. Characters: dubline voices list --language {target}",
            )


def _check_stretch(settings: DubSettings, facts: MediaFacts) -> None:
    if settings.stretch_video != 1.0 and facts.picture is None:
        raise UserError(
            "stretch_without_picture",
            "--stretch-video slows a picture down, and this file has none.",
            hint="Leave out --stretch-video.",
        )


def _container(places: Mapping[str, Places], facts: MediaFacts) -> str:
    """The suffix all results share; one that cannot hold the programme is refused."""
    suffix = next(iter(places.values())).result.suffix.lower()
    container_for(suffix, facts)
    return suffix
