"""Where the server is reached: whether it can listen there, and telling that it does."""

from __future__ import annotations

import socket
import sys

import structlog

from dubline.domain.errors import UserError
from dubline.observe.logs import for_people
from dubline.service.settings import ServiceSettings

log = structlog.get_logger()


def refuse_taken(host: str, port: int, flag: str) -> None:
    """Before anything has begun, so that it can be told plainly."""
    try:
        for family, kind, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(address)
    except OSError as error:
        raise UserError(
            "port_taken",
            f"{host}:{port} cannot be listened on: {error.strerror}.",
            hint=f"Choose another port with {flag}.",
        ) from error


def tell(settings: ServiceSettings, port: int) -> None:
    """For people a line, for programs an event: now it answers."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{port}"
    if not for_people(settings.log_format):
        log.info("listening", address=address, data=str(settings.data), key_needed=not settings.open_access)
        return
    key = "No key is needed on this machine." if settings.open_access else "A key is needed."
    sys.stderr.write(f"Listening on {address}, data in {settings.data}. See {address}/api/v1/docs. {key}\n")
    sys.stderr.flush()
