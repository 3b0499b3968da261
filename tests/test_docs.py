"""What the documents say is true: generated parts are current, examples run, names exist."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dubline.models.catalogue import local_models
from dubline.plans.dub import RENDER, UNDERSTAND
from dubline.ports.registry import CAPABILITIES, Registry
from dubline.stages.stage import PHASES
from tests.stubbed import KINDS, ROOT, dubline, environment, make_talk

DOCS = ROOT / "docs"


def test_the_command_reference_is_what_the_commands_say() -> None:
    spec = importlib.util.spec_from_file_location("cli_reference", ROOT / "scripts" / "cli_reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (DOCS / "cli.md").read_text() == module.reference(), "run: make docs"


def test_the_architecture_names_every_stage_and_phase() -> None:
    text = (DOCS / "architecture.md").read_text()
    missing = [node.stage.name for node in (*UNDERSTAND, *RENDER) if node.stage.name not in text]
    assert not missing
    assert [phase for phase in PHASES if phase not in text] == []
    assert {node.stage.phase for node in (*UNDERSTAND, *RENDER)} == set(PHASES)


def test_the_engines_page_names_every_engine() -> None:
    text = (DOCS / "engines.md").read_text()
    registry = Registry(local_models())
    for capability in CAPABILITIES:
        # Other tests of this process may have made the stubs known.
        for name in (each for each in registry.names(capability) if not each.startswith("stub")):
            assert f"`{name}" in text, f"{capability} {name}"


@pytest.mark.parametrize(
    "page",
    ["README.md", "docs/api.md", "docs/architecture.md", "docs/engines.md", "docs/grpc.md", "CHANGELOG.md"],
)
def test_every_link_leads_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
        assert target.startswith("https:") or (path.parent / target).exists(), target


def test_the_readme_uses_options_that_exist() -> None:
    readme, reference = (ROOT / "README.md").read_text(), (DOCS / "cli.md").read_text()
    used = set(re.findall(r"(?<= )--[a-z-]+", "\n".join(re.findall(r"```sh\n(.*?)```", readme, re.S))))
    assert used and not [option for option in used if f"{option}" not in reference]


@pytest.mark.slow
def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's own lines, with the stub engines and a file that is there."""
    readme = (ROOT / "README.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.S)
    talk = make_talk(tmp_path / "talk.wav")
    engines = {kind.replace("-", "_"): "stub" for kind in KINDS}
    code = example.replace('"talk.mp4"', repr(str(talk))).replace(
        'to="es"', f'to="es", source_language="en", engines={engines}'
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "talk.es.wav") in done.stdout
    assert "Otra frase." in (tmp_path / "talk.es.srt").read_text()


@pytest.mark.slow
def test_the_engine_of_the_guide_works_in_ten_lines(tmp_path: Path) -> None:
    text = (DOCS / "engines.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.S)
    (entry,) = re.findall(r"```toml\n\[project\.entry-points\.\"(.*?)\"\]\n(.*?)\n```", text, re.S)
    (tmp_path / "shouting.py").write_text(code)
    described = tmp_path / "shouting-1.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1\n")
    name, _, target = entry[1].partition(" = ")
    (described / "entry_points.txt").write_text(f"[{entry[0]}]\n{name} = {target.strip(chr(34))}\n")
    environment_with = environment(tmp_path / "home")
    environment_with["PYTHONPATH"] += f":{tmp_path}"
    shown = subprocess.run(
        [sys.executable, "-c", "from dubline.cli.main import main; main()", "engines"],
        env=environment_with,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "shouting" in shown.stdout and "en→en-GB" in shown.stdout


def test_no_page_and_no_lock_names_a_registry() -> None:
    hosts = re.compile(r"py" + r"pi\.org|python" + r"hosted\.|npm" + r"js\.(org|com)|deb\.deb" + r"ian\.")
    places = [*ROOT.glob("requirements/*"), *DOCS.glob("*.md"), ROOT / "README.md", ROOT / "pyproject.toml"]
    assert [str(path) for path in places if hosts.search(path.read_text())] == []


def test_help_is_quick_because_it_loads_nothing(tmp_path: Path) -> None:
    """No clock: what makes it slow is what it imports."""
    code = (
        "import os, sys; sys.argv = ['dubline', '--help']; os._exit = lambda code: None\n"
        "from dubline.cli.main import main\n"
        "main()\n"
        "heavy = {'numpy', 'pydantic', 'sqlalchemy', 'onnxruntime', 'faster_whisper', 'scipy'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "redub" in dubline(tmp_path, "--help").stdout
