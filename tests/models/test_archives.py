"""Only named plain files come out of an archive, and never more of them than is due."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from dubline.domain.errors import UserError
from dubline.models.archives import Archive
from dubline.models.manifest import copy_hashed
from tests.models.stock import tarball


def read(path: Path, member: str) -> bytes:
    with ExitStack() as stack, Archive(path, stack).open(member) as stream:
        return stream.read()


def test_a_link_in_a_tarball_is_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    path = tmp_path / "links.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for kind, target in ((tarfile.SYMTYPE, str(secret)), (tarfile.LNKTYPE, "../secret")):
            info = tarfile.TarInfo(f"link{kind.decode()}")
            info.type, info.linkname = kind, target
            archive.addfile(info)
    with ExitStack() as stack:
        assert Archive(path, stack).members() == []
    for name in ("link1", "link2"):
        with pytest.raises(UserError) as told:
            read(path, name)
        assert told.value.code == "archive_incomplete"


def test_a_member_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError) as told:
        read(tarball(tmp_path / "a.tgz", {"a": b"a"}), "b")
    assert told.value.code == "archive_incomplete"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", b"a")
    with pytest.raises(UserError) as told:
        read(tmp_path / "a.zip", "b")
    assert told.value.code == "archive_incomplete"


@pytest.mark.parametrize("cut", [1, 40, 300])
@pytest.mark.parametrize("kind", ["a.tgz", "a.zip"])
def test_a_truncated_archive_is_told(tmp_path: Path, kind: str, cut: int) -> None:
    noise = b"".join(hashlib.sha256(bytes([i])).digest() for i in range(200))
    path = tmp_path / kind
    if kind == "a.tgz":
        tarball(path, {"a": noise})
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a", noise)
    path.write_bytes(path.read_bytes()[: -cut if kind == "a.zip" else len(noise) - cut])
    with pytest.raises(UserError) as told:
        read(path, "a")
    assert told.value.code == "archive_broken"


@pytest.mark.parametrize("place", [-700, -500, -20])
def test_a_changed_byte_in_an_archive_is_told(tmp_path: Path, place: int) -> None:
    noise = b"".join(hashlib.sha256(bytes([i])).digest() for i in range(200))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", noise)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[place] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(UserError):
        read(tmp_path / "a.zip", "a")


def test_a_bomb_is_noticed_after_one_byte_too_many() -> None:
    source, sink = io.BytesIO(bytes(1 << 24)), io.BytesIO()
    assert copy_hashed(source, sink, 1000, hashlib.sha256()) == 1001
    assert len(sink.getvalue()) == 1001


def test_what_is_copied_is_what_is_hashed() -> None:
    data = bytes(range(256)) * 9000
    sink, digest = io.BytesIO(), hashlib.sha256()
    assert copy_hashed(io.BytesIO(data), sink, len(data), digest) == len(data)
    assert sink.getvalue() == data
    assert digest.hexdigest() == hashlib.sha256(data).hexdigest()
