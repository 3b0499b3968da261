"""From the server's JSON to typed results. What a newer server tells besides is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from dubline.client.errors import Document

T = TypeVar("T")


def read(kind: type[T], document: Document) -> T:
    """`kind` is a dataclass; its fields are named as in the document."""
    hints = _hints(kind)  # type: ignore[arg-type]  # classes are hashable
    return kind(**{name: _value(hint, document[name]) for name, hint in hints.items() if name in document})


@cache
def _hints(kind: type[Any]) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _value(hint: Any, found: Any) -> Any:  # noqa: ANN401 - JSON and types are what they are
    origin, inner = get_origin(hint), get_args(hint)
    if found is None:
        return None
    if origin is UnionType:
        return _value(next(each for each in inner if each is not NoneType), found)
    if origin is tuple:
        return tuple(_value(inner[0], each) for each in found)
    if hint is datetime:
        return datetime.fromisoformat(found)
    if is_dataclass(hint) and isinstance(hint, type):
        return read(hint, found)
    return found
