"""What this installation has: engines and what they can do, languages and how they are reached."""

from __future__ import annotations

from pydantic import BaseModel

from dubline.domain.language import language_name, language_tag
from dubline.models.catalogue import local_models
from dubline.ports.diarizer import Diarizer
from dubline.ports.engine import Engine
from dubline.ports.registry import Registry
from dubline.ports.separator import Separator
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.transcriber import Transcriber
from dubline.ports.translator import Translator
from dubline.ports.voice_activity import VoiceActivity
from dubline.ports.voice_encoder import VoiceEncoder
from dubline.stages.translate import routes

PORTS: tuple[type[Engine], ...] = (
    Separator,
    VoiceActivity,
    VoiceEncoder,
    Diarizer,
    Transcriber,
    Translator,
    Synthesizer,
)

MANY = 12
"""Languages named one by one; beyond that they are counted."""


class EngineRow(BaseModel):
    capability: str
    engine: str
    summary: str
    able: str
    licence: str
    ready: bool
    missing: str = ""
    fix: str = ""


def engine_rows(registry: Registry | None = None) -> list[EngineRow]:
    registry = registry or Registry(local_models())
    return [_row(engine) for port in PORTS for engine in registry.all(port)]


def reachable(source: str, registry: Registry | None = None) -> list[tuple[str, str, str]]:
    """Languages that can be reached from one: tag, name, route."""
    registry = registry or Registry(local_models())
    ready = [engine for engine in registry.all(Translator) if engine.offline and not engine.missing()]
    found = routes(ready).targets(language_tag(source))
    return [(tag, language_name(tag), str(route)) for tag, route in found.items()]


def _row(engine: Engine) -> EngineRow:
    missing = engine.missing()
    return EngineRow(
        capability=engine.capability,
        engine=engine.spec,
        summary=engine.summary,
        able=_able(engine) if not missing else engine.summary,
        licence=engine.licence,
        ready=not missing,
        missing=", ".join(need.what for need in missing),
        fix=" && ".join(dict.fromkeys(need.fix for need in missing)),
    )


def _able(engine: Engine) -> str:
    if isinstance(engine, Translator):
        return _counted([f"{pair.source}→{pair.target}" for pair in engine.pairs()], "pairs")
    if isinstance(engine, Transcriber):
        return _counted(list(engine.languages()), "languages")
    if isinstance(engine, Synthesizer):
        tags = list(engine.languages())
        voices = sum(len(engine.voices(tag)) for tag in tags)
        return f"{_counted(tags, 'languages')}; {voices} voices"
    return engine.summary


def _counted(names: list[str], what: str) -> str:
    return ", ".join(names) if len(names) <= MANY else f"{len(names)} {what}"
