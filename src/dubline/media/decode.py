"""Takes the sound out of a file: once, exact in time, in the one form everything after works on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from dubline.domain.errors import UserError
from dubline.domain.media import AudioTrack
from dubline.domain.time import TICKS_PER_SECOND, Span, seconds, ticks
from dubline.media import allowed, sandbox
from dubline.media.cage import Limits
from dubline.media.place import inner_name, whole_file
from dubline.media.sandbox import never
from dubline.media.sniff import demuxer_of
from dubline.sound import files

RATE = TICKS_PER_SECOND
"""Samples per second of extracted sound; one sample is one tick."""

MEMORY = 1 << 30
HEADER_BYTES = 1 << 20
SECONDS_BEFORE_TIMEOUT = 120.0

SEEKABLE = ("mov", "matroska")
"""Containers in which a jump lands on exact timestamps. Elsewhere we decode from the beginning."""
LEAD_IN = 10.0
"""Seconds decoded and thrown away before a trim, so that decoders which need history are warm."""

HOLE = 0.06
"""Seconds of missing sound we fill with silence to stay in sync; less is jitter of the timestamps."""

LOST_SHARE = 0.02
LOST_AT_START = 2
ANOTHER_COPY = "Fetch the file again, or choose another track with --audio-track."
"""Packets that may fail before we say so: the first ones of a stream often do."""

FORM = "sample_fmts=s16:channel_layouts=stereo"
STEADY_CODING = ("-c:a", "pcm_s16le", "-f", "matroska")
"""Where a stream changes its rate or its channels half-way, filters start over and lose count: then it is first
written down in one form with its timestamps, and counted in a second run."""

SIGNS_OF_DAMAGE = re.compile(r"(\d+) packets read .*?; (\d+) frames decoded")


def extract_sound(
    path: Path,
    track: AudioTrack,
    out: Path,
    *,
    span: Span,
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never,
) -> str:
    """Write the track as 48 kHz stereo, 16 bit, FLAC or WAV by `out`'s suffix; give back a warning or "".

    Sample 0 is the span's first moment on the programme's timeline; the file is exactly as long as the span.
    A track that starts late or has holes is filled with silence, what cannot be decoded is left silent.
    `progress` gets the share that is done, 0 to 1. UserError `broken_file` where nothing can be decoded.
    """
    demuxer = demuxer_of(path)
    jump = max(0.0, seconds(span.start) - LEAD_IN) if demuxer in SEEKABLE else 0.0
    skip = span.start - ticks(jump)
    read = (
        *(("-ss", f"{jump:.6f}") if jump else ()),
        *("-t", f"{seconds(skip + span.length) + 1:.6f}"),
        *allowed.input_arguments("media", demuxer),
        *("-map", f"0:{track.index}", "-map_metadata", "-1", "-map_chapters", "-1"),
    )
    with whole_file(out) as folder:
        made = folder / inner_name("sound", out)

        def run(source: Path, *arguments: str) -> sandbox.Finished:
            return sandbox.run(
                "ffmpeg",
                ["-v", "verbose", "-threads", "1", *arguments],
                inputs={"media": source},
                out=folder,
                limits=_limits(span),
                seconds_done=lambda done: progress(min(1.0, done / max(span.duration, 1e-3))),
                cancelled=cancelled,
            )

        exact = (*_exact(skip, span.length), *_coding(made))
        finished = run(path, *read, "-af", ",".join((*_to_stereo(track), exact[0])), *exact[1:])
        _check_decoded(finished)
        if not _is_whole(finished, made, span.length):
            steady = folder / "steady.mkv"
            run(
                path,
                *read,
                "-af",
                f"aformat=sample_rates={RATE}:{FORM}",
                *STEADY_CODING,
                f"file:out/{steady.name}",
            )
            again = run(steady, "-copyts", *allowed.input_arguments("media", "matroska"), "-af", *exact)
            steady.unlink(missing_ok=True)
            if not _is_whole(again, made, span.length):
                raise UserError(
                    "broken_file",
                    f"The sound track cannot be decoded ({finished.complaint}).",
                    hint=ANOTHER_COPY,
                )
    return _warning(finished.log)


def _limits(span: Span) -> Limits:
    return Limits(
        wall=SECONDS_BEFORE_TIMEOUT + span.duration / 2,
        memory=MEMORY,
        written=HEADER_BYTES + 4 * span.length + span.length // 8,
    )


def _exact(skip: int, length: int) -> tuple[str, ...]:
    """A filter chain, and output options. Timestamps become samples first; only then is anything counted."""
    timed = f"aresample={RATE}:async=1:first_pts=0:min_hard_comp={HOLE}"
    cut = f"apad=whole_len={skip + length},atrim=start_sample={skip}:end_sample={skip + length}"
    chain = f"{timed},aformat={FORM},{cut},asetpts=N/SR/TB"
    return (chain, "-fflags", "+bitexact", "-flags:a", "+bitexact")


def _to_stereo(track: AudioTrack) -> tuple[str, ...]:
    """Mono goes to both sides at full level. Surround is folded as ITU-R BS.775 has it, not turned down as a
    whole, so that speech in the centre stays loud; the limiter takes what would clip. Channels that nobody
    named are shared out, odd ones left, even ones right.
    """
    if track.channels == 1:
        return ("pan=stereo|c0=c0|c1=c0",)
    if track.channels > len("LR") and (not track.layout or "channels" in track.layout):
        left = "+".join(f"c{channel}" for channel in range(0, track.channels, 2))
        right = "+".join(f"c{channel}" for channel in range(1, track.channels, 2))
        return (f"pan=stereo|c0<{left}|c1<{right}",)
    if track.channels > len("LR"):
        fold = "aresample=ochl=stereo:osf=fltp:clev=0.7071:slev=0.7071:lfe_mix_level=0"
        return (fold, "alimiter=limit=0.97:attack=1:release=50:level=false")
    return ()


def _coding(made: Path) -> tuple[str, ...]:
    name = f"file:out/{made.name}"
    if made.suffix == ".wav":
        return ("-c:a", "pcm_s16le", "-f", "wav", name)
    return ("-c:a", "flac", "-compression_level", "2", "-f", "flac", name)


def _check_decoded(finished: sandbox.Finished) -> None:
    counted = SIGNS_OF_DAMAGE.search(finished.log)
    if counted and int(counted[2]) == 0:
        raise UserError(
            "broken_file",
            "The sound track is damaged: nothing of it can be decoded.",
            hint=ANOTHER_COPY,
        )


def _is_whole(finished: sandbox.Finished, made: Path, length: int) -> bool:
    return finished.ok and made.is_file() and files.frames(made) == length


def _warning(log: str) -> str:
    counted = SIGNS_OF_DAMAGE.search(log)
    if counted is None:
        return ""
    packets, frames = int(counted[1]), int(counted[2])
    lost = (packets - frames) / max(1, packets)
    if lost <= LOST_SHARE or packets - frames <= LOST_AT_START:
        return ""
    return f"The sound is partly damaged: {lost:.0%} of it could not be decoded and is silent."
