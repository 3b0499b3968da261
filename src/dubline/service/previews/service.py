"""What can be looked at of a job, and where it is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dubline.domain.errors import UserError
from dubline.domain.time import Span, ticks
from dubline.media.picture import thumbnail
from dubline.media.viewing import CLIP, PROXY, Seen, show
from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.downloads import kinds
from dubline.service.downloads import service as downloads
from dubline.service.downloads.kinds import Kind
from dubline.service.downloads.links import File, made_version
from dubline.service.downloads.service import Wanted
from dubline.service.previews import peaks
from dubline.service.previews.making import Cancelled, Make, place_for
from dubline.service.previews.sources import Material, Track, seen
from dubline.service.problem import ServiceError

MOST_CLIPS = 50
"""Of one language of a job; the oldest makes way."""

POSTER_AT = 0.1
"""The share of the programme after which its picture is taken: films begin black."""


@dataclass(frozen=True)
class Preview:
    """A file that can be made, and from what."""

    wanted: Wanted
    material: Material
    track: Track
    place: Path

    def make_clip(self, start: float, length: float) -> Make:
        def make(out: Path, cancelled: Cancelled) -> None:
            whole = seen(self.material, self.track)
            _make_room(out.parent)
            show(_part(whole, start, length), CLIP, out, cancelled=cancelled)

        return make

    def make_proxy(self, out: Path, cancelled: Cancelled) -> None:
        show(seen(self.material, self.track), PROXY, out, pieces=True, cancelled=cancelled)

    def make_peaks(self, out: Path, cancelled: Cancelled) -> None:
        peaks.draw(seen(self.material, self.track), out, cancelled)

    def make_picture(self, out: Path, _cancelled: Cancelled) -> None:
        whole = seen(self.material, self.track)
        thumbnail(whole.path, whole.facts, whole.span.start + int(whole.span.length * POSTER_AT), out)

    def file(self, ending: str, media_type: str) -> File:
        """For a player, so shown where it is rather than kept."""
        job, language = self.wanted.job, self.wanted.language
        name = kinds.download_name(job, language, f"x.{language}{ending}")
        return File(job.id, self.place, name, media_type, made_version(self.place), inline=True)


def of_dub(
    context: Context, principal: Principal, job_id: str, language: str | None, track: Track, name: str
) -> Preview:
    found = downloads.wanted(context, principal, job_id, language, Kind.RESULT)
    output = downloads.required(found)
    source = downloads.source_of(context, found.job)
    material = Material(downloads.there(context, output), source, downloads.settings_of(found.job))
    place = place_for(context, found.job.id, found.language, output.digest, f"{track}.{name}")
    return Preview(found, material, track, place)


def of_source(context: Context, principal: Principal, job_id: str, name: str) -> Preview:
    """For what can be shown before anything was dubbed."""
    found = downloads.wanted_job(context, principal, job_id)
    source = downloads.source_of(context, found.job)
    if source is None:
        raise ServiceError(
            404,
            "source_not_found",
            "The uploaded file of this job is not here (any more).",
            hint="Upload it again and send a new job.",
        )
    material = Material(None, source, downloads.settings_of(found.job))
    # The path holds the upload's id, and uploads never change.
    digest = hashlib.sha256(str(source).encode()).hexdigest()
    return Preview(found, material, Track.ORIGINAL, place_for(context, found.job.id, "source", digest, name))


def check_start(preview: Preview, start: float) -> None:
    length = preview.wanted.job.media_seconds * preview.material.settings.stretch_video
    if start >= length:
        raise ServiceError(
            422,
            "start_beyond_end",
            f"The programme is only {length:.1f} s long.",
            hint="Choose an earlier start_time.",
        )


def _part(whole: Seen, start: float, length: float) -> Seen:
    first = whole.span.start + ticks(start)
    span = Span(start=min(first, whole.span.end), end=min(first + ticks(length), whole.span.end))
    if not span.length:
        raise UserError(
            "start_beyond_end", "The programme ends before this.", hint="Choose an earlier start_time."
        )
    return Seen(whole.path, whole.facts, whole.sound, span)


def _make_room(folder: Path) -> None:
    clips = sorted(folder.glob("*.clip-*.mp4"), key=lambda path: path.stat().st_mtime)
    for old in clips[: max(0, len(clips) - MOST_CLIPS + 1)]:
        old.unlink(missing_ok=True)
