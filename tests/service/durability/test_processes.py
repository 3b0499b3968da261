"""Processes that die: none loses an accepted job, and none works on over a folder that is another one's now.

The figures that are promised hold on a quiet machine; DUBLINE_TEST_PATIENCE says how much slower this one may be.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dubline.service.jobs.queue import MOST_ATTEMPTS
from tests.service.durability.serving import Serving, family, running, wait_for

PATIENCE = float(os.environ.get("DUBLINE_TEST_PATIENCE", "3"))


@pytest.fixture
def serving(tmp_path: Path, home: Path) -> Iterator[Serving]:
    with Serving(tmp_path / "data", home) as started:
        yield started


def test_a_killed_worker_loses_no_job(serving: Serving, talk: Path) -> None:
    serving.hold()
    job = serving.order(talk, translator="stuck")
    serving.wait_for_stuck()
    os.kill(serving.worker(), signal.SIGKILL)
    serving.held.unlink()
    assert serving.wait_until(job, "completed", "failed") == "completed"
    assert serving.task(job)["attempts"] == 2
    assert in_order(serving, job)


def test_a_killed_server_takes_its_workers_with_it_and_the_next_one_goes_on(
    serving: Serving, talk: Path
) -> None:
    serving.hold()
    job = serving.order(talk, translator="stuck")
    serving.wait_for_stuck()
    members = family(serving.worker())
    serving.kill()
    wait_for(lambda: not any(map(running, members)), 5 * PATIENCE, "the worker of the killed server is gone")
    serving.hold()
    took = serving.start()
    wait_for(lambda: begun(serving, job) > 1, 5 * PATIENCE + took, "the first progress after the restart")
    serving.held.unlink()
    assert serving.wait_until(job, "completed", "failed") == "completed"
    assert in_order(serving, job)


def test_a_server_and_its_worker_killed_together_leave_a_lease_that_nobody_waits_for(
    serving: Serving, talk: Path
) -> None:
    serving.hold()
    job = serving.order(talk, translator="stuck")
    serving.wait_for_stuck()
    worker = serving.worker()
    serving.kill()
    os.kill(worker, signal.SIGKILL)
    assert serving.task(job)["status"] == "running"
    serving.held.unlink()
    serving.start()
    assert serving.wait_until(job, "completed", "failed", seconds=20) == "completed"


def test_a_server_that_is_asked_to_end_puts_its_jobs_back(serving: Serving, talk: Path) -> None:
    """Not counted as an attempt, as often as it may happen."""
    serving.hold()
    job = serving.order(talk, translator="stuck")
    serving.wait_for_stuck()
    members = family(serving.worker())
    assert serving.terminate() <= 25
    assert not any(map(running, members))
    task = serving.task(job)
    assert (task["status"], task["attempts"]) == ("waiting", 0)
    serving.held.unlink()
    serving.start()
    assert serving.wait_until(job, "completed", "failed") == "completed"
    assert in_order(serving, job)


def test_a_file_that_kills_its_worker_is_given_up_and_others_go_on(serving: Serving, talk: Path) -> None:
    """The attempt is counted before it begins, so that no kill can hide it (D12)."""
    poison = serving.order(talk, transcriber="poison")
    wait_for(lambda: serving.task(poison)["attempts"], 60, "the first attempt")
    good = serving.order(talk)
    assert serving.wait_until(good, "completed", "failed") == "completed"
    assert serving.wait_until(poison, "completed", "failed") == "failed"
    view = serving.client.get(f"/jobs/{poison}").json()
    assert view["error_code"] == "worker_lost"
    assert begun(serving, poison) == MOST_ATTEMPTS


def test_a_cancelled_job_is_gone_within_seconds(serving: Serving, talk: Path) -> None:
    """In the middle of a call that nothing can interrupt (D17)."""
    serving.hold()
    job = serving.order(talk, translator="stuck")
    serving.wait_for_stuck()
    members = family(serving.worker())
    asked = time.monotonic()
    serving.client.post(f"/jobs/{job}/cancel")
    serving.wait_until(job, "cancelled", seconds=5 * PATIENCE)
    wait_for(lambda: not any(map(running, members)), 5 * PATIENCE, "its processes are gone")
    assert time.monotonic() - asked < 5 * PATIENCE
    scratch = serving.data / "work" / "artefacts" / "tmp"
    wait_for(lambda: left_behind(scratch) <= 1, 60, "its temporary files are gone")
    serving.held.unlink()
    assert serving.wait_until(serving.order(talk), "completed", "failed") == "completed"


def left_behind(scratch: Path) -> int:
    """Folders of processes; the one of the worker that runs now is no rubbish."""
    return len(list(scratch.iterdir()))


def test_one_data_folder_has_one_server(serving: Serving) -> None:
    second = serving.spawn()
    try:
        second.wait(120)
    finally:
        second.kill()
    assert (second.returncode, "data_in_use" in serving.said.read_text()) == (2, True)


def begun(serving: Serving, job: str) -> int:
    return [kind for _, kind in serving.events(job)].count("job.started")


def in_order(serving: Serving, job: str) -> bool:
    """Every event once: numbered without a gap, created and completed a single time."""
    numbers, kinds = zip(*serving.events(job), strict=True)
    once = all(kinds.count(kind) == 1 for kind in ("job.created", "job.completed"))
    return once and list(numbers) == list(range(1, len(numbers) + 1))
