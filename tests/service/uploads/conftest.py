"""A tus client of whoever sits at the machine."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.service.uploads.tus_client import TUS


@pytest.fixture
def tus(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server}/api/v1/uploads", headers=TUS, timeout=30) as client:
        yield client
