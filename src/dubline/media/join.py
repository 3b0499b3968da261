"""Puts a picture and a sound that came as files of their own into one, both as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from dubline.domain.errors import UserError
from dubline.media import allowed, sandbox
from dubline.media.cage import Limits
from dubline.media.place import inner_name, whole_file
from dubline.media.sandbox import never
from dubline.media.sniff import demuxer_of

WALL = 600.0
MEMORY = 2 << 30
ROOM = 64 << 20


def join(parts: Sequence[Path], out: Path, cancelled: Callable[[], bool] = never) -> None:
    """The first picture and the first sound of all parts. UserError: join_failed."""
    named = {f"part{count}": path for count, path in enumerate(parts)}
    inputs = [
        option for name, path in named.items() for option in allowed.input_arguments(name, demuxer_of(path))
    ]
    maps = [
        option for count in range(len(parts)) for option in ("-map", f"{count}:v:0?", "-map", f"{count}:a:0?")
    ]
    size = sum(path.stat().st_size for path in parts)
    with whole_file(out) as folder:
        name = inner_name("joined", out)
        finished = sandbox.run(
            "ffmpeg",
            ["-v", "warning", *inputs, *maps, "-c", "copy", "-f", "matroska", f"file:out/{name}"],
            inputs=named,
            out=folder,
            limits=Limits(wall=WALL, memory=MEMORY, written=size + size // 4 + ROOM),
            cancelled=cancelled,
        )
        if not finished.ok:
            raise UserError(
                "join_failed",
                "The picture and the sound of this video could not be put together.",
                hint="Fetch it yourself and upload it as one file.",
            )
