"""One short utterance at a time.

The network was made for half minutes and takes as long for four seconds. Its encoder, though, takes whatever it
is given: with some silence after the speech it hears the same words in a fraction of the time. With too little
silence it starts to repeat itself.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from dubline.sound.pcm import SPEECH_RATE, Samples

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

LEAST_SECONDS = 10
SILENCE_SECONDS = 4
LONGEST_SECONDS = 20
"""Of speech; beyond, the half minute is what it takes anyway."""

FRAMES_PER_SECOND = 100
LOOPING = 2.4
BEAM = 5


def heard(model: WhisperModel, samples: Samples, language: str) -> str | None:
    """The words of 16 kHz speech, or None where the network repeats itself and should be asked in full."""
    import ctranslate2
    from faster_whisper.tokenizer import Tokenizer

    tokenizer = Tokenizer(
        model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
    )
    encoded = model.model.encode(ctranslate2.StorageView.from_array(_features(model, samples)[None]))
    prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    answer = model.model.generate(encoded, [prompt], beam_size=BEAM)[0]
    text = str(tokenizer.decode(answer.sequences_ids[0])).strip()
    return None if _loops(text) else text


def _features(model: WhisperModel, samples: Samples) -> Samples:
    """Whole seconds, because the encoder halves its frames."""
    seconds = len(samples) / SPEECH_RATE
    length = int(np.ceil(max(LEAST_SECONDS, seconds + SILENCE_SECONDS)))
    padded = np.pad(samples, (0, length * SPEECH_RATE - len(samples)))
    features = model.feature_extractor(padded)[:, : length * FRAMES_PER_SECOND]
    return np.ascontiguousarray(features, dtype=np.float32)


def _loops(text: str) -> bool:
    plain = text.encode()
    return bool(plain) and len(plain) / len(zlib.compress(plain)) > LOOPING
