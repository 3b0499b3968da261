"""Every weight file we know: digest, size, licence, sources, and whether it lies on this machine."""

from __future__ import annotations

from pathlib import Path

from dubline.models.pool import ModelPool


class Models:
    """The catalogue, the folder the weights lie in, and the pool they are loaded into."""

    def __init__(self, home: Path, pool: ModelPool | None = None) -> None:
        self.home = home
        self.pool = pool or ModelPool()

    def present(self, name: str) -> bool:
        """Whether a model lies here, complete."""
        raise NotImplementedError

    def path(self, name: str) -> Path:
        """The folder of a model that is present; `Unavailable` with the line that fetches it otherwise."""
        raise NotImplementedError

    def digest(self, name: str) -> str:
        """The digest a model's files have by the catalogue."""
        raise NotImplementedError


def local_models() -> Models:
    """The models of this machine: under DUBLINE_HOME, else in the XDG data folder."""
    raise NotImplementedError
