"""Only the media room starts media programs, and no other room opens a container by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import dubline

SOURCE = Path(dubline.__file__).parent
PROGRAMS = {"ffmpeg", "ffprobe", "ffplay", "bwrap"}
OPENERS = {
    "av",
    "torchaudio",
    "torchvision",
    "cv2",
    "moviepy",
    "pydub",
    "imageio",
    "ffmpeg",
    "audioread",
    "librosa",
}


def modules(*left_out: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if path.relative_to(SOURCE).parts[0] not in left_out:
            yield path, ast.parse(path.read_text())


def named_programs(tree: ast.Module) -> set[str]:
    """Media programs that stand as a whole string, as they do where something is started or looked up."""
    strings = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in strings if Path(text.split(" ")[0]).name in PROGRAMS and len(text.split()) == 1}


def imported(tree: ast.Module) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


def test_only_the_media_room_names_a_media_program() -> None:
    found = {str(path): named_programs(tree) for path, tree in modules("media") if named_programs(tree)}
    assert found == {}


def test_inside_the_room_only_the_sandbox_starts_anything() -> None:
    starters = {
        path.name for path, tree in modules() if "media" in path.parts and "subprocess" in imported(tree)
    }
    assert starters == {"sandbox.py", "cage.py"}


def test_no_library_that_opens_containers_is_used() -> None:
    found = {str(path): imported(tree) & OPENERS for path, tree in modules() if imported(tree) & OPENERS}
    assert found == {}


def test_the_check_can_fail() -> None:
    assert named_programs(ast.parse("import subprocess\nsubprocess.run(['ffmpeg', '-i', 'x'])")) == {"ffmpeg"}
    assert named_programs(ast.parse("'/usr/bin/ffprobe'")) == {"/usr/bin/ffprobe"}
