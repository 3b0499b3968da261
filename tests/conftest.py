"""What every test may lean on: the shared recordings, the weights, a clean environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dubline.models.catalogue import Models
from tests.connections import watched

NEIGHBOUR_MEDIA = Path(__file__).resolve().parents[2] / "shared" / "media"


@pytest.fixture(scope="session")
def media_dir() -> Path:
    """The shared recordings: DUBLINE_TEST_MEDIA, or a checkout's neighbour `shared/media`."""
    folder = Path(os.environ.get("DUBLINE_TEST_MEDIA", NEIGHBOUR_MEDIA))
    if not (folder / "MANIFEST.json").is_file():
        pytest.skip("the shared recordings are not here; set DUBLINE_TEST_MEDIA to their folder")
    return folder


@pytest.fixture(scope="session")
def models() -> Callable[..., Models]:
    """`models("kokoro-v1.0")`: the catalogue, after a skip with the reason where that weight is absent."""
    from dubline.models.catalogue import local_models

    found = local_models()

    def having(*names: str) -> Models:
        for name in names:
            if not found.present(name):
                pytest.skip(f"model {name} is not here; run: dubline models pull {name}")
        return found

    return having


@pytest.fixture
def connections() -> Iterator[list[object]]:
    """Addresses that anything in this process connected to during the test."""
    with watched() as made:
        yield made
