"""What clients make of refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

from tests.service.conftest import Person

Metadata = tuple[tuple[str, str], ...]


def bearer(who: Person) -> Metadata:
    return (("authorization", f"Bearer {who.secret}"),)


@dataclass(frozen=True)
class Refusal:
    status: grpc.StatusCode
    code: str
    message: str
    hint: str = ""
    trace_id: str = ""
    fields: tuple[str, ...] = ()
    wait: float | None = None


def refusal_of(error: grpc.RpcError) -> Refusal:
    """As the libraries of gRPC read it: from the rich details, which say the same as the status."""
    sent = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")  # type: ignore[attr-defined]
    if sent is None:
        return Refusal(error.code(), "", error.details())  # type: ignore[attr-defined]
    status = Status.FromString(sent)
    assert (status.code, status.message) == (error.code().value[0], error.details())  # type: ignore[attr-defined]
    info, bad, retry = ErrorInfo(), BadRequest(), RetryInfo()
    for packed in status.details:
        for each in (info, bad, retry):
            packed.Unpack(each)
    assert info.domain == "dubline"
    return Refusal(
        error.code(),  # type: ignore[attr-defined]
        info.reason,
        status.message,
        info.metadata["hint"],
        info.metadata["trace_id"],
        tuple(each.field for each in bad.field_violations),
        retry.retry_delay.ToSeconds() if retry.HasField("retry_delay") else None,
    )


def refused(ask: Callable[[], object]) -> Refusal:
    with pytest.raises(grpc.RpcError) as caught:
        ask()
    return refusal_of(caught.value)
