"""`dubline serve`: the whole product on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dubline.domain.home import data_home


def command(
    host: Annotated[
        str,
        typer.Option(
            envvar="DUBLINE_HOST", help="Address to listen on. Beyond this machine a key is needed."
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(envvar="DUBLINE_PORT", help="Port to listen on.", min=0, max=65535)
    ] = 8765,
    grpc_port: Annotated[
        int | None,
        typer.Option(
            envvar="DUBLINE_GRPC_PORT", help="Port for gRPC, too. Default: not spoken.", min=0, max=65535
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            envvar="DUBLINE_DATA",
            help="Folder for uploads, results and tables. Default: in your home folder.",
        ),
    ] = None,
    workers: Annotated[int, typer.Option(envvar="DUBLINE_WORKERS", help="Dubs made at once.", min=0)] = 1,
    require_key: Annotated[
        bool,
        typer.Option(
            "--require-key", envvar="DUBLINE_REQUIRE_KEY", help="Ask for a key on this machine, too."
        ),
    ] = False,
) -> None:
    """Serve the API with its workers. Ctrl-C ends it; running jobs go on at the next start."""
    from dubline.service.serving import serve as serving
    from dubline.service.settings import from_environment

    settings = from_environment(
        data=(data or data_home()).absolute(),
        host=host,
        port=port,
        grpc_port=grpc_port,
        workers=workers,
        require_key=require_key,
    )
    serving(settings)
