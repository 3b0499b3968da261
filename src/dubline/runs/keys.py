"""The key of a step: equal keys mean equal results, so a finished key is never run again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from pydantic import BaseModel

from dubline.domain.script import Blob
from dubline.domain.settings import DubSettings
from dubline.stages.stage import Inputs, Stage


def step_key(
    stage: Stage, settings: DubSettings, target: str, engines: Mapping[str, str], inputs: Inputs
) -> str:
    """`engines` maps a port's capability to the identity of what is plugged in."""
    parts = {
        "stage": [stage.name, stage.version],
        "engines": {port.capability: engines[port.capability] for port in stage.engines},
        "settings": {name: _plain(getattr(settings, name)) for name in stage.settings},
        "target": target,
        "inputs": {
            name: value.digest if isinstance(value, Blob) else [blob.digest for blob in value]
            for name, value in inputs.items()
        },
    }
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
