"""`dubline serve` in a process of its own, which can be killed and started again on the same port."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.stubbed import ROOT, environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class RealServer:
    def __init__(self, home: Path) -> None:
        self.data = home / "data"
        self._home = home
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = "from dubline.cli.main import main; main()"
        options = ["serve", "--workers", "0", "--port", str(self._port), "--data", str(self.data)]
        self._process = subprocess.Popen([sys.executable, "-c", command, *options], env=self._environment())
        deadline = time.monotonic() + 300
        while not self._answers():
            assert self._process.poll() is None, "the server ended by itself"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power switch would, but for the disk's cache."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self.kill()

    def _answers(self) -> bool:
        """Asked by the plainest client there is: the server that is starting needs the processor more."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            line.request("GET", "/api/v1/jobs")
            return line.getresponse().status == 200
        except OSError:
            return False
        finally:
            line.close()

    def _environment(self) -> dict[str, str]:
        known = environment(self._home)
        return {**known, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), known["PYTHONPATH"]])}
