"""`dubline dub` and `dubline redub` as people run them: what is written, what is said, how they end."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.stubbed import ENGINES, LINES, dubline, environment, make_film, make_talk

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    return make_talk(tmp_path / "talk.wav")


def dub(home: Path, talk: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return dubline(home, "dub", str(talk), "--from", "en", "--to", "es", *ENGINES, *more)


def steps(home: Path) -> int:
    return int(dubline(home, "cache", "size").stdout.split(", ")[-1].split()[0])


def test_everything_promised_is_written_and_the_input_is_left_alone(home: Path, talk: Path) -> None:
    before = talk.read_bytes()
    done = dub(home, talk)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in talk.parent.iterdir()) == sorted(
        [
            "talk.wav",
            *(
                f"talk.es{ending}"
                for ending in [
                    ".wav",
                    ".srt",
                    ".vtt",
                    ".ass",
                    ".source.srt",
                    ".source.vtt",
                    ".source.ass",
                    ".script.json",
                    ".report.json",
                    ".report.html",
                ]
            ),
        ]
    )
    assert talk.read_bytes() == before
    script = json.loads((talk.parent / "talk.es.script.json").read_text())
    assert len(script["lines"]) == len(LINES)
    assert script["state"] == "current"
    for phase in ("separation", "synthesis", "combination"):
        assert f"{phase}: done" in done.stdout
    assert "real time" in done.stdout


def test_quiet_prints_the_path_and_json_a_document(home: Path, talk: Path) -> None:
    assert dub(home, talk, "--quiet").stdout == f"{talk.parent / 'talk.es.wav'}\n"
    (document,) = json.loads(dub(home, talk, "--json").stdout)
    assert document["target"] == "es" and Path(document["report"]).is_file()


def test_repeating_the_command_does_not_throw_edits_away(home: Path, talk: Path) -> None:
    assert dub(home, talk).returncode == 0
    path = talk.parent / "talk.es.script.json"
    assert dubline(home, "redub", str(path), "--line", "1", "--text", "verde").returncode == 0
    refused = dub(home, talk)
    assert refused.returncode == 2 and "[edits_would_be_lost]" in refused.stderr
    assert '"verde"' in path.read_text()
    assert dub(home, talk, "--force").returncode == 0
    report = (talk.parent / "talk.es.report.json").read_text()
    assert '"verde"' not in path.read_text() and '"verde"' not in report, "the report is that of this dub"


def test_a_second_run_says_that_nothing_had_changed(home: Path, talk: Path) -> None:
    assert dub(home, talk).returncode == 0
    report = (talk.parent / "talk.es.report.html").read_bytes()
    assert "Nothing had changed" in dub(home, talk).stdout
    assert (talk.parent / "talk.es.report.html").read_bytes() == report


def test_folders_are_made_where_they_are_asked_for(home: Path, talk: Path) -> None:
    out = talk.parent / "new" / "deep"
    assert dub(home, talk, "-o", f"{out}/").returncode == 0
    assert (out / "talk.es.wav").is_file()


def test_a_part_does_not_take_the_place_of_the_whole(home: Path, talk: Path) -> None:
    assert dub(home, talk, "--start", "2.5", "--end", "1:00:00").returncode == 0
    whole = sum(length + pause for length, pause, _ in LINES)
    assert (talk.parent / f"talk.es.0m02.5-0m{whole:g}.wav").is_file()
    assert not (talk.parent / "talk.es.wav").exists()


def test_errors_are_documents_too_when_asked(home: Path, talk: Path) -> None:
    refused = dub(home, talk, "--json", "--start", "9:00:00")
    assert json.loads(refused.stdout)["error"]["code"] == "trim_outside"


def test_plan_shows_and_does_nothing(tmp_path: Path, talk: Path) -> None:
    shown = dub(tmp_path / "fresh", talk, "--plan")
    assert shown.returncode == 0, shown.stderr
    for word in ("separation", "stub", "synthesis", "Translation to es", "expected to take"):
        assert word in shown.stdout
    assert not list(talk.parent.glob("talk.es*"))


def test_plan_knows_what_is_finished(home: Path, talk: Path) -> None:
    assert dub(home, talk).returncode == 0
    shown = dub(home, talk, "--plan").stdout
    assert "everything is finished already" in shown and " s\n" not in shown
    partly = json.loads(dub(home, talk, "--plan", "--json", "--isochrony", "strict").stdout)
    done = {step["stage"]: step["done"] for step in partly["steps"]}
    assert done["isolate"] and done["translate"] and not done["fit"]
    unsaid = dubline(home, "dub", str(talk), "--to", "es", *ENGINES, "--plan").stdout
    assert "decided when" in unsaid
    assert dubline(home, "dub", str(talk), "--to", "es", *ENGINES, "--force").returncode == 0
    partly = dubline(home, "dub", str(talk), "--to", "es", *ENGINES, "--plan", "--isochrony", "strict").stdout
    assert "decided when" not in partly and "stub, stub" not in partly


def test_a_voice_that_nobody_has_written_into_a_script_is_refused_with_those_there_are(
    home: Path, talk: Path
) -> None:
    assert dub(home, talk).returncode == 0
    path = talk.parent / "talk.es.script.json"
    document = json.loads(path.read_text())
    document["lines"][1]["voice"]["name"] = "nobody"
    path.write_text(json.dumps(document))
    refused = dubline(home, "redub", str(path))
    assert refused.returncode == 2 and "voice_unknown" in refused.stderr and "stub:low" in refused.stderr


def test_an_edit_renders_one_line_and_keeps_the_others(home: Path, talk: Path) -> None:
    assert dub(home, talk).returncode == 0
    path = talk.parent / "talk.es.script.json"
    before, count = json.loads(path.read_text()), steps(home)
    edited = dubline(home, "redub", str(path), "--line", "3", "--text", "verde verde azul")
    assert edited.returncode == 0, edited.stderr
    after = json.loads(path.read_text())
    changed = after["lines"][2]
    assert (changed["text"], changed["revision"], changed["edited"]) == ("verde verde azul", 2, True)
    others = [place for place in range(len(LINES)) if place != 2]
    assert [after["lines"][place]["take"] for place in others] == [
        before["lines"][place]["take"] for place in others
    ]
    # Once each: order, speak, fit, arrange, mix, join, subtitle, mux, group, listen, check, waveforms.
    assert steps(home) == count + 12


def test_without_a_change_an_edit_renders_nothing(home: Path, talk: Path) -> None:
    """Only what takes are wanted and where they go is thought over again, with the same answer."""
    assert dub(home, talk).returncode == 0
    count = steps(home) + 3
    film = (talk.parent / "talk.es.wav").read_bytes()
    again = dubline(home, "redub", str(talk.parent / "talk.es.script.json"))
    assert again.returncode == 0, again.stderr
    assert steps(home) == count
    assert (talk.parent / "talk.es.wav").read_bytes() == film


def test_a_line_can_keep_its_original_or_change_its_voice(home: Path, talk: Path) -> None:
    assert dub(home, talk).returncode == 0
    path = str(talk.parent / "talk.es.script.json")
    assert dubline(home, "redub", path, "--line", "L0002", "--keep-original").returncode == 0
    assert dubline(home, "redub", path, "--line", "1", "--voice", "stub:high").returncode == 0
    lines = json.loads(Path(path).read_text())["lines"]
    assert lines[1]["keep_original"] and lines[1]["take"] is None
    assert lines[0]["take"]["voice"]["name"] == "high"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["redub", "SCRIPT", "--line", "99", "--text", "x"], "line_unknown"),
        (["redub", "SCRIPT", "--line", "1", "--voice", "nobody"], "voice_unknown"),
        (["redub", "SCRIPT", "--line", "1", "--text", " "], "text_empty"),
        (["redub", "SCRIPT", "--text", "x"], "line_missing"),
        (["redub", "SCRIPT", "--line", "1"], "edit_missing"),
        (["redub", "TALK"], "script_invalid"),
        (["dub", "nowhere.mp4", "--to", "es"], "file_missing"),
        (["dub", "TALK", "--to", "qqqqzz-qqq"], "language_unknown"),
        (["dub", "TALK", "--to", "es", "--engine", "translator=oracle"], "engine_unknown"),
        (["dub", "TALK", "--to", "es", "--engine", "oracle=x"], "engine_capability_unknown"),
        (["dub", "TALK", "--to", "es", "--start", "soon"], "time_invalid"),
        (["dub", "TALK", "--to", "es", "--start", "9:00:00"], "trim_outside"),
        (["dub", "TALK", "--to", "es", "--start", "5", "--end", "4"], "trim_invalid"),
        (["dub", "TALK", "--to", "es,fr", "-o", "one.wav"], "output_ambiguous"),
        (["dub", "TALK", "--to", "es", "-o", "TALK"], "output_is_input"),
        (["dub", "TALK", "--to", "es", "-o", "OTHER"], "output_exists"),
        (["dub", "TALK", "--to", "es", "-o", "/proc/x.wav"], "output_unwritable"),
        (["dub", "TALK", "--to", "es", "-o", "OTHER/x.wav"], "output_unwritable"),
        (["dub", "https://host/film.mp4", "--to", "es"], "url_unsupported"),
        (["dub", "TALK", "--to", "es", "--voice", "S1"], "option_invalid"),
        (["dub", "TALK", "--to", "es", "--glossary", "none.csv"], "glossary_missing"),
        (["dub", "TALK", "--to", "es", "--stretch-video", "1.05"], "stretch_without_picture"),
    ],
)
def test_a_mistake_gets_one_sentence_a_code_and_exit_2(
    home: Path, talk: Path, arguments: list[str], code: str
) -> None:
    if "SCRIPT" in arguments:
        assert dub(home, talk).returncode == 0
    other = talk.with_name("other.wav")
    shutil.copy(talk, other)
    names = {"SCRIPT": str(talk.with_name("talk.es.script.json")), "TALK": str(talk), "OTHER": str(other)}
    arguments = [word.replace("OTHER/", f"{other}/") for word in arguments]
    made = dubline(home, *(names.get(word, word) for word in arguments), cwd=talk.parent)
    assert made.returncode == 2
    assert f"[{code}]" in made.stderr
    assert "Traceback" not in made.stderr and len(made.stderr.splitlines()) <= 3


def test_a_missing_model_is_said_with_the_line_that_fetches_it(tmp_path: Path, talk: Path) -> None:
    made = dubline(tmp_path / "empty", "dub", str(talk), "--to", "es", "--from", "en")
    assert made.returncode == 3
    assert "dubline models pull" in made.stderr and "Traceback" not in made.stderr


def test_ctrl_c_stops_soon_and_the_same_command_goes_on(tmp_path: Path, talk: Path) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-c", "from dubline.cli.main import main; main()", "dub", str(talk)]
    working = subprocess.Popen(
        [*command, "--from", "en", "--to", "es", *ENGINES],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    ledger = home / "cache" / "ledger.sqlite"
    while not ledger.exists() and working.poll() is None:
        time.sleep(0.02)
    working.send_signal(signal.SIGINT)
    started = time.monotonic()
    _, errors = working.communicate(timeout=20)
    assert time.monotonic() - started < 5
    if working.returncode != 0:  # it may have been done already
        assert working.returncode == 130
        assert "same command" in errors
    assert dub(home, talk).returncode == 0


def test_a_slowed_picture_gives_every_line_more_time(home: Path, talk: Path) -> None:
    film = make_film(talk)
    assert dub(home, film, "--stretch-video", "1.08").returncode == 0
    script = json.loads((film.parent / "talk.es.script.json").read_text())
    longest = script["lines"][-1]["span"]
    whole = sum(length + pause for length, pause, _ in LINES)
    assert script["media"]["duration"] == pytest.approx(1.08 * whole, abs=0.1)
    assert longest["end"] > whole - LINES[-1][1]
    together = dub(home, film, "--stretch-video", "1.08", "--start", "1")
    assert together.returncode == 2 and "slow_with_trim" in together.stderr
