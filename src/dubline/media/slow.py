"""A film slowed down a little as a whole: the same frames, shown later; the same voices at the same pitch."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dubline.domain.errors import UserError
from dubline.domain.media import MediaFacts
from dubline.media import allowed, sandbox
from dubline.media.cage import Limits
from dubline.media.place import inner_name, whole_file
from dubline.media.sandbox import never
from dubline.media.sniff import demuxer_of

MEMORY = 2 << 30
SECONDS_BEFORE_TIMEOUT = 300.0
ROOM = 64 << 20
PLAIN_SOUND_BYTES_PER_SECOND = 48_000 * 8 * 4

_CHAPTER_TIME = re.compile(r"^(START|END)=(\d+)$", re.MULTILINE)


def slowed_suffix(facts: MediaFacts) -> str:
    """What holds everything that is in the file: how a film lies on its side, only QuickTime's family can say."""
    return ".mov" if facts.container in ("mp4", "mov", "m4a", "3gp") else ".mkv"


def slow_down(
    path: Path,
    facts: MediaFacts,
    factor: float,
    out: Path,
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never,
) -> None:
    """Write the file at `factor` times its length. The picture is copied, its timestamps are drawn out; sound is
    decoded, slowed at its own pitch and kept without loss. UserError `slow_failed` where that cannot be done."""
    demuxer = demuxer_of(path)
    with whole_file(out) as folder, _chapters(path, demuxer, factor) as chapters:
        listed = {"chapters": chapters} if facts.chapters else {}
        finished = sandbox.run(
            "ffmpeg",
            [
                *("-v", "warning", "-threads", "1", "-itsscale", f"{factor:.6f}"),
                *allowed.input_arguments("media", demuxer),
                *allowed.input_arguments("media", demuxer),
                *(("-f", "ffmetadata", "-i", "file:in/chapters") if listed else ()),
                *_tracks(facts, factor, out.suffix),
                *("-map_metadata", "0", "-map_chapters", "2" if listed else "-1"),
                *("-fflags", "+bitexact", "-flags:a", "+bitexact", "-max_muxing_queue_size", "4096"),
                f"file:out/{inner_name('slow', out)}",
            ],
            inputs={"media": path, **listed},
            out=folder,
            limits=_limits(facts),
            seconds_done=lambda done: progress(min(1.0, done * 48_000 / max(facts.duration, 1))),
            cancelled=cancelled,
        )
        if not finished.ok:
            raise UserError(
                "slow_failed",
                f"The picture could not be slowed down ({finished.complaint}).",
                hint="Leave out --stretch-video.",
            )


def _tracks(facts: MediaFacts, factor: float, suffix: str) -> list[str]:
    moving = [track.index for track in facts.video if not track.attached_picture]
    copied = [*moving, *(track.index for track in facts.subtitles)]
    arguments = [part for index in copied for part in ("-map", f"0:{index}")]
    arguments += [part for track in facts.audio for part in ("-map", f"1:{track.index}")]
    arguments += ["-map", "0:t?"] if suffix == ".mkv" and facts.attachments else []
    coding = "pcm_s16le" if suffix == ".mov" else "flac"
    return [*arguments, "-c", "copy", "-c:a", coding, "-filter:a", f"atempo={1 / factor:.6f}"]


@contextmanager
def _chapters(path: Path, demuxer: str, factor: float) -> Iterator[Path]:
    """The file's own list of chapters with every time drawn out; copying would leave them where they were."""
    with tempfile.TemporaryDirectory(prefix="dubline-chapters-") as folder:
        listed = Path(folder) / "chapters"
        sandbox.run(
            "ffmpeg",
            [*allowed.input_arguments("media", demuxer), "-f", "ffmetadata", f"file:out/{listed.name}"],
            inputs={"media": path},
            out=Path(folder),
            limits=Limits(wall=60, memory=MEMORY, written=ROOM),
        )
        text = listed.read_text(encoding="utf-8") if listed.is_file() else ";FFMETADATA1\n"
        later = _CHAPTER_TIME.sub(lambda found: f"{found[1]}={round(int(found[2]) * factor)}", text)
        listed.write_text(later, encoding="utf-8")
        yield listed


def _limits(facts: MediaFacts) -> Limits:
    seconds = facts.duration / 48_000
    sound = int(PLAIN_SOUND_BYTES_PER_SECOND * seconds * 1.2) * max(1, len(facts.audio))
    return Limits(
        wall=SECONDS_BEFORE_TIMEOUT + seconds,
        memory=MEMORY,
        written=ROOM + facts.size + sound,
    )
