"""What every engine is, whatever it can do.

The public methods of a port own policy (retry, timing, error translation); an engine writes the private ones.
Importing an engine's module must be cheap: heavy libraries are imported inside the methods that load a model.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from abc import ABC
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from dubline.domain.errors import DublineError, EngineError, Unavailable
from dubline.models.catalogue import Models
from dubline.ports.calling import Calls

T = TypeVar("T")


@dataclass(frozen=True)
class Need:
    """Something an engine cannot work without, and the exact line that provides it."""

    what: str
    met: Callable[[], bool]
    fix: str


def program(name: str, package: str) -> Need:
    """A program that runs as its own process, from a Debian package."""
    return Need(f"program {name}", lambda: shutil.which(name) is not None, f"apt-get install {package}")


def library(module: str, install: str) -> Need:
    return Need(
        f"Python package {module}",
        lambda: importlib.util.find_spec(module) is not None,
        f"pip install {install}",
    )


def variable(name: str) -> Need:
    return Need(f"setting {name}", lambda: bool(os.environ.get(name)), f"export {name}=…")


class Engine(ABC):
    """One way to do one thing. `version` changes whenever the same input would give another output."""

    capability: ClassVar[str]
    name: ClassVar[str]
    version: ClassVar[str]
    summary: ClassVar[str] = ""
    licence: ClassVar[str] = ""
    default_model: ClassVar[str] = ""
    offline: ClassVar[bool] = True
    clones: ClassVar[bool] = False
    """It imitates the voice of a person it hears, for which that person must have agreed."""

    def __init__(self, models: Models, model: str = "") -> None:
        self.models = models
        self.model = model or self.default_model
        self.calls = Calls()
        """A registry gives all its engines the same."""

    def weights(self) -> tuple[str, ...]:
        """Names in the model catalogue of what this engine loads."""
        return ()

    def needs(self) -> tuple[Need, ...]:
        """Programs, libraries and settings beside the weights."""
        return ()

    @property
    def spec(self) -> str:
        """As people write it: `faster-whisper:base`."""
        return f"{self.name}:{self.model}" if self.model else self.name

    def identity(self) -> str:
        """What a step's key must change with: engine, version, and the digests of its weights."""
        digests = "+".join(self.models.digest(name) for name in self.weights())
        return f"{self.spec}@{self.version}#{digests}"

    def missing(self) -> tuple[Need, ...]:
        """What is not there yet, each with its fix; empty means the engine is ready."""
        weights = tuple(
            Need(f"model {name}", lambda name=name: self.models.present(name), f"dubline models pull {name}")  # type: ignore[misc]
            for name in self.weights()
        )
        return tuple(need for need in (*self.needs(), *weights) if not need.met())

    def require(self) -> None:
        require_all([self])

    def preload(self) -> None:  # noqa: B027 - an engine without a model has nothing to load
        """Load now what the first call would load, so that it can happen while others work."""

    def _call(self, work: Callable[[], T]) -> T:
        """The one place where an engine is tried again and a stranger's error becomes ours."""
        return self.calls.carry_out(
            self.name, self.spec, lambda: self._translated(work), remote=not self.offline
        )

    def _translated(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except (DublineError, MemoryError):
            raise
        except (OSError, RuntimeError, ValueError) as error:
            raise EngineError(
                "engine_failed",
                f"The engine {self.spec} failed: {type(error).__name__}: {error}",
                hint="If it happens again, choose another with --engine.",
            ) from error


def require_all(engines: Sequence[Engine]) -> None:
    """Everything that is missing for some engines, said at once with the lines that provide it."""
    missing = {need.what: need.fix for engine in engines for need in engine.missing()}
    if missing:
        names = ", ".join(dict.fromkeys(engine.spec for engine in engines if engine.missing()))
        raise Unavailable(
            "engine_missing",
            f"{names}: {', '.join(missing)} not here yet.",
            hint="Run: " + " && ".join(dict.fromkeys(missing.values())),
        )
