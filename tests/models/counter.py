"""A small server on this machine that plays a package registry and a model hub."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Counter(ThreadingHTTPServer):
    """Serves a folder of packages to pip and npm, and files to the hub's client; remembers what was asked."""

    daemon_threads = True

    def __init__(self, packages: Path, hub: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.packages, self.hub = packages, hub
        self.asked: list[str] = []
        self.stalled = False
        self.released = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fetched(self, ending: str) -> int:
        return sum(path.endswith(ending) for path in self.asked)


class _Desk(BaseHTTPRequestHandler):
    server: Counter

    def log_message(self, *_: object) -> None:
        """Tests say what went wrong themselves."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        parts = self.path.strip("/").split("/")
        if parts[0] == "simple":
            self._send(self._links(parts[1]), "text/html")
        elif parts[0] == "files":
            self._send_file(self.server.packages / parts[1])
        elif "resolve" in parts and self.server.hub is not None:
            self._send_file(self.server.hub.joinpath(*parts[parts.index("resolve") + 2 :]))
        else:
            self._send(self._npm_facts(parts[0]), "application/json")

    def _links(self, project: str) -> bytes:
        names = [path.name for path in self.server.packages.glob(f"{project.replace('-', '_')}-*.whl")]
        return "".join(f'<a href="/files/{name}">{name}</a>' for name in names).encode()

    def _npm_facts(self, name: str) -> bytes:
        versions = {}
        for path in self.server.packages.glob(f"{name}-*.tgz"):
            version = path.stem.removeprefix(f"{name}-")
            tarball = f"{self.server.address}/files/{path.name}"
            shasum = hashlib.sha1(path.read_bytes()).hexdigest()
            versions[version] = {
                "name": name,
                "version": version,
                "dist": {"tarball": tarball, "shasum": shasum},
            }
        if not versions:
            return b""
        return json.dumps(
            {"name": name, "dist-tags": {"latest": max(versions)}, "versions": versions}
        ).encode()

    def _send_file(self, path: Path) -> None:
        if self.server.stalled and self.command == "GET":
            self.server.released.wait(30)
        self._send(path.read_bytes() if path.is_file() else b"", "application/octet-stream")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if body:
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
            self.send_header("X-Repo-Commit", "0" * 40)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@contextmanager
def counter(packages: Path, hub: Path | None = None) -> Iterator[Counter]:
    server = Counter(packages, hub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
