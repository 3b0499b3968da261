"""What people type by mistake is refused in one sentence that says what to do; nothing of it is swallowed."""

from __future__ import annotations

import ast
from collections.abc import Collection
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dubline.api.dub import read_script, request_for, settings_of
from dubline.cli import parsing
from dubline.cli.app import app
from dubline.domain.errors import UserError
from dubline.domain.script import Script
from dubline.service.reference.codes import known_codes
from tests.stubbed import ROOT

HINTED = ("UserError", "Unavailable", "ServiceError", "ItemProblem", "respond")
MADE_ANEW = "super().__init__"

ENGINES_OWN = {
    "fit_failed",
    "language_unspoken",
    "phonemizer_failed",
    "phonemizer_stuck",
    "synthesizer_failed",
    "synthesizer_stuck",
    "tables_unavailable",
    "text_unspeakable",
    "translation_failed",
    "translation_timeout",
    "voice_unknown",
}
"""Faults of the machinery; a person can only try again."""


def refused(*arguments: str) -> UserError:
    """The refusal that a command ends in."""
    error = CliRunner().invoke(app, list(arguments)).exception
    assert isinstance(error, UserError), repr(error)
    return error


def called(call: ast.Call) -> str:
    """`super().__init__` of a class of refusals makes one as well."""
    if ast.unparse(call.func) == MADE_ANEW:
        return MADE_ANEW
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def silent(call: ast.Call, hinted: Collection[str]) -> bool:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "hint"]
    empty = any(isinstance(value, ast.Constant) and not value.value for value in given)
    return called(call) in hinted and (empty or not given)


def refusing(tree: ast.AST) -> bool:
    """Whether it is a class of refusals of the service."""
    return isinstance(tree, ast.ClassDef) and any(ast.unparse(base) == "ServiceError" for base in tree.bases)


def test_every_refusal_in_the_source_says_what_to_do() -> None:
    found = []
    for path in (ROOT / "src").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        whole = [call for call in nodes if isinstance(call, ast.Call) and silent(call, HINTED)]
        inner = [
            call
            for node in nodes
            if refusing(node)
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and silent(call, {MADE_ANEW})
        ]
        found += [f"{path.relative_to(ROOT)}:{call.lineno}" for call in (*whole, *inner)]
    assert found == []


def test_every_code_that_the_service_itself_gives_says_what_to_do() -> None:
    """Also those that no constructor names: of the router, and made by functions of what they are given."""
    unhinted = {each["code"] for each in known_codes() if not each["hint"]}
    assert unhinted <= ENGINES_OWN


@pytest.mark.parametrize("said", ["", " ", ",", " , "])
def test_a_word_to_keep_that_is_no_word(said: str) -> None:
    with pytest.raises(UserError) as caught:
        parsing.terms(["Kubernetes", said])
    assert caught.value.code == "term_empty"
    assert parsing.terms(["Kubernetes, etcd", "etcd"]) == ("Kubernetes", "etcd")


@pytest.mark.parametrize("what", ["voice", "engine"])
def test_the_same_name_twice(what: str) -> None:
    for options in (["S1=a", "S1=b"], ["S1=a,S1=b"]):
        with pytest.raises(UserError, match="S1 twice") as caught:
            parsing.assignments(options, what)
        assert caught.value.code == "option_twice"
    assert parsing.assignments(["S1=a", "S2=a"], what) == {"S1": "a", "S2": "a"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "glossary_empty"),
        (b"\n# only words about words\n\n", "glossary_empty"),
        (b"source,target\n", "glossary_empty"),
        (b"\xff\xfe\x00", "glossary_unreadable"),
        (b"wheel\n", "glossary_invalid"),
    ],
)
def test_a_glossary_that_says_nothing(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "terms.csv"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        parsing.glossary_rows(path)
    assert caught.value.code == code and caught.value.hint


def test_a_folder_is_no_glossary(tmp_path: Path) -> None:
    error = refused("dub", "talk.wav", "--to", "es", "--glossary", str(tmp_path))
    assert error.code == "glossary_unreadable" and "folder" in error.message


def test_a_setting_out_of_bounds_is_said_plainly(tmp_path: Path) -> None:
    for wrong in ({"stretch_video": 3}, {"voices": 7}, {"no_such": 1}):
        with pytest.raises(UserError) as caught:
            request_for(tmp_path / "talk.wav", ["es"], **wrong)
        assert caught.value.code == "setting_invalid" and next(iter(wrong)) in caught.value.message


def test_a_script_that_an_edit_damaged_is_said_in_our_words(tmp_path: Path) -> None:
    path = tmp_path / "talk.es.script.json"
    path.write_text('{"lines": [{"span": {"start": 2.0, "end": 1.0}}]}')
    with pytest.raises(UserError, match="damaged") as caught:
        read_script(path)
    assert "alue error" not in caught.value.message
    with pytest.raises(UserError, match="damaged") as caught:
        settings_of(Script.model_construct(settings={"chunk_minutes": "many"}), path)
    assert caught.value.code == "script_invalid" and "chunk_minutes" in caught.value.message


def test_the_bench_refuses_what_it_cannot_measure_or_keep(tmp_path: Path) -> None:
    assert refused("bench", "quality", "").code == "clip_empty"
    assert refused("bench", "quality", "none.mp4").code == "file_missing"
    unplaced = refused("bench", "quality", "clip.wav", "--write-baseline")
    assert unplaced.code == "baseline_missing" and "--baseline" in unplaced.hint
    damaged = tmp_path / "kept.json"
    damaged.write_text("{}")
    (tmp_path / "clip.wav").touch()
    error = refused("bench", "quality", str(tmp_path / "clip.wav"), "--baseline", str(damaged))
    assert error.code == "baseline_invalid" and "--write-baseline" in error.hint
