"""What people look at while they work: short clips, a small copy for the editor, the sound alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dubline.domain.errors import UserError
from dubline.domain.media import AudioTrack, MediaFacts
from dubline.domain.time import Span, seconds
from dubline.media import allowed, sandbox
from dubline.media.cage import Limits
from dubline.media.place import inner_name, whole_file
from dubline.media.sandbox import never
from dubline.media.sniff import demuxer_of

MEMORY = 2 << 30
ROOM = 16 << 20
BASE_SECONDS = 60.0
PACE = 4.0
"""Seconds of work we allow for a second of picture; of sound it is far less."""

PEAK_RATE = 16_000
"""Samples per second that waveforms are drawn from."""


@dataclass(frozen=True)
class Seen:
    """A part of a file as it is looked at: its picture, where it has one, and one of its sounds."""

    path: Path
    facts: MediaFacts
    sound: AudioTrack
    span: Span


@dataclass(frozen=True)
class Quality:
    width: int
    height: int
    picture: tuple[str, ...]
    sound: tuple[str, ...]
    bytes_per_second: int
    """More than it can need: the file is cut off there."""


CLIP = Quality(1280, 720, ("-preset", "veryfast", "-crf", "23"), ("-b:a", "128k"), bytes_per_second=3 << 20)
PROXY = Quality(
    640, 360, ("-preset", "veryfast", "-crf", "28", "-g", "48"), ("-b:a", "96k"), bytes_per_second=1 << 20
)

AT_ONCE = ("-movflags", "+faststart")
IN_PIECES = ("-movflags", "+frag_keyframe+empty_moov+default_base_moof")
"""A player begins before it has seen the whole file."""


def show(
    seen: Seen,
    quality: Quality,
    out: Path,
    *,
    pieces: bool = False,
    cancelled: Callable[[], bool] = never,
) -> None:
    """Write it as H.264 and AAC in MP4, or as AAC alone. UserError `preview_failed`."""
    tracks = [*_picture(seen, quality), *_sound(seen, quality), *(IN_PIECES if pieces else AT_ONCE)]
    _make(seen, tracks, "mp4", out, quality.bytes_per_second, cancelled)


def sound_alone(seen: Seen, out: Path, *, cancelled: Callable[[], bool] = never) -> None:
    """Write the sound as FLAC, or as M4A, where AAC stays as it is."""
    if out.suffix == ".flac":
        coding, muxer = ("-c:a", "flac"), "flac"
    else:
        aac = ("-c:a", "copy") if seen.sound.codec == "aac" else ("-c:a", "aac", "-b:a", "192k")
        coding, muxer = (*aac, *AT_ONCE), "ipod"
    _make(seen, [*_mapped(seen.sound.index), *coding], muxer, out, 48_000 * 8, cancelled)


def plain_samples(seen: Seen, out: Path, *, cancelled: Callable[[], bool] = never) -> None:
    """Write the sound as bare 16-bit samples, one channel, PEAK_RATE a second: enough to draw it."""
    coding = ("-ac", "1", "-ar", str(PEAK_RATE), "-c:a", "pcm_s16le")
    _make(seen, [*_mapped(seen.sound.index), *coding], "s16le", out, PEAK_RATE * 2, cancelled)


def _picture(seen: Seen, quality: Quality) -> list[str]:
    picture = seen.facts.picture
    if picture is None:
        return []
    box = f"'min({quality.width},iw)':'min({quality.height},ih)'"
    fitted = f"scale={box}:force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p"
    return [*_mapped(picture.index), "-vf", fitted, "-c:v", "libx264", *quality.picture]


def _sound(seen: Seen, quality: Quality) -> list[str]:
    return [*_mapped(seen.sound.index), "-ac", "2", "-c:a", "aac", *quality.sound]


def _mapped(index: int) -> list[str]:
    return ["-map", f"0:{index}"]


def _make(
    seen: Seen,
    tracks: Sequence[str],
    muxer: str,
    out: Path,
    bytes_per_second: int,
    cancelled: Callable[[], bool],
) -> None:
    length = seen.span.duration
    with whole_file(out) as folder:
        finished = sandbox.run(
            "ffmpeg",
            [
                *("-v", "warning", "-threads", "2"),
                *("-ss", f"{seconds(seen.span.start):.6f}", "-t", f"{length:.6f}"),
                *allowed.input_arguments("media", demuxer_of(seen.path)),
                *tracks,
                *("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"),
                *("-max_muxing_queue_size", "4096", "-f", muxer),
                f"file:out/{inner_name('made', out)}",
            ],
            inputs={"media": seen.path},
            out=folder,
            limits=Limits(
                wall=BASE_SECONDS + PACE * length,
                memory=MEMORY,
                written=ROOM + int(bytes_per_second * length),
            ),
            cancelled=cancelled,
        )
        if not finished.ok:
            raise UserError(
                "preview_failed",
                f"This part of the file cannot be shown ({finished.complaint}).",
                hint="Choose another part, or download the result.",
            )
