"""The catalogue that ships is whole, and a bad one is refused."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from dubline.models.catalogue import Models, local_models
from dubline.models.entries import Catalogue, ModelEntry, shipped_catalogue
from tests.models.stock import Stock


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return shipped_catalogue()


def test_the_models_an_ordinary_dub_needs_are_default(shipped: Catalogue) -> None:
    assert set(shipped.defaults()) == {"whisper-base", "kokoro-v1.0", "spleeter-2stems", "ge2e"}
    assert set(shipped.names()) - set(shipped.defaults()) == {"whisper-tiny.en"}


def test_every_model_says_what_it_is_and_whose(shipped: Catalogue) -> None:
    for name in shipped.names():
        entry = shipped[name]
        assert entry.summary
        assert entry.author
        assert entry.licence in {"MIT", "Apache-2.0"}
        assert entry.packages
        assert all(file.members for file in entry.files)
        assert all(
            package.version and package.archive.find(package.version) > 0 for package in entry.packages
        )


def test_every_converter_that_is_named_exists(shipped: Catalogue) -> None:
    named = {shipped[name].convert for name in shipped.names()} - {""}
    for converter in named:
        assert callable(import_module(f"dubline.models.convert.{converter}").convert)
    for name in shipped.names():
        assert bool(shipped[name].convert) == bool(shipped[name].conversion)


def test_the_layout_engines_count_on(shipped: Catalogue) -> None:
    whisper = {file.path for file in shipped["whisper-base"].files}
    assert whisper == {"model.bin", "config.json", "tokenizer.json", "vocabulary.txt"}
    kokoro = [file.path for file in shipped["kokoro-v1.0"].files]
    assert kokoro[:2] == ["model.onnx", "vocab.json"]
    assert len([path for path in kokoro if path.startswith("voices/") and path.endswith(".bin")]) == 54


def test_the_catalogue_ships_inside_the_package() -> None:
    assert files("dubline.models").joinpath("catalogue.toml").is_file()


def test_a_digest_is_the_same_without_any_file(tmp_path: Path) -> None:
    one, other = Models(tmp_path / "a"), Models(tmp_path / "b")
    digests = [one.digest(name) for name in one.catalogue.names()]
    assert digests == [other.digest(name) for name in one.catalogue.names()]
    assert len(set(digests)) == len(digests)
    assert not list(tmp_path.iterdir())


def test_a_digest_follows_the_bytes(stock: Stock) -> None:
    before = stock.catalogue["net"].digest
    sha = stock.catalogue["net"].files[0].sha256
    stock.edit(f'"{sha}", from', f'"{"0" * 64}", from')
    assert stock.catalogue["net"].digest != before


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", "a//b", "./a", "", ".", ".."])
def test_a_file_outside_its_folder_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        _entry(path=path)


@pytest.mark.parametrize("name", ["../x", ".hidden", "a/b", ""])
def test_a_name_that_is_a_path_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        _entry(name=name)


def test_a_file_from_a_package_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ValidationError, match="not listed"):
        _entry(origin=["elsewhere:x"])


def _entry(name: str = "net", path: str = "x", origin: list[str] | None = None) -> ModelEntry:
    file = {"path": path, "size": 1, "sha256": "0" * 64, "from": origin or []}
    return ModelEntry.model_validate(
        {"name": name, "summary": "s", "licence": "l", "author": "a", "files": [file]}
    )


def test_the_home_of_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("DUBLINE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert local_models().home == tmp_path / ".local/share/dubline/models"
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/ignored")
    assert local_models().home == tmp_path / ".local/share/dubline/models"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert local_models().home == tmp_path / "data/dubline/models"
    monkeypatch.setenv("DUBLINE_HOME", "~/dub")
    assert local_models().home == tmp_path / "dub/models"
