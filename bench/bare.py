"""The bare model calls of a dub: the same work on the same material, with nothing of ours around it.

Run as a process of its own: `python -m bench.bare CACHE SCRIPT` prints seconds per model. The material is taken
from the artefacts of the dub that was just made, so both did the same work on the same machine a moment apart.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dubline.domain.script import Blob, Script
from dubline.domain.time import Span
from dubline.models.catalogue import local_models
from dubline.ports.diarizer import Diarizer
from dubline.ports.registry import Registry
from dubline.ports.separator import Separator
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.transcriber import Transcriber
from dubline.sound import files
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound
from dubline.sound.resample import at_rate
from dubline.storage.blobs import BlobStore
from dubline.storage.ledger import Ledger

TWO = 2


def measure(cache: Path, script: Script) -> dict[str, float]:
    store, ledger = BlobStore(cache / "dubline" / "artefacts"), Ledger(cache / "dubline" / "ledger.sqlite")
    registry = Registry(local_models())
    made = {name: blob for _, outputs in ledger.oldest_first() for name, blob in outputs.items()}

    def path(name: str) -> Path:
        blob = made[name]
        assert isinstance(blob, Blob)
        return store.path(blob)

    def spans(name: str) -> list[Span]:
        return [Span.model_validate(span) for span in json.loads(path(name).read_bytes())]

    programme, voices = files.read(path("programme")), files.read(path("voices"))
    separator = registry.engine(Separator, "spleeter")
    diarizer = registry.engine(Diarizer, "ge2e")
    transcriber = registry.engine(Transcriber, "faster-whisper:base")
    takes = [line for line in script.lines if line.take and line.voice]
    synthesizer = registry.engine(Synthesizer, takes[0].take.voice.engine if takes[0].take else "kokoro")
    for engine in (separator, diarizer, transcriber, synthesizer):
        engine.preload()
    seconds: dict[str, float] = {}

    def timed(name: str, started: float) -> None:
        seconds[name] = time.perf_counter() - started

    started = time.perf_counter()
    separator.background(programme)
    timed("separation", started)
    started = time.perf_counter()
    diarizer.listen(voices, spans("speech"))
    timed("voice prints", started)
    started = time.perf_counter()
    transcriber.transcribe(voices, spans("windows"), "en")
    timed("recognition", started)
    started = time.perf_counter()
    with ThreadPoolExecutor(TWO) as both:
        list(both.map(lambda line: synthesizer.speak(line.take.text, line.take.voice, line.take.rate), takes))
    timed("synthesis", started)
    heard = [
        at_rate(files.read(store.path(line.take.sound)), SPEECH_RATE).samples for line in takes if line.take
    ]
    started = time.perf_counter()
    with ThreadPoolExecutor(TWO) as both:
        list(both.map(lambda samples: _listen(transcriber, samples, script.target_language), heard))
    timed("recognition of the dub", started)
    return seconds


def _listen(transcriber: Transcriber, samples: Samples, language: str) -> str:
    return transcriber.hear(Sound(samples, SPEECH_RATE), language)


if __name__ == "__main__":
    found = measure(Path(sys.argv[1]), Script.model_validate_json(Path(sys.argv[2]).read_bytes()))
    print(json.dumps(found))
