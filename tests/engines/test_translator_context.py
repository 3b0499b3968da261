"""The seam between the stage and a translator that wants to see the whole talk."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from dubline.domain.choices import Formality
from dubline.domain.script import Line
from dubline.domain.settings import DubSettings
from dubline.domain.time import Span
from dubline.models.catalogue import Models
from dubline.ports import registry as registry_module
from dubline.ports.registry import Registry
from dubline.ports.translator import Context, Pair, Translator
from dubline.stages.documents import Language, Lines
from dubline.stages.translate import TRANSLATE
from dubline.stages.work import EngineChoice, Work, declared_only
from dubline.storage.blobs import BlobStore


class Seeing(Translator):
    """Says what it was told."""

    name, version, licence, summary = "seeing", "1", "Apache-2.0", "sees the context"
    uses_context = True
    told: list[Context]

    def pairs(self) -> tuple[Pair, ...]:
        return (Pair("en", "es", 0.9),)

    def _translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        raise AssertionError("it is asked for wordings")

    def _wordings(
        self, texts: Sequence[str], source: str, target: str, contexts: Sequence[Context]
    ) -> list[tuple[str, ...]]:
        type(self).told = list(contexts)
        return [(f"{target}: {text}", "corto") for text in texts]


def work(tmp_path: Path, **settings: object) -> Work:
    (tmp_path / "scratch").mkdir()
    return Work(
        settings=declared_only(DubSettings(**settings), TRANSLATE.settings),  # type: ignore[arg-type]
        target="es-MX",
        store=BlobStore(tmp_path / "blobs"),
        scratch=tmp_path / "scratch",
        registry=Registry(Models(tmp_path)),
        choices={"translator": EngineChoice(Translator, ("seeing",))},
    )


def test_an_engine_is_told_everything_it_can_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("seeing", f"{__name__}:Seeing", "dubline.translator")
    monkeypatch.setattr(EntryPoint, "load", lambda _: Seeing)
    monkeypatch.setattr(registry_module, "known_points", lambda _: {"seeing": point})
    here = work(
        tmp_path,
        glossary=(("wheel", "rueda"),),
        do_not_translate=("OneWheel",),
        formality=Formality.FORMAL,
        soften_profanity=True,
    )
    said = ["One.", "Two of you have 7 wheels.", "Three.", "Four.", "Five.", "Six."]
    lines = tuple(
        Line(id=f"L{at}", span=Span.of_seconds(3 * at, 3 * at + 2), speaker=f"S{at % 2}", source_text=text)
        for at, text in enumerate(said)
    )
    given = {
        "lines": here.write(Lines(lines=lines), "lines"),
        "language": here.write(Language(tag="en", confidence=1.0), "language"),
    }
    (result,) = TRANSLATE.run(here, given).values()
    translated = here.read(result, Lines).lines  # type: ignore[arg-type]
    assert [line.text for line in translated] == [f"es-MX: {text}" for text in said]
    assert [candidate.text for candidate in translated[0].candidates] == ["es-MX: One.", "corto"]
    second = Seeing.told[1]
    assert second.before == ("One.",)
    assert second.after == ("Three.", "Four.", "Five.")
    assert second.speaker == "S1"
    assert second.glossary == (("wheel", "rueda"),)
    assert second.keep == ("OneWheel",)
    assert second.formality is Formality.FORMAL
    assert second.mild
    assert second.characters and 20 <= second.characters <= 50
    assert translated[1].flags == ("glossary_term_missed", "numbers_differ")
    assert translated[0].flags == ()
