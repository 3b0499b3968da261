"""The first look at a file: is it media, is it whole, is it of a size we take; and what is in it."""

from __future__ import annotations

import json
import re
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dubline.domain.errors import UserError
from dubline.domain.media import AudioTrack, MediaFacts, VideoTrack
from dubline.domain.time import TICKS_PER_SECOND, ticks
from dubline.media import allowed, reading, sandbox
from dubline.media.cage import Limits
from dubline.media.reading import Raw
from dubline.media.sniff import demuxer_of

MEMORY = 768 << 20
"""Address space, of which the libraries alone take about 250 MB."""

HEADER_IS_A_GUESS = ("mp3", "aac", "ac3", "eac3", "amr")
"""Here the length is estimated from the bit rate, so we count packets instead."""

SMALL = 32 << 20
"""Bytes up to which we read every packet, because it costs less than a look near the end is worth."""

TAIL_SECONDS = 8.0
MISSING_SECONDS = 1.0
"""How much may be missing at the end before we call a file cut off: streams rarely end together."""

SHORTEST = TICKS_PER_SECOND // 10
PACKET_TAIL = 1 << 20
CHECK_PATH = "Check the path; a name with spaces needs quotes."
FETCH_AGAIN = "The download or recording may have stopped early; fetch the file again."
WHAT = "format:stream:stream_tags:stream_disposition:stream_side_data:chapter=start_time"

SUFFIX = {"matroska": "mkv", "mpegts": "ts", "mpeg": "mpg"}


@dataclass(frozen=True)
class _Look:
    """A file under examination, with the moment by which we must have made up our mind."""

    path: Path
    demuxer: str
    size: int
    deadline: float
    cancelled: Callable[[], bool]

    def ffprobe(self, *arguments: str, printed: int = 16 << 20) -> sandbox.Finished:
        left = max(0.5, self.deadline - time.monotonic())
        return sandbox.run(
            "ffprobe",
            ["-v", "warning", "-threads", "1", *arguments, *allowed.input_arguments("media", self.demuxer)],
            inputs={"media": self.path},
            limits=Limits(wall=left, memory=MEMORY, printed=printed),
            cancelled=self.cancelled,
        )


def probe(path: Path, cancelled: Callable[[], bool] = sandbox.never) -> MediaFacts:
    """Facts on a file, or UserError: file_missing, file_unreadable, file_empty, not_media, playlist_refused,
    broken_file, encrypted, codec_unsupported, too_large, too_long, too_short, too_many_streams,
    too_many_channels, media_timeout, media_decoder_crashed. Takes at most ten seconds.
    """
    size = check_file(path)
    look = _Look(path, demuxer_of(path), size, time.monotonic() + allowed.PROBE_SECONDS, cancelled)
    finished = look.ffprobe("-show_entries", WHAT, "-show_chapters", "-of", "json")
    raw: Raw = json.loads(finished.printed) if finished.ok else {}
    if not raw.get("streams"):
        raise _broken(finished.log)
    if "max pixel count" in finished.log:
        raise reading.too_many_pixels()
    facts = _facts(look, raw)
    return _with_length(look, facts, raw)


def pick_audio(facts: MediaFacts, wanted: int | None = None) -> AudioTrack:
    """The track to dub. `wanted` counts sound tracks from 1. Without it: the file's default one, else the
    one with most channels; commentary and descriptions for the blind come last.
    """
    require_sound(facts)
    if wanted is None:
        return max(
            facts.audio, key=lambda track: (not track.extra, track.default, track.channels, -track.index)
        )
    if not 1 <= wanted <= len(facts.audio):
        listed = ", ".join(f"{count} ({track.language})" for count, track in enumerate(facts.audio, 1))
        raise UserError(
            "audio_track_unknown",
            f"There is no sound track {wanted} in this file.",
            hint=f"It has: {listed}.",
        )
    return facts.audio[wanted - 1]


def require_sound(facts: MediaFacts) -> None:
    """UserError `no_audio` for a file without a sound track that we can read."""
    if not facts.audio:
        raise UserError(
            "no_audio",
            "This file has no sound track, so there is nothing to dub.",
            hint="Give a file in which somebody speaks.",
        )


