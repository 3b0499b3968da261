"""Makes sample.mp4 and sample.gt.json from nothing but this folder, the Kokoro voices and FFmpeg.

    .venv/bin/python sample/build.py [FOLDER]

The same machine makes the same samples and frames every time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import soundfile

import film
import mix
import music
from dialogue import CHAPTERS, DIALOGUE, GENDERS, TITLE, VOICES
from dubline.sound.pcm import PROGRAMME_RATE
from shapes import HEIGHT, WIDTH
from speech import FRAME_RATE, Speech, speak_all

LICENCE = "CC0-1.0"

ENCODING = {
    "map_metadata": "2",
    "vf": "scale=out_color_matrix=bt709:out_range=tv",
    "c:v": "libx264",
    "preset": "slow",
    "tune": "animation",
    "crf": "20",
    "g": "125",
    "threads": "1",
    "pix_fmt": "yuv420p",
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "color_range": "tv",
    "c:a": "aac",
    "b:a": "160k",
    "metadata:s:v:0": "language=eng",
    "metadata:s:a:0": "language=eng",
    "fflags": "+bitexact",
    "flags:v": "+bitexact",
    "flags:a": "+bitexact",
    "movflags": "+faststart",
}
"""One thread and no version strings: the same frames give the same file."""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    speech = speak_all()
    programme, _ = mix.mixed(speech, music.tune(speech.length))
    with tempfile.TemporaryDirectory() as scratch:
        sound, facts = Path(scratch, "sound.wav"), Path(scratch, "facts.txt")
        soundfile.write(sound, programme, PROGRAMME_RATE, subtype="PCM_16")
        facts.write_text(_metadata(speech), encoding="utf-8")
        _encode(speech, sound, facts, folder / "sample.mp4")
    (folder / "sample.gt.json").write_text(_truth(speech), encoding="utf-8")


def _encode(speech: Speech, sound: Path, facts: Path, out: Path) -> None:
    picture = _options({"f": "rawvideo", "pix_fmt": "rgb24", "s": f"{WIDTH}x{HEIGHT}", "r": str(FRAME_RATE)})
    inputs = [*picture, "-i", "pipe:0", "-i", str(sound), "-i", str(facts)]
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        *inputs,
        "-map",
        "0:v",
        "-map",
        "1:a",
        *_options(ENCODING),
        str(out),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        if encoder.stdin is None:
            raise RuntimeError("the encoder has no input")
        for frame in film.frames(speech):
            encoder.stdin.write(frame)
        encoder.stdin.close()
        if encoder.wait():
            raise SystemExit(f"ffmpeg failed with {encoder.returncode}")


def _options(named: dict[str, str]) -> list[str]:
    return [part for name, value in named.items() for part in (f"-{name}", value)]


def _metadata(speech: Speech) -> str:
    """Title, licence and chapters in FFmpeg's own notation."""
    starts = [0 if not line else speech.spans[line][0] - PROGRAMME_RATE // 5 for _, line in CHAPTERS]
    said = [";FFMETADATA1", f"title={TITLE}", f"comment=Made for dubline. Licence {LICENCE}."]
    for (name, _), start, end in zip(CHAPTERS, starts, [*starts[1:], speech.length], strict=True):
        said += ["[CHAPTER]", f"TIMEBASE=1/{PROGRAMME_RATE}", f"START={start}", f"END={end}", f"title={name}"]
    return "\n".join(said) + "\n"


def _truth(speech: Speech) -> str:
    lines = [
        {
            "speaker": said.speaker,
            "start": round(start / PROGRAMME_RATE, 3),
            "end": round(end / PROGRAMME_RATE, 3),
            "text": said.text,
        }
        for said, (start, end) in zip(DIALOGUE, speech.spans, strict=True)
    ]
    speakers = {name: {"gender": GENDERS[name], "voice": voice} for name, voice in VOICES.items()}
    truth = {
        "title": TITLE,
        "licence": LICENCE,
        "language": "en",
        "duration": speech.length / PROGRAMME_RATE,
        "speakers": speakers,
        "lines": lines,
    }
    return json.dumps(truth, indent=2) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
