"""What we say about good files, and about the odd ones of the shared recordings."""

from __future__ import annotations

import subprocess
import time
from fractions import Fraction
from pathlib import Path

import pytest

from dubline.domain.errors import UserError
from dubline.domain.media import AudioTrack, MediaFacts
from dubline.domain.time import TICKS_PER_SECOND
from dubline.media.probe import pick_audio, probe, require_sound
from tests.media.conftest import CODECS, SOUNDS, Make, ffmpeg

CONTAINER = {".m4v": "mp4", ".wmv": "asf", ".opus": "ogg"}
NASTY_NAMES = [
    "with space.mp4",
    'it\'s "quoted".mp4',
    "-i.mp4",
    "--help",
    "concat:a|b.mp4",
    "http:x.mp4",
    "pipe:1",
    "%03d.mp4",
    "new\nline.mp4",
    "$(touch x).mp4",
    "a;b&c|d.mp4",
    "naïve 日本語 🎬.mp4",
    "\u202egnp.mp4",
    "[x]{y}*?.mp4",
    "back\\slash.mp4",
    "in=out:0,scale.mp4",
    "no suffix",
    "CON",
    ".mp4",
    "x" * 250 + ".mp4",
]

REFUSED = {
    "encrypted_cbcs.mp4": "encrypted",
    "ffconcat_script.mp4": "playlist_refused",
    "hls_reads_local_file.mp4": "playlist_refused",
    "invalid_userdata.mp4": "broken_file",
    "minimal.mp4": "too_short",
    "partial_file_qt.mp4": "broken_file",
    "ps_bad.wav": "broken_file",
    "ps_null.wav": "broken_file",
    "text_named.mp4": "not_media",
    "truncated_no_moov.mp4": "broken_file",
    "vvc_unsupported.mp4": "codec_unsupported",
    "zero_byte.mp4": "file_empty",
}
SILENT = {
    "-video-with-dash-.mp4": 5.0,
    "av1.mkv": 5.0,
    "hevc_10bit.mp4": 1.0,
    "no_audio_stream.mp4": 9.967,
    "no_timescale.mp4": 6.042,
    "one_pixel.mp4": 5.0,
    "rot90_real.mov": 0.1,
    "unordered_pts.mov": 0.125,
}
TAKEN = {
    "antiphase_stereo.flac": ("flac", 9.967, 2),
    "audio_only.m4a": ("m4a", 9.967, 1),
    "audio_starts_late.mp4": ("mp4", 12.467, 1),
    "clipped.wav": ("wav", 7.1, 1),
    "eight_channels.m4a": ("m4a", 8.05, 8),
    "face_but_digital_silence.mp4": ("mp4", 9.984, 2),
    "failing_audio.mp4": ("mp4", 11.259, 2),
    "hdr10_hevc.mp4": ("mp4", 9.967, 1),
    "left_only.flac": ("flac", 9.967, 2),
    "metadata_injection.mp4": ("mp4", 9.967, 1),
    "mpeg4_mp3.avi": ("avi", 10.005, 1),
    "no_duration.webm": ("webm", 4.938, 2),
    "old_phone.3gp": ("3gp", 15.2, 1),
    "one_second_zero.wav": ("wav", 1.0, 1),
    "room_noise_no_speech.wav": ("wav", 8.212, 1),
    "rot_flag_jordi.mp4": ("mp4", 9.968, 1),
    "speech_center_only_51.mp4": ("mp4", 9.967, 6),
    "two_languages_two_subs.mkv": ("mkv", 24.487, 1),
    "ulaw_8k.wav": ("wav", 7.1, 1),
    "very_quiet.wav": ("wav", 7.1, 1),
    "vfr_jordi.mp4": ("mp4", 9.967, 1),
    "vp9_opus.webm": ("webm", 9.975, 1),
}


@pytest.mark.parametrize("suffix", CODECS)
def test_every_kind_of_file_is_known_by_content(suffix: str, film: Make, copy: Make) -> None:
    facts = probe(copy(film(suffix), "nameless"))
    assert facts.container == CONTAINER.get(suffix, suffix[1:])
    assert facts.duration / TICKS_PER_SECOND == pytest.approx(3.0, abs=0.1)
    assert len(facts.audio) == 1
    assert (facts.picture is None) == (suffix in SOUNDS)
    assert facts.warnings == ()


