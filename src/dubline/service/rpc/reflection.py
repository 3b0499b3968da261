"""What there is to call, told to whoever has a key: as the reference of the REST API is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from fastapi import FastAPI
from grpc_reflection.v1alpha import reflection
from grpc_reflection.v1alpha._async import ReflectionServicer

from dubline.service.access.door import identify
from dubline.service.rpc import passing
from dubline.service.rpc.calls import connection_of, refuse
from dubline.service.rpc.health import Untyped

NAME = reflection.SERVICE_NAME
PATH = f"/{NAME}/ServerReflectionInfo"


class Reflection(ReflectionServicer):  # type: ignore[misc]  # untyped
    def __init__(self, app: FastAPI, names: Iterable[str]) -> None:
        super().__init__(names)
        self._app = app

    async def ServerReflectionInfo(  # noqa: N802 - gRPC's own
        self, request_iterator: Untyped, context: Untyped
    ) -> AsyncIterator[Untyped]:
        connection = connection_of(self._app, PATH, context)
        with passing.seen(connection) as passage:
            try:
                await identify(connection)
            except Exception as error:  # noqa: BLE001 - told as every other refusal
                await refuse(connection, context, passage, error)
            async for reply in super().ServerReflectionInfo(request_iterator, context):
                yield reply
