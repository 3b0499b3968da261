"""A full disk, names that shells dislike, several chunks, the cache commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stubbed import ENGINES, LINES, dubline, environment, make_talk

pytestmark = pytest.mark.slow

DUBLINE = [sys.executable, "-c", "from dubline.cli.main import main; main()"]


def test_a_full_disk_is_said_plainly_and_costs_nothing_that_was_done(tmp_path: Path) -> None:
    """On a file system of 20 MB, all but one of them taken; when they are given back, the same command goes on."""
    talk, home = make_talk(tmp_path / "talk.wav"), tmp_path / "small"
    home.mkdir()
    arguments = [*DUBLINE, "dub", str(talk), "--from", "en", "--to", "es", *ENGINES, "-q"]
    script = (
        'dd if=/dev/zero of="$0/ballast" bs=1k count=18200 2>/dev/null; "$@"; echo "first $?"; '
        'rm "$0/ballast"; "$@"; echo "second $?"; ls "$0/cache/artefacts/tmp" | wc -l'
    )
    small = ["bwrap", "--dev-bind", "/", "/", "--size", "20000000", "--tmpfs", str(home), "sh", "-c", script]
    done = subprocess.run(
        [*small, str(home), *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines() == ["first 5", str(tmp_path / "talk.es.wav"), "second 0", "0"], (
        done.stderr
    )
    assert "[disk_full]" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "with space & 'quote' \"two\".wav",
        "-dash.wav",
        "день ☀ 日本語.wav",
        "a;b$(c)`d`.wav",
        "%03d.wav",
        "x:y|z.wav",
    ],
)
def test_names_are_only_names(tmp_path: Path, name: str) -> None:
    make_talk(tmp_path / "talk.wav").rename(tmp_path / name)
    home = tmp_path / "home"
    done = dubline(home, "dub", "--from", "en", "--to", "es", *ENGINES, "-q", "--", name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"{Path(name).stem}.es.wav").is_file()
    assert (tmp_path / name).is_file()


def test_chunks_leave_no_trace_in_the_result(tmp_path: Path) -> None:
    """Cut at pauses into pieces of six seconds: the same lines at the same moments, speakers named alike."""
    code = (
        "import sys, json; from dubline import dub; from tests.stubbed import ENGINES, KINDS\n"
        "engines = {kind.replace('-', '_'): 'stub' for kind in KINDS}\n"
        "done = dub(sys.argv[1], 'es', source_language='en', engines=engines, out=sys.argv[2],\n"
        "           chunk_minutes=float(sys.argv[3]), force=True)\n"
        "print(json.dumps([[l.span.start, l.span.end, l.source_text, l.fit.span.start] for l in done.script.lines]))"
    )
    talk = make_talk(tmp_path / "talk.wav")
    found = []
    for minutes in ("10", "0.1"):
        run = subprocess.run(
            [sys.executable, "-c", code, str(talk), str(tmp_path / f"{minutes}.wav"), minutes],
            env=environment(tmp_path / minutes),
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        found.append(json.loads(run.stdout))
    whole, pieces = found
    assert len(whole) == len(pieces) == len(LINES)
    for line, same in zip(whole, pieces, strict=True):
        # The stub hears in steps of a tenth of a second, counted from the start of each chunk.
        assert max(abs(line[0] - same[0]), abs(line[1] - same[1])) <= 4800
    steps = dubline(tmp_path / "0.1", "cache", "size").stdout
    assert steps != dubline(tmp_path / "10", "cache", "size").stdout


def test_the_cache_shows_trims_and_forgets(tmp_path: Path) -> None:
    talk, home = make_talk(tmp_path / "talk.wav"), tmp_path / "home"
    assert dubline(home, "dub", str(talk), "--from", "en", "--to", "es", *ENGINES, "-q").returncode == 0
    orphan = home / "cache" / "artefacts" / "tmp" / "left"
    orphan.mkdir(parents=True)
    (orphan / "owner.lock").touch()
    assert "finished steps" in dubline(home, "cache", "size").stdout
    assert not orphan.exists(), "what a dead process left is swept by the next command"
    assert "kept" in dubline(home, "cache", "gc", "--max", "1MB").stdout
    stored = sum(path.stat().st_size for path in (home / "cache" / "artefacts").rglob("*") if path.is_file())
    assert stored <= 1 << 20
    assert dubline(home, "cache", "clear").stdout.endswith("0.0 MB kept.\n")
    assert (tmp_path / "talk.es.wav").is_file()
    again = dubline(home, "dub", str(talk), "--from", "en", "--to", "es", *ENGINES, "-q")
    assert again.returncode == 0, again.stderr


def test_what_nobody_can_do_is_refused_with_what_is_possible(tmp_path: Path) -> None:
    talk = make_talk(tmp_path / "talk.wav")
    made = dubline(tmp_path / "home", "dub", str(talk), "--from", "en", "--to", "fr", *ENGINES)
    assert made.returncode == 2 and "[voice_language_unsupported]" in made.stderr
    other = [option for option in ENGINES if not option.startswith("synthesizer")][:-1]
    made = dubline(
        tmp_path / "home",
        "dub",
        str(talk),
        "--from",
        "de",
        "--to",
        "es",
        *other,
        "--engine",
        "synthesizer=stub",
    )
    assert made.returncode == 2 and "[pair_unsupported]" in made.stderr
    assert "Traceback" not in made.stderr


def test_no_trace_of_this_machine_in_what_is_delivered(tmp_path: Path) -> None:
    talk, home = make_talk(tmp_path / "talk.wav"), tmp_path / "home"
    assert dubline(home, "dub", str(talk), "--from", "en", "--to", "es", *ENGINES, "-q").returncode == 0
    for name in ("talk.es.report.html", "talk.es.report.json", "talk.es.srt"):
        assert str(tmp_path) not in (tmp_path / name).read_text()
