"""What a stage has at hand while it works: settings, engines, the store, a way to say how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel, TypeAdapter

from dubline.domain.errors import Cancelled
from dubline.domain.script import Blob
from dubline.domain.settings import DubSettings
from dubline.ports.engine import Engine
from dubline.ports.registry import Registry
from dubline.sound import files
from dubline.sound.pcm import Sound
from dubline.storage.blobs import BlobStore

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
E = TypeVar("E", bound=Engine)


@dataclass(frozen=True)
class EngineChoice:
    """The engines a port resolves to for this job, best first. One for most ports, several for a router."""

    port: type[Engine]
    specs: tuple[str, ...]


class _Declared:
    """Settings of which only the declared ones can be read."""

    def __init__(self, settings: DubSettings, names: tuple[str, ...]) -> None:
        self._settings = settings
        self._names = names

    def __getattr__(self, name: str) -> object:
        if name not in self._names:
            raise KeyError(f"a stage reads the setting '{name}' without declaring it")
        return getattr(self._settings, name)


def declared_only(settings: DubSettings, names: tuple[str, ...]) -> DubSettings:
    """The settings as a stage sees them: reading one it did not declare is an error, not a silent stale key."""
    return cast(DubSettings, _Declared(settings, names))


@dataclass(frozen=True)
class Work:
    settings: DubSettings
    target: str
    """The target language of this step; empty where the step is shared by all targets."""
    store: BlobStore
    scratch: Path
    registry: Registry
    choices: Mapping[str, EngineChoice]
    report: Callable[[float], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False

    def engine(self, port: type[E]) -> E:
        """The one engine chosen for a port, ready to work."""
        return self.engines(port)[0]

    def engines(self, port: type[E]) -> list[E]:
        """All engines chosen for a port, each ready to work."""
        choice = self.choices.get(port.capability)
        if choice is None:
            raise KeyError(f"a stage uses a {port.capability} without declaring it")
        found = [self.registry.engine(port, spec) for spec in choice.specs]
        for engine in found:
            engine.require()
        return found

    def progress(self, fraction: float) -> None:
        """Say how far the step is, 0 to 1; raises when somebody has asked to stop."""
        if self.cancelled():
            raise Cancelled
        self.report(fraction)

    def path(self, blob: Blob) -> Path:
        return self.store.path(blob)

    def named(self, blob: Blob, name: str) -> Path:
        """The artefact's file under a name with a suffix, for programs that go by it."""
        link = self.scratch / name
        link.symlink_to(self.store.path(blob))
        return link

    def read(self, blob: Blob, model: type[M]) -> M:
        return model.model_validate_json(self.store.read(blob))

    def read_list(self, blob: Blob, item: type[T]) -> list[T]:
        return TypeAdapter(list[item]).validate_json(self.store.read(blob))  # type: ignore[valid-type]

    def write(self, document: BaseModel, kind: str) -> Blob:
        return self.store.put_bytes(document.model_dump_json().encode(), f"json/{kind}")

    def write_list(self, items: Sequence[BaseModel], kind: str) -> Blob:
        body = ",\n".join(item.model_dump_json() for item in items)
        return self.store.put_bytes(f"[{body}]".encode(), f"json/{kind}")

    def sound(self, blob: Blob) -> Sound:
        return files.read(self.store.path(blob))

    def write_sound(self, sound: Sound) -> Blob:
        path = self.scratch / "sound.flac"
        files.write(path, sound)
        return self.store.put(path, "sound/flac")
