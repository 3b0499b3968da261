"""A job that is cancelled as a stage begins ends cancelled, and leaves no temporary file (D17).

DUBLINE_TEST_STAGES=all pytest tests/service/durability/test_cancelling.py     # nightly: every stage
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from dubline.api.workshop import workshop
from dubline.runs.events import Event, Kind
from dubline.runs.in_process import _Execution
from dubline.service.context import Context
from dubline.worker.loop import Worker
from tests.crash.test_crash import STAGES
from tests.service.conftest import ENGINES
from tests.service.durability.serving import wait_for

FEW = ("separate", "transcribe", "speak", "mux")


@pytest.mark.parametrize("stage", sorted(STAGES) if os.environ.get("DUBLINE_TEST_STAGES") == "all" else FEW)
def test_a_job_is_cancelled_as_a_stage_begins(
    client: httpx.Client,
    context: Context,
    talk: Path,
    uploaded: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
) -> None:
    asked = {
        "upload_id": uploaded(talk),
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES},
    }
    job = client.post("/jobs", json=asked).json()["id"]
    tell = _Execution._tell

    def cancelling(execution: _Execution, told: Event) -> None:
        if told.kind is Kind.STARTED and told.node.stage.name == stage:
            client.post(f"/jobs/{job}/cancel")
            wait_for(execution._stopped, 30, "the run is told to stop")
        tell(execution, told)

    with workshop(context.work) as shop, monkeypatch.context() as patched:
        patched.setattr(_Execution, "_tell", cancelling)
        assert Worker(context, shop, abandon=lambda: None).once()
        seen = client.get(f"/jobs/{job}").json()
        assert (seen["status"], seen["error_code"]) == ("cancelled", None)
        left = [path for path in (context.work / "artefacts" / "tmp").rglob("*") if path.is_file()]
        assert [path.name for path in left] == ["owner.lock"]
    with workshop(context.work) as shop:
        assert client.post(f"/jobs/{job}/retry").json()["status"] == "uploaded"
        assert Worker(context, shop).once()
    assert client.get(f"/jobs/{job}").json()["status"] == "completed"
