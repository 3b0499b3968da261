"""Single pictures out of a film, for the report."""

from __future__ import annotations

from pathlib import Path

from dubline.domain.errors import UserError
from dubline.domain.media import MediaFacts
from dubline.domain.time import seconds
from dubline.media import allowed, sandbox
from dubline.media.cage import Limits
from dubline.media.place import whole_file
from dubline.media.sniff import demuxer_of

WIDEST = 640
CODINGS = {".png": ("-c:v", "png"), ".jpg": ("-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p")}
LIMITS = Limits(wall=30, memory=2 << 30, written=8 << 20)


def thumbnail(path: Path, facts: MediaFacts, at: int, out: Path) -> None:
    """Write the frame shown at moment `at` as PNG or JPEG by `out`'s suffix, upright and at most 640 wide.
    UserError `no_picture`."""
    if facts.picture is None:
        raise UserError("no_picture", "This file has no moving picture.", hint="Give a film.")
    name = f"frame{out.suffix}"
    with whole_file(out) as folder:
        finished = sandbox.run(
            "ffmpeg",
            [
                *("-v", "warning", "-threads", "1", "-ss", f"{seconds(at):.6f}"),
                *allowed.input_arguments("media", demuxer_of(path)),
                *("-map", f"0:{facts.picture.index}", "-frames:v", "1", "-map_metadata", "-1"),
                *("-vf", f"scale='min({WIDEST},iw)':-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"),
                *(*CODINGS[out.suffix], "-f", "image2pipe", f"file:out/{name}"),
            ],
            inputs={"media": path},
            out=folder,
            limits=LIMITS,
        )
        made = folder / name
        if not finished.ok or not made.is_file() or made.stat().st_size == 0:
            raise UserError(
                "no_picture", "There is no picture to show at this moment.", hint="Choose an earlier one."
            )
