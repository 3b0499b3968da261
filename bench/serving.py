"""A server as a process of its own, as in life, for benches that ask it things."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from dubline.service.settings import ServiceSettings

PORT = 18_765
SERVE = """
import sys
from dubline.service.serving import serve
from dubline.service.settings import ServiceSettings
serve(ServiceSettings.model_validate_json(sys.argv[1]))
"""


def base(scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{PORT}/api/v1"


@contextmanager
def serving(settings: ServiceSettings) -> Iterator[int]:
    """Its process number, once it answers."""
    process = subprocess.Popen([sys.executable, "-c", SERVE, settings.model_dump_json()])
    try:
        while True:
            try:
                httpx.get(f"{base()}/jobs")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
