"""Writes src/dubline/v1 from proto/, where it is kept so that nobody needs a compiler to install us: `make proto`."""

from __future__ import annotations

import sys
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

ROOT = Path(__file__).resolve().parents[1]
STANDARD = Path(grpc_tools.__file__).parent / "_proto"


def generate(out: Path) -> None:
    """As packages under `out`: the Python names follow from the names in the files."""
    kinds = [f"--{kind}={out}" for kind in ("python_out", "pyi_out", "grpc_python_out")]
    files = [str(path) for path in sorted((ROOT / "proto").rglob("*.proto"))]
    code = protoc.main(["protoc", f"-I{ROOT / 'proto'}", f"-I{STANDARD}", *kinds, *files])
    if code:
        sys.exit(code)


if __name__ == "__main__":
    generate(ROOT / "src")
