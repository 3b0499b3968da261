"""Between messages and the models that REST reads and writes: field for field, by name, so that neither can say what
the other does not."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import DecodeError, Message
from pydantic import BaseModel, ValidationError

from dubline.service.gate import json_shape
from dubline.service.problem import ServiceError, invalid

Model = TypeVar("Model", bound=BaseModel)
Sent = TypeVar("Sent", bound=Message)


def read(kind: type[Sent], raw: bytes) -> Sent:
    message: Sent = kind()
    try:
        message.ParseFromString(raw)
    except DecodeError:
        raise ServiceError(
            400,
            "message_unreadable",
            f"This is no {kind.DESCRIPTOR.full_name}.",
            hint="Check the .proto file.",
        ) from None
    return message


def asked(model: type[Model], message: Message, *, without: str = "") -> Model:
    """What a client asks for, judged by the same rules as over HTTP. What was left out is left out."""
    document = document_of(message)
    document.pop(without, None)
    json_shape.check(json.dumps(document).encode())
    try:
        return model.model_validate(_with_whole_numbers(document))
    except ValidationError as error:
        raise invalid(error.errors()) from None


def told(model: BaseModel, message: Sent) -> Sent:
    """Fields that only REST tells are left out."""
    return document_told(model.model_dump(mode="json"), message)


def document_of(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return found


def document_told(document: object, message: Sent) -> Sent:
    ParseDict(document, message, ignore_unknown_fields=True)
    return message


def _with_whole_numbers(value: object) -> object:
    """A Struct knows only floats; 2 speakers must not become 2.0."""
    if isinstance(value, dict):
        return {name: _with_whole_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
