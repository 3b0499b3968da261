"""The cage a media program runs in, as one argument list.

Inside there is no network, no process but its own, no environment, no home: only system libraries, the input
files under neutral names and one folder to write to, all seen from the same working directory:

    in/<name>   each input, read-only      out/   the one writable place, where one was given
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dubline.domain.errors import Unavailable

UNSAFE = "DUBLINE_UNSAFE_NO_SANDBOX"
"""Set to 1 to run media programs without the cage: for machines where it cannot work, on files one trusts."""

INSTALL_CAGE = "apt-get install bubblewrap"
INSTALL_LIMITS = "apt-get install util-linux"
INSTALL_MEDIA = "apt-get install ffmpeg"

LIBRARIES = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/local/lib", "/lib", "/lib64")
LINKER = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d")
FONTS = ("/etc/fonts", "/usr/share/fonts", "/usr/share/fontconfig", "/usr/local/share/fonts")
CERTIFICATES = ("/etc/ssl/certs", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates")
WORK = "/work"

MAX_TASKS = 256
NO_NESTED_SPACES_SINCE = (0, 8)
"""The bubblewrap that can forbid user namespaces inside its own."""


@dataclass(frozen=True)
class Limits:
    """What a run may use at most: seconds by the clock, address space, bytes of one file, bytes it prints."""

    wall: float
    memory: int
    written: int = 0
    printed: int = 16 << 20


def unsafe() -> bool:
    return os.environ.get(UNSAFE) == "1"


def program_path(name: str, install: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Unavailable(f"{name}_missing", f"The program {name} is not installed.", hint=f"Run: {install}")
    return str(Path(found).resolve())


def caged(
    program: str,
    arguments: Sequence[str],
    *,
    inputs: Mapping[str, Path],
    out: Path | None,
    limits: Limits,
    fonts: bool,
) -> list[str]:
    """The whole command line: cage, limits, program."""
    binds: list[str] = []
    for name, path in inputs.items():
        binds += ["--ro-bind", str(path), f"/in/{name}"]
    if out is not None:
        binds += ["--bind", str(out), "/out"]
    if fonts:
        binds += [*_read_only(FONTS), "--tmpfs", "/tmp"]  # noqa: S108 - fontconfig's cache, inside the cage
    return [
        *_walls(),
        *_read_only(_libraries(program)),
        *_read_only((program, _limiter())),
        *binds,
        *("--remount-ro", "/", "--chdir", "/", "--"),
        *limited(program, arguments, limits),
    ]


def caged_python(script: Path, libraries: Sequence[str], folder: Path, limits: Limits) -> list[str]:
    """This Python on one script, in one folder it may write to: for the importer, whose library reads what strangers
    send. `libraries` are the folders of packages it may know."""
    program = str(Path(sys.executable).resolve())
    command = limited(program, ["-I", "-B", str(script)], limits)
    if unsafe():
        return command
    here = str(Path(sys.base_prefix).resolve())
    return [
        *_walls(),
        *("--proc", "/proc", "--tmpfs", "/tmp"),  # noqa: S108 - inside the cage
        *_read_only((*LIBRARIES, *LINKER, *CERTIFICATES, _limiter(), program, here, *libraries, str(script))),
        *("--bind", str(folder), WORK, "--remount-ro", "/", "--chdir", WORK, "--"),
        *command,
    ]


def limited(program: str, arguments: Sequence[str], limits: Limits) -> list[str]:
    """The program under its resource limits. Set from inside, so that they bind it and not the cage."""
    cores = os.cpu_count() or 1
    return [
        _limiter(),
        f"--as={limits.memory}",
        f"--fsize={limits.written}",
        f"--cpu={int(limits.wall * cores) + 1}",
        f"--nproc={MAX_TASKS}",
        "--core=0",
        program,
        *arguments,
    ]


def _walls() -> list[str]:
    walls = [_bubblewrap(), "--unshare-all", "--unshare-user"]
    if _bubblewrap_version(walls[0]) >= NO_NESTED_SPACES_SINCE:
        walls.append("--disable-userns")
    walls += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    walls += ["--uid", "65534", "--gid", "65534", "--hostname", "media", "--dev", "/dev", "--clearenv"]
    for name, value in inner_environment().items():
        walls += ["--setenv", name, value]
    return walls


def inner_environment() -> dict[str, str]:
    """All a media program may know. One arena per two threads: address space is what we limit."""
    return {"LANG": "C.UTF-8", "HOME": "/tmp", "MALLOC_ARENA_MAX": "2"}  # noqa: S108 - inside the cage


def _bubblewrap() -> str:
    found = shutil.which("bwrap")
    if found is None:
        raise no_cage("The sandbox for media files, bubblewrap, is not installed.", f"Run: {INSTALL_CAGE}")
    return found


def no_cage(message: str, fix: str) -> Unavailable:
    return Unavailable("sandbox_missing", message, hint=f"{fix} (or, for files you trust, set {UNSAFE}=1)")


@cache
def _bubblewrap_version(path: str) -> tuple[int, int]:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
    numbers = re.search(r"(\d+)\.(\d+)", said.stdout)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)


def _limiter() -> str:
    return program_path("prlimit", INSTALL_LIMITS)


def _libraries(program: str) -> tuple[str, ...]:
    """System libraries, and those that came with a program installed somewhere of its own."""
    own = Path(program).parent.parent / "lib"
    beside = (str(own),) if not str(own).startswith("/usr") and own != Path("/lib") else ()
    return (*LIBRARIES, *LINKER, *beside)


def _read_only(paths: Sequence[str]) -> list[str]:
    """Where the system's folder is a link into another (/lib → usr/lib), so it is inside."""
    options: list[str] = []
    for path in paths:
        here = Path(path)
        if here.is_symlink():
            options += ["--symlink", str(here.readlink()), path]
        elif here.exists():
            options += ["--ro-bind", path, path]
    return options
