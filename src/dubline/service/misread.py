"""What pydantic found wrong with a request, in words for whoever sent it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

BODY = ("body",)
KIND = re.compile(r"str-enum\[\w+\]")
"""Which of several lists of values was tried; no part of the field's name."""

EXPECTED = "Input should be "

CORRECT = "Correct what `errors` names; GET /api/v1/docs shows what each address takes."
CORRECT_ITEM = "Correct the fields that `detail` names."
NOT_AS_JSON = 'Send the header "Content-Type: application/json".'
NO_JSON = "Send JSON: names and texts in double quotes, and every bracket closed."
NO_BODY = 'Send a JSON object as the body, with the header "Content-Type: application/json".'


def mistakes(found: Sequence[Any]) -> list[dict[str, object]]:
    """One for each field. Where values of several lists would do, each list says so on its own."""
    told: dict[str, list[str]] = {}
    for each in found:
        field, message = _told(each)
        told.setdefault(field, []).append(message)
    return [{"field": field, "message": _joined(messages)} for field, messages in told.items()]


def hint(found: Sequence[Any], content_type: str) -> str:
    """What helps: a body that came as something else than JSON was never read."""
    if any(each["type"] == "json_invalid" for each in found):
        return NO_JSON
    if not any(tuple(each["loc"]) == BODY for each in found):
        return CORRECT
    if any(each["type"] == "missing" for each in found):
        return NO_BODY
    return CORRECT if _is_json(content_type) else NOT_AS_JSON


def _is_json(content_type: str) -> bool:
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _told(each: Any) -> tuple[str, str]:  # noqa: ANN401 - pydantic's and FastAPI's own
    if each["type"] == "json_invalid":
        reason = each.get("ctx", {}).get("error", "")
        return "body", f"This is no JSON: {reason} (at character {each['loc'][-1]})"
    if tuple(each["loc"]) == BODY and each["type"] in ("model_attributes_type", "dict_type", "model_type"):
        return "body", "This was not read as a JSON object"
    field = ".".join(str(part) for part in each["loc"] if not KIND.fullmatch(str(part)))
    return field, str(each["msg"]).removeprefix("Value error, ")


def _joined(messages: Sequence[str]) -> str:
    first, *others = dict.fromkeys(messages)
    return "; or ".join([first, *(each.removeprefix(EXPECTED) for each in others)])
