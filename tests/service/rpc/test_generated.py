"""What is generated is what the .proto files say now."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from tests.stubbed import ROOT


def test_the_generated_code_is_what_the_proto_files_say(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("proto", ROOT / "scripts" / "proto.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.generate(tmp_path)
    made = {path.name: path.read_text() for path in (tmp_path / "dubline" / "v1").iterdir()}
    kept = {
        path.name: path.read_text()
        for path in (ROOT / "src" / "dubline" / "v1").iterdir()
        if path.suffix in (".py", ".pyi") and path.name != "__init__.py"
    }
    assert made == kept, "run: make proto"
