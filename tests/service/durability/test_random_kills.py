"""kill -9 of the worker or of the server, whenever it happens to come, over a queue of jobs (D2).

DUBLINE_TEST_JOBS=500 DUBLINE_TEST_SEED=1 pytest -m slow tests/service/durability/test_random_kills.py   # nightly
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from dubline.service.jobs.queue import MOST_ATTEMPTS
from tests.service.durability.serving import ENDED, Serving, wait_for

JOBS = int(os.environ.get("DUBLINE_TEST_JOBS", "6"))
SEED = int(os.environ.get("DUBLINE_TEST_SEED", "7"))
PER_JOB = 600.0
"""Seconds a job may take at most, with everything that is done to it; a bound against hanging, no promise."""


@pytest.mark.slow
def test_every_job_is_done_in_the_end_and_right(tmp_path: Path, home: Path, talk: Path) -> None:
    chance = random.Random(SEED)
    with Serving(tmp_path / "data", home) as serving:
        jobs = [serving.order(talk) for _ in range(JOBS)]
        until = time.monotonic() + PER_JOB * JOBS
        for _ in range(JOBS):
            time.sleep(chance.uniform(0.2, 2.0))  # the moment is what is left to chance
            if statuses(serving).count("completed") == JOBS:
                break
            strike(serving, chance)
        for job in jobs:
            left = until - time.monotonic()
            assert wait_for(lambda job=job: ended(serving, job), left, "it ends") == "completed"
        assert len(results(serving)) == 1, "all were made of the same file"
        for job in jobs:
            numbers, kinds = zip(*serving.events(job), strict=True)
            assert list(numbers) == list(range(1, len(numbers) + 1))
            assert (kinds.count("job.created"), kinds.count("job.completed")) == (1, 1)


def strike(serving: Serving, chance: random.Random) -> None:
    """Not a third time while one and the same job is at work: then it would be the job's fault."""
    if most_attempts(serving) >= MOST_ATTEMPTS:
        return
    if chance.random() < 0.3:
        serving.kill()
        serving.start()
    else:
        os.kill(serving.worker(), signal.SIGKILL)


def rows(serving: Serving, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(serving.data / "dubline.sqlite")) as tables:
        return list(tables.execute(question))


def statuses(serving: Serving) -> list[object]:
    return [status for (status,) in rows(serving, "SELECT status FROM jobs")]


def most_attempts(serving: Serving) -> int:
    ((most,),) = rows(serving, "SELECT coalesce(max(attempts), 0) FROM tasks WHERE status != 'done'")
    return int(str(most))


def results(serving: Serving) -> set[object]:
    return {digest for (digest,) in rows(serving, "SELECT digest FROM artefacts WHERE kind = 'result'")}


def ended(serving: Serving, job: str) -> str:
    ((status,),) = rows(serving, f"SELECT status FROM jobs WHERE id = '{job}'")
    return str(status) if status in ENDED else ""
