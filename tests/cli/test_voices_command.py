"""Characters from the first dub are known in the second, and keep the voice they were given."""

from __future__ import annotations

import json
from pathlib import Path

from tests.stubbed import ENGINES, dubline, make_talk


def speakers(script: Path) -> dict[str, tuple[str, str]]:
    found = json.loads(script.read_text(encoding="utf-8"))["speakers"]
    return {each["id"]: (each["name"], each["voice"]["name"]) for each in found}


def dubbed(home: Path, talk: Path) -> dict[str, tuple[str, str]]:
    done = dubline(home, "dub", str(talk), "--to", "es", "--from", "en", *ENGINES)
    assert done.returncode == 0, done.stderr
    return speakers(talk.with_name("talk.es.script.json"))


def test_a_character_comes_back_with_name_and_voice(tmp_path: Path) -> None:
    home, talk = tmp_path / "home", make_talk(tmp_path / "talk.wav")
    first = dubbed(home, talk)
    assert {name for name, _ in first.values()} == {""}
    other = {"low": "high", "high": "low"}[first["S2"][1]]
    script = str(talk.with_name("talk.es.script.json"))
    added = dubline(
        home,
        "voices",
        "add",
        "Ada",
        "--from-script",
        script,
        "--speaker",
        "S2",
        "--voice",
        f"es=stub:{other}",
    )
    assert added.returncode == 0, added.stderr
    assert "Ada" in dubline(home, "voices", "list", "--language", "es").stdout
    again = dubline(home, "dub", str(talk), "--to", "es", "--from", "en", *ENGINES, "--voice", "S1=Ada")
    assert f"S2 sounds like Ada and speaks as stub:{other}." in again.stdout, again.stderr
    second = speakers(talk.with_name("talk.es.script.json"))
    assert second["S2"] == ("Ada", other) and second["S1"] == ("", other)
    second = dubbed(home, talk)
    assert second["S2"] == ("Ada", other) and second["S1"][0] == ""
    assert dubline(home, "voices", "remove", "Ada").returncode == 0
    assert dubbed(home, talk) == first


def test_a_voice_chosen_in_one_dub_is_kept_for_the_next(tmp_path: Path) -> None:
    home, talk = tmp_path / "home", make_talk(tmp_path / "talk.wav")
    first = dubbed(home, talk)
    script = str(talk.with_name("talk.es.script.json"))
    document = json.loads(Path(script).read_text(encoding="utf-8"))
    for each in document["speakers"]:
        each["voice"] = None
    Path(script).write_text(json.dumps(document), encoding="utf-8")
    dubline(home, "voices", "add", "Ada", "--from-script", script, "--speaker", "S2")
    assert "chosen in the next dub" in dubline(home, "voices", "show", "ada").stdout
    assert dubbed(home, talk)["S2"] == ("Ada", first["S2"][1])
    assert f"es: stub:{first['S2'][1]}" in dubline(home, "voices", "show", "Ada").stdout


def test_a_character_called_by_name_gets_a_voice_and_keeps_it(tmp_path: Path) -> None:
    home, talk = tmp_path / "home", make_talk(tmp_path / "talk.wav")
    dubbed(home, talk)
    path = talk.with_name("talk.es.script.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    document["speakers"] = [{**each, "voice": None} for each in document["speakers"]]
    path.write_text(json.dumps(document), encoding="utf-8")
    added = dubline(home, "voices", "add", "Ada", "--from-script", str(path), "--speaker", "S2")
    assert added.returncode == 0, added.stderr
    called = dubline(home, "dub", str(talk), "--to", "es", "--from", "en", *ENGINES, "--voice", "S1=ada")
    assert "S1 is Ada and speaks as stub:" in called.stdout, called.stderr
    found = speakers(path)
    assert found["S1"][0] == "Ada" and found["S2"][0] == "", "who sounds like Ada is somebody else"
    assert f"es: stub:{found['S1'][1]}" in dubline(home, "voices", "show", "Ada").stdout
    nobody = dubline(home, "dub", str(talk), "--to", "pt", "--from", "en", *ENGINES, "--voice", "S9=Ada")
    assert nobody.returncode == 2


def test_a_list_says_how_much_it_leaves_out(tmp_path: Path) -> None:
    short = dubline(tmp_path, "voices", "list").stdout
    whole = dubline(tmp_path, "voices", "list", "--all").stdout
    assert len(short.splitlines()) < 80 < len(whole.splitlines())
    assert "more" in short and "--all" in short and "--all" not in whole


def test_trying_a_voice_and_asking_for_nobody(tmp_path: Path) -> None:
    out = tmp_path / "said.wav"
    tried = dubline(tmp_path, "voices", "try", "stub:low", "--text", "Hola.", "-o", str(out))
    assert tried.returncode == 0 and out.stat().st_size > 1000, tried.stderr
    nobody = dubline(tmp_path, "voices", "remove", "Ada")
    assert nobody.returncode == 2 and "no character" in nobody.stderr
    unclear = dubline(tmp_path, "voices", "add", "Ada")
    assert unclear.returncode == 2 and "--from-script" in unclear.stderr
