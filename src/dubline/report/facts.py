"""What the run measured and the script does not know: time, engines, loudness, files."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageTime(_Frozen):
    """How long a stage worked. `reused`: it was finished before and only taken from the ledger."""

    name: str
    seconds: float
    reused: bool = False


class EngineUse(_Frozen):
    """Which engine did which kind of work: `transcriber`, `faster-whisper:base`."""

    capability: str
    engine: str
    detail: str = ""


class Loudness(_Frozen):
    """Integrated loudness in LUFS and true peak in dBTP, where they were measured."""

    original: float | None = None
    dub: float | None = None
    dub_peak: float | None = None


class RunFacts(_Frozen):
    """One finished run for one target language. Names are file names, never whole paths."""

    input_name: str
    output_name: str = ""
    version: str = ""
    seconds: float = 0.0
    """Wall-clock time of the whole run; stages may have worked side by side."""
    media_seconds: float = 0.0
    """Length of the programme that was dubbed, after trimming."""
    output_seconds: float | None = None
    stages: tuple[StageTime, ...] = ()
    engines: tuple[EngineUse, ...] = ()
    loudness: Loudness = Loudness()