@pytest.mark.parametrize("name", NASTY_NAMES, ids=range(len(NASTY_NAMES)))
def test_no_name_can_hurt(name: str, film: Make, copy: Make) -> None:
    path = copy(film(".mp4"), name)
    before = path.read_bytes()
    assert probe(path).container == "mp4"
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == [name]


def test_a_name_that_is_no_unicode(film: Make, copy: Make) -> None:
    assert probe(copy(film(".mp4"), b"\xff\xfe.mp4")).container == "mp4"


def test_a_relative_path(film: Make, copy: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy(film(".mp4"), "-y")
    monkeypatch.chdir(path.parent)
    assert probe(Path("-y")).container == "mp4"


class TestTheSharedOddFiles:
    def test_none_is_left_out(self, media_dir: Path) -> None:
        there = {path.name for path in (media_dir / "e_odd").iterdir() if path.suffix != ".json"}
        assert there == {*REFUSED, *SILENT, *TAKEN}

    @pytest.mark.media
    @pytest.mark.parametrize("name", REFUSED)
    def test_refused(self, name: str, media_dir: Path) -> None:
        started = time.monotonic()
        with pytest.raises(UserError) as caught:
            probe(media_dir / "e_odd" / name)
        assert caught.value.code == REFUSED[name]
        assert time.monotonic() - started < 10
        assert "root:" not in str(caught.value)

    @pytest.mark.media
    @pytest.mark.parametrize("name", SILENT)
    def test_without_sound(self, name: str, media_dir: Path) -> None:
        facts = probe(media_dir / "e_odd" / name)
        assert facts.duration / TICKS_PER_SECOND == pytest.approx(SILENT[name], abs=0.002)
        with pytest.raises(UserError) as caught:
            require_sound(facts)
        assert caught.value.code == "no_audio"

    @pytest.mark.media
    @pytest.mark.parametrize("name", TAKEN)
    def test_taken(self, name: str, media_dir: Path) -> None:
        container, seconds, channels = TAKEN[name]
        facts = probe(media_dir / "e_odd" / name)
        assert facts.container == container
        assert facts.duration / TICKS_PER_SECOND == pytest.approx(seconds, abs=0.002)
        assert pick_audio(facts).channels == channels

    @pytest.mark.media
    def test_what_is_odd_about_them(self, media_dir: Path) -> None:
        odd = media_dir / "e_odd"
        assert probe(odd / "rot_flag_jordi.mp4").video[0].rotation == 90
        assert probe(odd / "rot90_real.mov").video[0].rotation == 90
        assert probe(odd / "hdr10_hevc.mp4").video[0].hdr
        assert not probe(odd / "hevc_10bit.mp4").video[0].hdr
        assert probe(odd / "metadata_injection.mp4").title.startswith("<script>")
        two = probe(odd / "two_languages_two_subs.mkv")
        assert [track.language for track in two.audio] == ["en", "de"]
        assert [track.language for track in two.subtitles] == ["en", "de"]
        assert pick_audio(two).language == "de"
        assert pick_audio(two, 1).language == "en"

    @pytest.mark.media
    def test_subtitles_that_outlast_the_film_do_not_lengthen_it(self, media_dir: Path) -> None:
        facts = probe(media_dir / "d_video" / "nasa_webb_narration.mp4")
        assert facts.duration / TICKS_PER_SECOND == pytest.approx(13.056, abs=0.001)
        assert facts.warnings == ()


class TestLength:
    def test_variable_bit_rate_without_a_header(self, tmp_path: Path) -> None:
        """The first second is silence, so an estimate from its bit rate would be far too long."""
        path = tmp_path / "vbr.mp3"
        source = "aevalsrc=0.5*random(0)*gte(t\\,5):s=44100:d=20"
        ffmpeg("-f", "lavfi", "-i", source, "-q:a", "2", "-write_xing", "0", path)
        assert probe(path).duration / TICKS_PER_SECOND == pytest.approx(20.0, abs=0.1)

    @pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".flv"])
    def test_a_file_that_was_cut_off_says_so(self, suffix: str, film: Make, tmp_path: Path) -> None:
        whole = tmp_path / f"whole{suffix}"
        extra = ["-movflags", "+faststart"] if suffix == ".mp4" else []
        ffmpeg("-i", film(suffix, 20), "-c", "copy", *extra, whole)
        path = tmp_path / f"cut{suffix}"
        raw = whole.read_bytes()
        path.write_bytes(raw[: len(raw) // 2])
        facts = probe(path)
        assert 6 * TICKS_PER_SECOND < facts.duration < 14 * TICKS_PER_SECOND
        assert "cut off" in facts.warnings[0]

    def test_a_recording_without_a_length(self, film: Make, tmp_path: Path) -> None:
        path = tmp_path / "live.webm"
        with path.open("wb") as file:
            command = [
                "ffmpeg",
                "-v",
                "error",
                "-i",
                film(".webm"),
                "-c",
                "copy",
                "-f",
                "webm",
                "-live",
                "1",
                "-",
            ]
            subprocess.run(command, stdout=file, check=True)
        assert probe(path).duration / TICKS_PER_SECOND == pytest.approx(3.0, abs=0.05)


class TestTracks:
    def test_everything_in_a_rich_file(self, film: Make, tmp_path: Path) -> None:
        text, chapters = tmp_path / "s.srt", tmp_path / "c.txt"
        text.write_text("1\n00:00:00,500 --> 00:00:01,000\nHi\n")
        chapters.write_text(
            ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=a\n[CHAPTER]\nTIMEBASE=1/1\nSTART=1\nEND=3\n"
        )
        path = tmp_path / "rich.mkv"
        ffmpeg(
            *("-i", film(".mp4"), "-i", text, "-i", chapters, "-f", "lavfi", "-i", "anullsrc=cl=5.1:d=3"),
            *("-map", "0", "-map", "3:a", "-map", "1", "-map_metadata", "2", "-c:v", "copy", "-c:a", "flac"),
            *(
                "-metadata",
                "title=A film",
                "-metadata:s:a:0",
                "language=ger",
                "-metadata:s:a:1",
                "language=pt-BR",
            ),
            *("-metadata:s:a:1", "title=Com\x07entary", "-metadata:s:s:0", "language=fre", path),
        )
        facts = probe(path)
        assert facts.title == "A film"
        assert facts.chapters == 2
        assert facts.video[0].frame_rate == Fraction(25)
        assert [track.language for track in facts.audio] == ["de", "pt-BR"]
        assert facts.audio[1].title == "Comentary"
        assert facts.audio[1].layout.startswith("5.1")
        assert facts.subtitles[0].language == "fr"

    def test_a_cover_is_no_moving_picture(self, film: Make, tmp_path: Path) -> None:
        path = tmp_path / "cover.m4a"
        ffmpeg(
            *(
                "-i",
                film(".m4a"),
                "-f",
                "lavfi",
                "-i",
                "color=red:s=64x64:r=1:d=1",
                "-map",
                "0:a",
                "-map",
                "1:v",
            ),
            *("-c:a", "copy", "-c:v", "mjpeg", "-frames:v", "1", "-disposition:v:0", "attached_pic", path),
        )
        facts = probe(path)
        assert facts.video[0].attached_picture
        assert facts.picture is None
        assert facts.container == "m4a"

    @pytest.mark.parametrize(
        ("tracks", "picked"),
        [
            ([{}, {"default": True}], 1),
            ([{}, {"channels": 6}], 1),
            ([{}, {}], 0),
            ([{"default": True, "extra": True}, {}], 1),
            ([{"default": True}, {"channels": 6}], 0),
        ],
    )
    def test_choice_of_the_track(self, tracks: list[dict], picked: int) -> None:
        base = {"codec": "aac", "rate": 48000, "channels": 2}
        audio = tuple(AudioTrack(index=count, **{**base, **track}) for count, track in enumerate(tracks))
        facts = MediaFacts(container="mkv", duration=1, size=1, audio=audio)
        assert pick_audio(facts).index == picked
        assert pick_audio(facts, 2).index == 1
        with pytest.raises(UserError) as caught:
            pick_audio(facts, 3)
        assert caught.value.code == "audio_track_unknown"

    def test_a_codec_we_do_not_open(self, tmp_path: Path) -> None:
        path = tmp_path / "old.avi"
        ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-c:v", "cinepak", path)
        with pytest.raises(UserError) as caught:
            probe(path)
        assert caught.value.code == "codec_unsupported"
        assert "cinepak" in caught.value.message
