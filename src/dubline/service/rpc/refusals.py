"""Refusals as gRPC tells them: a status, and details with the code and the hint that REST replies carry."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode

from dubline.domain.errors import DublineError
from dubline.service.problem import ServiceError, status_of

DOMAIN = "dubline"
DETAILS = "grpc-status-details-bin"
"""Where gRPC's libraries look for more than a sentence."""

CODES: Mapping[int, StatusCode] = {
    400: StatusCode.INVALID_ARGUMENT,
    401: StatusCode.UNAUTHENTICATED,
    403: StatusCode.PERMISSION_DENIED,
    404: StatusCode.NOT_FOUND,
    408: StatusCode.DEADLINE_EXCEEDED,
    409: StatusCode.FAILED_PRECONDITION,
    413: StatusCode.RESOURCE_EXHAUSTED,
    422: StatusCode.INVALID_ARGUMENT,
    429: StatusCode.RESOURCE_EXHAUSTED,
    502: StatusCode.UNAVAILABLE,
    503: StatusCode.UNAVAILABLE,
    507: StatusCode.RESOURCE_EXHAUSTED,
}


@dataclass(frozen=True)
class Refusal:
    code: StatusCode
    message: str
    details: bytes

    @property
    def metadata(self) -> tuple[tuple[str, bytes], ...]:
        return ((DETAILS, self.details),)


def refusal_of(error: DublineError, trace_id: str) -> Refusal:
    code = CODES.get(status_of(error), StatusCode.INTERNAL)
    number: int = code.value[0]
    status = Status(code=number, message=error.message, details=map(_packed, _told(error, trace_id)))
    return Refusal(code, error.message, status.SerializeToString())


def _told(error: DublineError, trace_id: str) -> list[Message]:
    said = {"hint": error.hint, "trace_id": trace_id}
    told: list[Message] = [ErrorInfo(reason=error.code, domain=DOMAIN, metadata=said)]
    if isinstance(error, ServiceError) and error.errors:
        wrong = [
            BadRequest.FieldViolation(field=str(each["field"]), description=str(each["message"]))
            for each in error.errors
        ]
        told.append(BadRequest(field_violations=wrong))
    if isinstance(error, ServiceError) and "Retry-After" in error.headers:
        wait = RetryInfo()
        wait.retry_delay.FromSeconds(math.ceil(float(error.headers["Retry-After"])))
        told.append(wait)
    return told


def _packed(message: Message) -> Packed:
    packed = Packed()
    packed.Pack(message)
    return packed