def keyframe_before(path: Path, picture: VideoTrack, at: float) -> float | None:
    """The moment of the last key frame at or before `at`, both in seconds from the programme's start."""
    deadline = time.monotonic() + allowed.PROBE_SECONDS
    look = _Look(path, demuxer_of(path), check_file(path), deadline, sandbox.never)
    started = look.ffprobe("-show_entries", "format=start_time", "-of", "json").printed or b"{}"
    zero = reading.seconds(json.loads(started).get("format", {}), "start_time") or 0.0
    finished = look.ffprobe(
        *("-select_streams", str(picture.index), "-read_intervals", f"{zero + at:.6f}%+#1"),
        *("-show_entries", "packet=pts_time,flags", "-of", "json"),
    )
    packets = json.loads(finished.printed or b"{}").get("packets", [])
    found = (
        reading.seconds(packets[0], "pts_time") if packets and "K" in packets[0].get("flags", "") else None
    )
    return None if found is None else found - zero


def check_file(path: Path) -> int:
    """Bytes of a regular file we may read. UserError: file_missing, file_unreadable, file_empty, too_large.

    Asked before opening: opening a pipe would wait for ever.
    """
    try:
        found = path.stat()
    except PermissionError as error:
        raise UserError(
            "file_unreadable", f"We may not read {path.name!r}.", hint=f"Allow it: chmod u+r {str(path)!r}"
        ) from error
    except (OSError, ValueError) as error:
        raise UserError("file_missing", f"There is no file {str(path)!r}.", hint=CHECK_PATH) from error
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no ordinary file"
        raise UserError("file_unreadable", f"{path.name!r} is {kind}.", hint="Give a video or sound file.")
    if found.st_size == 0:
        raise UserError("file_empty", f"The file {path.name!r} is empty.", hint=FETCH_AGAIN)
    if found.st_size > allowed.MAX_BYTES:
        raise UserError(
            "too_large",
            f"The file is larger than the {allowed.MAX_BYTES >> 30} GiB we take.",
            hint="Encode it smaller, or cut it into parts.",
        )
    try:
        with path.open("rb"):
            return found.st_size
    except OSError as error:
        raise UserError(
            "file_unreadable", f"We cannot read {path.name!r}: {error.strerror}.", hint="Copy it elsewhere."
        ) from error


def _broken(log: str) -> UserError:
    if "max_streams" in log:
        return _too_many_streams()
    if refused := re.search(r"Codec \((\w+)\) not on whitelist", log):
        return reading.unsupported("picture or sound", refused[1])
    if "moov atom not found" in log:
        return UserError(
            "broken_file", "The file is cut off: the index at its end is missing.", hint=FETCH_AGAIN
        )
    return UserError("broken_file", "The file is damaged and cannot be read.", hint=FETCH_AGAIN)


def _too_many_streams() -> UserError:
    return UserError(
        "too_many_streams",
        f"The file has more than the {allowed.MAX_STREAMS} streams we take.",
        hint="Copy the picture and one sound track into a new file: ffmpeg -i FILE -c copy NEW",
    )


def _facts(look: _Look, raw: Raw) -> MediaFacts:
    """Everything but the length. Streams we cannot use are left out, unless they are all there is."""
    streams = raw["streams"]
    if len(streams) > allowed.MAX_STREAMS:
        raise _too_many_streams()
    if any(reading.encrypted(stream) for stream in streams):
        raise UserError(
            "encrypted",
            "The file is encrypted (DRM); it cannot be dubbed.",
            hint="Give a file without copy protection.",
        )
    video = tuple(reading.video_track(stream) for stream in streams if stream.get("codec_type") == "video")
    for track in video:
        if not track.attached_picture:
            reading.check_picture(track)
    audio, warnings = _audio(streams)
    text = [reading.subtitle_track(stream) for stream in streams if stream.get("codec_type") == "subtitle"]
    return MediaFacts(
        container=_container(look, raw, any(not track.attached_picture for track in video)),
        duration=0,
        size=look.size,
        video=tuple(track for track in video if track.codec in allowed.PICTURE_CODECS),
        audio=audio,
        subtitles=tuple(track for track in text if track.codec in allowed.TEXT_CODECS),
        chapters=len(raw.get("chapters", ())),
        attachments=sum(stream.get("codec_type") == "attachment" for stream in streams),
        title=reading.title(raw["format"]),
        warnings=warnings,
    )


