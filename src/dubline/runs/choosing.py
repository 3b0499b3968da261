"""Which engine does what in a job: what was asked for, or the best that is ready."""

from __future__ import annotations

from collections.abc import Mapping

from dubline.domain.errors import Unavailable, UserError
from dubline.domain.language import AUTO, language_name
from dubline.domain.settings import DubSettings
from dubline.ports.diarizer import Diarizer
from dubline.ports.engine import Engine
from dubline.ports.registry import Registry
from dubline.ports.separator import Separator
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.transcriber import Transcriber
from dubline.ports.translator import Translator
from dubline.ports.voice_activity import VoiceActivity
from dubline.ports.voice_encoder import VoiceEncoder
from dubline.stages.work import EngineChoice

Choices = Mapping[str, EngineChoice]


def choose(registry: Registry, settings: DubSettings, target: str) -> Choices:
    """One choice per port for a target language; for the shared stages `target` is empty."""
    wanted = settings.engines
    choices = [
        EngineChoice(Separator, (wanted.separator,)),
        EngineChoice(VoiceActivity, (wanted.voice_activity,)),
        EngineChoice(Diarizer, (wanted.diarizer,)),
        EngineChoice(VoiceEncoder, (wanted.voice_encoder,)),
        EngineChoice(Transcriber, (wanted.transcriber,)),
    ]
    if target:
        choices.append(EngineChoice(Translator, _translators(registry, wanted.translator)))
        choices.append(EngineChoice(Synthesizer, (_synthesizer(registry, wanted.synthesizer, target),)))
    return {choice.port.capability: choice for choice in choices}


def identity(registry: Registry, choice: EngineChoice) -> str:
    return " ".join(registry.engine(choice.port, spec).identity() for spec in choice.specs)


def _translators(registry: Registry, wanted: str) -> tuple[str, ...]:
    """What was said is sent away only to whom it was asked to be: a key that happens to be set is no wish."""
    if wanted != AUTO:
        return tuple(wanted.split("+"))
    ready = tuple(
        engine.spec for engine in registry.all(Translator) if engine.offline and not engine.missing()
    )
    if not ready:
        raise _nothing_ready(registry, Translator, "No translation engine is ready.")
    return ready


def _synthesizer(registry: Registry, wanted: str, target: str) -> str:
    if wanted != AUTO:
        if not registry.engine(Synthesizer, wanted).speaks(target):
            raise UserError(
                "voice_language_unsupported",
                f"The synthesizer {wanted} does not speak {language_name(target)}.",
                hint="Leave --engine synthesizer out to let the best one be chosen, or see: dubline engines.",
            )
        return wanted
    able = [engine for engine in registry.all(Synthesizer) if engine.speaks(target)]
    ready = [engine for engine in able if not engine.missing()]
    if ready:
        return max(ready, key=lambda engine: engine.preference).spec
    if able:
        sentence = f"No engine that speaks {language_name(target)} is ready."
        raise _nothing_ready(registry, Synthesizer, sentence)
    raise UserError(
        "voice_language_unsupported",
        f"No engine here speaks {language_name(target)}.",
        hint="See what there is with: dubline engines.",
    )


def _nothing_ready(registry: Registry, port: type[Engine], sentence: str) -> Unavailable:
    fixes = dict.fromkeys(need.fix for engine in registry.all(port) for need in engine.missing())
    return Unavailable("engine_missing", sentence, hint="Any of these helps: " + "; ".join(fixes))
