"""Artefacts are whole or not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dubline.domain.errors import StorageFull
from dubline.storage.blobs import BlobStore, DamagedArtefact, disk_full_is_plain
from dubline.storage.scratch import Scratch


def test_what_is_put_comes_back_under_its_digest(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    blob = store.put_bytes(b"hello", "text")
    assert BlobStore(tmp_path).read(blob) == b"hello"
    assert store.put_bytes(b"hello", "text") == blob
    assert [digest for digest, _ in store.digests()] == [blob.digest]


@pytest.mark.parametrize("damage", [b"hell", b"hellO", None])
def test_damage_is_found_before_use(tmp_path: Path, damage: bytes | None) -> None:
    blob = BlobStore(tmp_path).put_bytes(b"hello", "text")
    store = BlobStore(tmp_path)
    path = store.path(blob)
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    with pytest.raises(DamagedArtefact):
        store.read(blob)
    assert not path.exists(), "a damaged artefact does not stay"
    assert store.read(store.put_bytes(b"hello", "text")) == b"hello"


def test_an_adopted_file_is_read_in_place_and_never_deleted(tmp_path: Path) -> None:
    source = tmp_path / "input.mp4"
    source.write_bytes(b"film")
    store = BlobStore(tmp_path / "store")
    blob = store.adopt(source, "media")
    assert store.path(blob) == source
    store.delete(blob.digest)
    assert source.read_bytes() == b"film"


def test_a_full_disk_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(StorageFull), disk_full_is_plain(), Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")


def test_scratch_of_the_living_is_left_alone_and_of_the_dead_is_swept(tmp_path: Path) -> None:
    mine = Scratch(tmp_path)
    dying = (
        "import os, sys; from pathlib import Path; from dubline.storage.scratch import Scratch\n"
        "scratch = Scratch(Path(sys.argv[1]))\n"
        "with scratch.file() as path: path.write_text('half'); os.kill(os.getpid(), 9)"
    )
    with mine.file() as path:
        path.write_text("in use")
        dead = subprocess.run([sys.executable, "-c", dying, str(tmp_path)], check=False)
        assert dead.returncode == -9
        assert len(list(tmp_path.iterdir())) == 2
        assert Scratch(tmp_path).sweep() == 1
        assert path.read_text() == "in use"
    mine.close()
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_in_scratch_when_an_artefact_cannot_be_written(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    with pytest.raises(FileNotFoundError):
        store.put(tmp_path / "absent", "text")
    assert [path.name for path in tmp_path.iterdir()] in ([], ["tmp"])
