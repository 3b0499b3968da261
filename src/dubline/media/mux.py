"""Puts the dub, the picture and all that came with it into one file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dubline.domain.errors import UserError
from dubline.domain.media import VideoTrack
from dubline.domain.time import seconds
from dubline.media import allowed, sandbox
from dubline.media.cage import Limits
from dubline.media.containers import Container, container_for
from dubline.media.order import MuxOrder
from dubline.media.place import inner_name, whole_file
from dubline.media.probe import keyframe_before
from dubline.media.sandbox import never
from dubline.media.sniff import demuxer_of
from dubline.media.tracks import Picture, Tracks, cover_name, covers, subtitle_inputs

COPY_MEMORY = 2 << 30
ENCODE_MEMORY = 6 << 30
COPY_SECONDS = 300.0
ENCODE_SECONDS = 600.0
ENCODE_PACE = 30.0
"""Seconds of encoding we allow for a second of picture."""
ROOM = 64 << 20
DUB_BYTES_PER_TICK = 6
"""Room for the dub even as plain samples, with its headers."""
ENCODED_BYTES_PER_SECOND = 12 << 20

NEEDS_TIMESTAMPS = ("avi", "mpegts", "mpeg")
"""Containers whose packets may come without a presentation time."""


def mux(
    order: MuxOrder,
    out: Path,
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never,
) -> tuple[str, ...]:
    """Write the result; its suffix says the container. Gives back warnings on what could not be kept.

    The same order gives the same bytes. UserError: container_unknown, container_unfit, mux_failed.
    """
    container = container_for(out.suffix, order.facts)
    picture = _picture(order, container) if container.pictures else Picture.NONE
    tracks = Tracks.of(order, container, picture)
    encode = picture is Picture.ENCODED
    with whole_file(out) as folder, _covers(order, container) as taken:
        name = inner_name("result", out)
        finished = sandbox.run(
            "ffmpeg",
            [
                *("-v", "warning", "-threads", "4"),
                *_inputs(order),
                *tracks.arguments,
                *("-map_metadata", "0", "-map_chapters", "0"),
                *(
                    "-metadata",
                    "major_brand=",
                    "-metadata",
                    "minor_version=",
                    "-metadata",
                    "compatible_brands=",
                ),
                *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
                *("-max_muxing_queue_size", "4096", *container.options),
                *("-f", container.muxer, f"file:out/{name}"),
            ],
            inputs=_files(order) | taken,
            out=folder,
            limits=_limits(order, encode),
            fonts=order.burn is not None,
            seconds_done=lambda done: progress(min(1.0, done / max(order.span.duration, 1e-3))),
            cancelled=cancelled,
        )
        if not finished.ok:
            raise _failed(finished)
    return tracks.warnings


def _picture(order: MuxOrder, container: Container) -> Picture:
    """Copied wherever possible; coded anew to burn text in, to turn it where the container cannot say that it
    lies on its side, or where a trim cuts where a copy cannot be cut.
    """
    picture = order.facts.picture
    if picture is None:
        return Picture.NONE
    turned = picture.rotation != 0 and not container.turns
    if order.burn is not None or turned:
        return Picture.ENCODED
    return (
        Picture.COPIED
        if _cut_starts_well(order, picture) and _cut_ends_well(order, picture)
        else Picture.ENCODED
    )


def _cut_starts_well(order: MuxOrder, picture: VideoTrack) -> bool:
    if order.span.start == 0:
        return True
    start = seconds(order.span.start)
    key = keyframe_before(order.source, picture, start)
    return key is not None and abs(key - start) <= 0.5 / max(1.0, float(picture.frame_rate))


def _cut_ends_well(order: MuxOrder, picture: VideoTrack) -> bool:
    return order.span.end >= order.facts.duration or not picture.reordered


@contextmanager
def _covers(order: MuxOrder, container: Container) -> Iterator[dict[str, Path]]:
    """Cover pictures as files, for the one container that takes them only so."""
    with tempfile.TemporaryDirectory(prefix="dubline-covers-") as folder:
        wanted = covers(order.facts) if container.muxer == "matroska" else []
        for track in wanted:
            sandbox.run(
                "ffmpeg",
                [
                    *allowed.input_arguments("media", demuxer_of(order.source)),
                    *("-map", f"0:{track.index}", "-c", "copy", "-frames:v", "1"),
                    *("-f", "image2pipe", f"file:out/{cover_name(track)}"),
                ],
                inputs={"media": order.source},
                out=Path(folder),
                limits=Limits(wall=30, memory=COPY_MEMORY, written=ROOM),
            )
        yield {cover_name(track): Path(folder) / cover_name(track) for track in wanted}


def _inputs(order: MuxOrder) -> list[str]:
    demuxer = demuxer_of(order.source)
    cut = []
    if order.trim is not None:
        cut = ["-ss", f"{seconds(order.span.start):.6f}", "-t", f"{order.span.duration:.6f}"]
    generated = ["-fflags", "+genpts"] if demuxer in NEEDS_TIMESTAMPS else []
    return [
        *cut,
        *generated,
        *allowed.input_arguments("media", demuxer),
        *allowed.input_arguments("dub", demuxer_of(order.dub)),
        *subtitle_inputs(order),
    ]


def _files(order: MuxOrder) -> dict[str, Path]:
    named = {"media": order.source, "dub": order.dub}
    named |= {f"subtitles{count}": text.path for count, text in enumerate(order.subtitles)}
    if order.burn is not None:
        named["burn.ass" if order.burn.suffix == ".ass" else "burn.srt"] = order.burn
    return named


def _limits(order: MuxOrder, encode: bool) -> Limits:
    length = order.span.duration
    written = ROOM + order.facts.size + order.facts.size // 4 + DUB_BYTES_PER_TICK * order.span.length
    if encode:
        written += int(ENCODED_BYTES_PER_SECOND * length)
        return Limits(wall=ENCODE_SECONDS + ENCODE_PACE * length, memory=ENCODE_MEMORY, written=written)
    return Limits(wall=COPY_SECONDS + length, memory=COPY_MEMORY, written=written)


def _failed(finished: sandbox.Finished) -> UserError:
    return UserError(
        "mux_failed",
        f"The result could not be put together ({finished.complaint}).",
        hint="Try an output that ends in .mkv, which holds nearly everything.",
    )