def _audio(streams: list[Raw]) -> tuple[tuple[AudioTrack, ...], tuple[str, ...]]:
    tracks = [reading.audio_track(stream) for stream in streams if stream.get("codec_type") == "audio"]
    good = tuple(
        track for track in tracks if track.codec in allowed.SOUND_CODECS and track.channels and track.rate
    )
    if tracks and not good:
        raise reading.unsupported("sound", tracks[0].codec)
    if any(track.channels > allowed.MAX_CHANNELS for track in good):
        raise UserError(
            "too_many_channels",
            f"A sound track has more than {allowed.MAX_CHANNELS} channels.",
            hint="Mix it down first: ffmpeg -i FILE -ac 2 NEW",
        )
    left_out = [track for track in tracks if track not in good]
    return good, tuple(f"Sound track left out: {track.codec} cannot be read." for track in left_out)


def _container(look: _Look, raw: Raw, moving: bool) -> str:
    """The container as people name it."""
    if look.demuxer == "mov":
        brand = str(raw["format"].get("tags", {}).get("major_brand", "qt")).strip().lower()
        if brand.startswith("3g"):
            return "3gp"
        return "mov" if brand == "qt" else "mp4" if moving else "m4a"
    if look.demuxer == "matroska":
        with look.path.open("rb") as file:
            return "webm" if b"webm" in file.read(64) else "mkv"
    return SUFFIX.get(look.demuxer, look.demuxer)


def _with_length(look: _Look, facts: MediaFacts, raw: Raw) -> MediaFacts:
    """The length the header claims, where the packets bear it out; else what is really there, said openly."""
    claimed = reading.seconds(raw["format"], "duration")
    if claimed is not None and claimed > allowed.MAX_HOURS * 3600:
        raise _too_long()
    guessed = claimed is None or look.demuxer in HEADER_IS_A_GUESS
    ends = _ends(
        look, facts, reading.seconds(raw["format"], "start_time") or 0.0, None if guessed else claimed
    )
    warnings = facts.warnings
    length = ends.programme if claimed is None or guessed else claimed
    if not guessed and length - ends.programme > MISSING_SECONDS:
        length = ends.programme
    if claimed is not None and not guessed and claimed - ends.anything > MISSING_SECONDS:
        warnings += (f"The file is cut off: {length:.1f} s of {claimed:.1f} s are there.",)
    if ticks(length) > allowed.MAX_HOURS * 3600 * TICKS_PER_SECOND:
        raise _too_long()
    if length <= 0 or (ticks(length) < SHORTEST and warnings != facts.warnings):
        raise UserError(
            "broken_file", "The file is cut off: nearly no picture or sound is in it.", hint=FETCH_AGAIN
        )
    if ticks(length) < SHORTEST:
        raise UserError(
            "too_short",
            f"The file is only {length:.2f} s long; there is nothing to dub in it.",
            hint="Give at least a sentence of speech",
        )
    return facts.model_copy(update={"duration": ticks(length), "warnings": warnings})


def _too_long() -> UserError:
    return UserError(
        "too_long",
        f"The file is longer than the {allowed.MAX_HOURS} hours we take.",
        hint="Cut it into parts and dub them one by one.",
    )


@dataclass(frozen=True)
class _Ends:
    """Seconds from the start to the end of sound and moving picture, and to that of anything at all."""

    programme: float
    anything: float


def _ends(look: _Look, facts: MediaFacts, start: float, claimed: float | None) -> _Ends:
    """A large file is looked at near its claimed end first; where nothing is there, it is read whole."""
    if claimed is not None and look.size > SMALL:
        tail = _last_packets(look, facts, start, f"{start + claimed - TAIL_SECONDS:.3f}%+#2000")
        if tail.programme > 0:
            return tail
    return _last_packets(look, facts, start, None)


def _last_packets(look: _Look, facts: MediaFacts, start: float, window: str | None) -> _Ends:
    interval = () if window is None else ("-read_intervals", window)
    entries = "packet=stream_index,pts_time,dts_time,duration_time"
    finished = look.ffprobe(*interval, "-show_entries", entries, "-of", "compact=p=0", printed=PACKET_TAIL)
    tracks = {track.index for track in facts.audio}
    tracks |= {track.index for track in facts.video if not track.attached_picture}
    programme = anything = start
    for line in finished.printed.decode(errors="replace").splitlines():
        packet = dict(field.split("=", 1) for field in line.split("|") if "=" in field)
        at = reading.seconds(packet, "pts_time") or reading.seconds(packet, "dts_time")
        if at is None:
            continue
        end = at + (reading.seconds(packet, "duration_time") or 0.0)
        anything = max(anything, end)
        if packet.get("stream_index", "").isdigit() and int(packet["stream_index"]) in tracks:
            programme = max(programme, end)
    return _Ends(programme - start, anything - start)
