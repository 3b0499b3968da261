"""How a dub is made, in the order a person would tell it."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.plans.plan import Plan, node, per_target
from dubline.stages.arrange import ARRANGE
from dubline.stages.cast import CAST
from dubline.stages.check import CHECK
from dubline.stages.chunk import CHUNK
from dubline.stages.diarize import DIARIZE
from dubline.stages.fit import FIT
from dubline.stages.isolate import ISOLATE
from dubline.stages.listen import PRINTS, SPEECH
from dubline.stages.match import MATCH
from dubline.stages.mix import JOIN, MIX
from dubline.stages.mux import MUX
from dubline.stages.portray import PORTRAY
from dubline.stages.profile import PROFILE
from dubline.stages.script import SCRIPT
from dubline.stages.segment import LINES, WINDOWS
from dubline.stages.separate import SEPARATE
from dubline.stages.singing import SINGING
from dubline.stages.slow import SLOW
from dubline.stages.speak import ORDER, RETAKE, SPEAK
from dubline.stages.subtitle import SUBTITLE
from dubline.stages.tidy import TIDY
from dubline.stages.transcribe import LANGUAGE, TRANSCRIBE
from dubline.stages.translate import TRANSLATE
from dubline.stages.validate import VALIDATE
from dubline.stages.waveform import WAVEFORM

UNDERSTAND = (
    node(VALIDATE, gives="source_facts:facts", takes="source"),
    node(SLOW, gives="media facts", takes="source source_facts:facts"),
    node(SEPARATE, gives="programme sound_notes", takes="media:source facts"),
    node(CHUNK, gives="chunks", takes="programme"),
    node(ISOLATE, gives="background voices", each="chunks", takes="programme"),
    node(SPEECH, gives="speech", each="voices"),
    node(TIDY, gives="bed bed_levels unsure", each="chunks background speech", takes="programme"),
    node(SINGING, gives="music", each="voices background"),
    node(PRINTS, gives="windows_of_voice embeddings", each="voices speech"),
    node(DIARIZE, gives="turns", takes="chunks speech windows_of_voice embeddings"),
    node(WINDOWS, gives="windows", each="speech"),
    node(LANGUAGE, gives="language", takes="voices speech"),
    node(TRANSCRIBE, gives="utterances", each="voices speech windows", takes="language"),
    node(LINES, gives="lines", takes="chunks utterances speech turns"),
    node(PROFILE, gives="speakers loudnesses", takes="lines chunks voices background programme unsure"),
    node(PORTRAY, gives="portraits", takes="speakers lines chunks voices"),
)
"""Shared by all target languages."""

RENDER = (
    node(TRANSLATE, gives="translated", takes="lines language"),
    node(MATCH, gives="suited", each="portraits"),
    node(CAST, gives="company", takes="portraits suited library"),
    node(
        SCRIPT,
        gives="script",
        takes="translated company language facts sound_notes source chunks speech music unsure",
    ),
    node(ORDER, gives="orders assignment", takes="script"),
    node(SPEAK, gives="recordings takes", each="orders"),
    node(RETAKE, gives="more_orders:orders more_assignment:assignment", takes="script assignment recordings"),
    node(SPEAK, gives="more_recordings:recordings more_takes:takes", each="more_orders:orders"),
    node(
        FIT,
        gives="fitted",
        takes="script assignment recordings takes more_assignment more_recordings more_takes",
    ),
    node(ARRANGE, gives="cues", takes="fitted loudnesses chunks speech bed bed_levels"),
    node(MIX, gives="mixed levels", each="cues", takes="programme"),
    node(JOIN, gives="dub", takes="mixed"),
    node(SUBTITLE, gives="subtitles", takes="fitted"),
    node(MUX, gives="result mux_notes", takes="media:source facts fitted dub subtitles"),
    node(CHECK, gives="final", takes="fitted levels mux_notes dub result"),
    node(WAVEFORM, gives="waves", takes="fitted dub programme"),
)
"""Once per target language. An edited script takes the place of `script`, and only what depends on it runs."""

DELIVERED = ("final", "result", "subtitles", "waves", "cues")


def dub_plan(targets: Sequence[str]) -> Plan:
    nodes = [item for target in targets for item in per_target(RENDER, target)]
    return Plan([*UNDERSTAND, *nodes], given=("source", "library"))


def goals(target: str) -> list[str]:
    return [f"{name}@{target}" for name in DELIVERED]
