"""yt-dlp in a process of its own, which knows one way out: the gate in its working folder.

It runs without the rest of dubline, is told by one line of JSON what to fetch, and tells by lines of JSON how far it
is and how it ended. No message of yt-dlp or of a server is ever passed on.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

GATE = "gate"
PIECE = 64 << 10
TELL_EVERY = 0.3
OLDEST = "2025.01.15"
"""Before this version, endings of files were taken from the net as they came."""

FORBIDDEN = (
    "subprocess.",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.system",
    "os.spawn",
    "pty.",
    "ctypes.dlopen",
)
LOOK_UPS = (
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.sendto",
    "socket.sendmsg",
)


def tell(**news: object) -> None:
    sys.__stdout__.write(json.dumps(news) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


def open_way() -> int:
    """A port of this process's own that leads to the gate; yt-dlp knows no proxies on socket files."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            visitor, _ = listener.accept()
            gate = socket.socket(socket.AF_UNIX)
            gate.connect(GATE)
            for one, other in ((visitor, gate), (gate, visitor)):
                threading.Thread(target=carry, args=(one, other), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return int(listener.getsockname()[1])


def carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(PIECE):
            other.sendall(piece)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def lock(port: int) -> None:
    """From now on nothing in this process starts a program, asks for a name, or connects elsewhere. An audit hook
    cannot be taken off again."""
    way = ("127.0.0.1", port)

    def check(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect" and arguments[1] not in (way, GATE):
            raise PermissionError("there is one way out")
        if event in LOOK_UPS and arguments[0] not in ("127.0.0.1", b"127.0.0.1"):
            raise PermissionError("names are looked up at the gate")
        if event.startswith(FORBIDDEN):
            raise PermissionError("no program is started here")

    sys.addaudithook(check)


def options(order: Mapping[str, Any], port: int) -> dict[str, Any]:
    height = order["height"]
    return {
        "proxy": f"http://127.0.0.1:{port}",
        "format": f"bv*[height<=?{height}]+ba/b[height<=?{height}]/bv*+ba/b/ba",
        "outtmpl": {"default": "video.%(ext)s"},
        "allowed_extractors": ["default"] if order["generic"] else ["default", "-generic"],
        "ignoreerrors": True,
        "extract_flat": "in_playlist",
        "noplaylist": True,
        "max_filesize": order["most_bytes"],
        "progress_hooks": [Progress(order["most_bytes"])],
        "hls_prefer_native": True,
        "external_downloader": {"default": "native"},
        "ffmpeg_location": "/nonexistent",
        "fixup": "never",
        "postprocessors": [],
        "js_runtimes": {},
        "remote_components": [],
        "enable_file_urls": False,
        "usenetrc": False,
        "cachedir": False,
        "updatetime": False,
        "continuedl": True,
        "skip_unavailable_fragments": False,
        "socket_timeout": 20,
        "retries": 2,
        "fragment_retries": 2,
        "extractor_retries": 1,
        "quiet": True,
        "noprogress": True,
        "no_warnings": True,
        "logger": Silence(),
        "color": "never",
    }


class Silence:
    """What yt-dlp says may hold addresses and words of servers."""

    def debug(self, _message: str) -> None: ...
    def info(self, _message: str) -> None: ...
    def warning(self, _message: str) -> None: ...
    def error(self, _message: str) -> None: ...


class Progress:
    """Several files may come one after the other; their sum is what counts."""

    def __init__(self, most: int) -> None:
        self._most, self._told = most, 0.0
        self._done: dict[str, int] = {}

    def __call__(self, news: Mapping[str, Any]) -> None:
        self._done[str(news.get("filename"))] = int(news.get("downloaded_bytes") or 0)
        total = sum(self._done.values())
        if total > self._most:
            tell(ended="too_large")
            sys.exit(0)
        if time.monotonic() - self._told > TELL_EVERY:
            self._told = time.monotonic()
            expected = news.get("total_bytes") or news.get("total_bytes_estimate")
            tell(done=total, total=int(expected) if expected else None)


def suits(url: str) -> bool:
    from yt_dlp.extractor import gen_extractor_classes

    return any(each.IE_NAME != "generic" and each.suitable(url) for each in gen_extractor_classes())


def run(order: Mapping[str, Any], port: int) -> str:
    import yt_dlp

    if yt_dlp.version.__version__ < OLDEST:
        return "old"
    if not order["generic"] and not suits(order["url"]):
        return "no_site"
    with yt_dlp.YoutubeDL(options(order, port)) as downloader:
        info = downloader.extract_info(order["url"], download=False)
        if info is None:
            return "failed"
        if info.get("_type", "video") != "video":
            return "playlist"
        if info.get("is_live"):
            return "live"
        tell(title=str(info.get("title") or ""))
        downloader.process_ie_result(info, download=True)
        # Errors are told by this number alone; raised, they would also forbid a picture and a sound of their own.
        return "failed" if downloader._download_retcode else "done"


def main() -> None:
    order = json.loads(sys.stdin.readline())
    sys.path += order["libraries"]
    port = open_way()
    lock(port)
    try:
        ended = run(order, port)
    except ImportError:
        ended = "missing"
    tell(ended=ended)


if __name__ == "__main__":
    main()
