"""The small documents that stages hand to one another. The script itself lives in `domain`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from dubline.domain.script import Blob, Degradation, Line, Script, Speaker, TurnedDown
from dubline.domain.speech import Voice
from dubline.domain.time import Moment, Span


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Chunk(_Frozen):
    """A piece of the programme, cut at silences. Everything made from it counts time from its start."""

    index: int
    span: Span


class Language(_Frozen):
    tag: str
    confidence: float


class Lines(_Frozen):
    lines: tuple[Line, ...]


class Loudnesses(_Frozen):
    """How loud the original voice is in each line, in LUFS, and its shape over the line where that is sure."""

    lines: dict[str, float]
    contours: dict[str, tuple[float, ...]]


class Portrait(_Frozen):
    """A speaker, and how the voice sounds to an encoder. No print where too little was heard."""

    speaker: Speaker
    encoder: str
    print: tuple[float, ...] = ()


class Sounding(_Frozen):
    """A voice of a synthesizer, and how it sounds to the encoder."""

    voice: Voice
    print: tuple[float, ...]


class Suited(_Frozen):
    """Voices that come near a speaker's own, the nearest first."""

    speaker: str
    voices: tuple[Sounding, ...] = ()


class Notes(_Frozen):
    """What did not go as it should on the way, for the script."""

    degradations: tuple[Degradation, ...] = ()


class BedLevels(_Frozen):
    """K-weighted powers of a chunk's background, hop by hop; none where nobody speaks over it."""

    powers: tuple[float, ...] = ()


class TakeOrder(_Frozen):
    """One recording to be made. `engine` is the synthesizer's identity: another engine, another take."""

    text: str
    voice: Voice
    rate: float
    engine: str
    number: int = 0
    """Another number, another take of the same words."""

    @model_serializer(mode="wrap")
    def _plain(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        """First takes are written as they were before takes had numbers, so that those made then are found."""
        written: dict[str, object] = write(self)
        if not self.number:
            del written["number"]
        return written


class Assignment(_Frozen):
    """Which line each ordered take is for."""

    lines: tuple[str, ...]


class Recorded(_Frozen):
    """A take as the synthesizer gave it. `failure` is set instead of a length where it could not be spoken."""

    order: TakeOrder
    rate: float
    """At which it was spoken; another than ordered where that came out wrong."""
    length: Moment = 0
    loudness: float = 0.0
    heard: str | None = None
    tries: int = 1
    failure: str = ""

    @property
    def text(self) -> str:
        return self.order.text


class Piece(_Frozen):
    """A take where it is played on the programme's timeline, with what is done to it."""

    span: Span
    take: Blob
    gain: float = 1.0
    pan: float = 0.0
    colour: tuple[float, ...] = ()
    """What is done to its bands, in dB."""
    room: float = 0.0
    """How long it rings on, in seconds for 60 dB; its span ends before that."""
    swell: tuple[float, ...] = ()
    """What is done to its loudness, in dB at even places from its start to its end."""


class CueSheet(_Frozen):
    """All that is needed to mix one stretch of the programme. It lies within one chunk, whose background this is."""

    span: Span
    chunk: Span
    background: Blob
    pieces: tuple[Piece, ...] = ()
    replaced: tuple[Span, ...] = ()
    """Where the original voice is taken out; everywhere else the programme stays as it is."""
    ducked: tuple[TurnedDown, ...] = ()
    """Where the background is so loud that it makes room for the dub."""


class MixLevels(_Frozen):
    """Loudness powers of one chunk, hop by hop, before and after, and the highest true peak in dBTP."""

    original: tuple[float, ...]
    dub: tuple[float, ...]
    peak: float


class Finished(_Frozen):
    """A rendered target: the script with everything measured, and the figures of the whole."""

    script: Script
    programme_seconds: float
    result_seconds: float
    loudness_original: float
    loudness_dub: float
    peak_dub: float
