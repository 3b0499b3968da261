"""A server that is killed between what happened and the telling of it: everything is told after all."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import select

from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Event, Message
from tests.service.hooks.conftest import hook_to
from tests.service.hooks.receiver import Manner, Receiver, Reply
from tests.stubbed import ROOT

POINTS = ("before the first look", "between look and send", "while it is sent", "before it is written down")


@contextmanager
def process(settings: ServiceSettings) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "tests.service.hooks.teller", settings.model_dump_json()]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=environment, cwd=ROOT, bufsize=1, **pipes) as running:
        try:
            yield running
        finally:
            running.kill()


@pytest.mark.parametrize("rounds", [1, pytest.param(50, marks=pytest.mark.nightly)])
def test_w2_killed_between_state_change_and_send(
    rounds: int,
    client: httpx.Client,
    settings: ServiceSettings,
    context: Context,
    accepted: Callable[..., str],
    receiver: Receiver,
) -> None:
    """Four points a round. Zero missing, zero that never happened, each under one id however often it is sent."""
    chance = random.Random(rounds)
    hook_to(client, receiver.url(), kinds=["job.cancelled"])
    jobs = [accepted() for _ in range(rounds * len(POINTS))]
    for number, job in enumerate(jobs):
        with process(settings) as running:
            kill_at(POINTS[number % len(POINTS)], running, job, receiver, chance)
    receiver.manner = lambda _: Reply()
    with process(settings):
        wait_until_told(context)
    assert_told_of(context, jobs, receiver)


def kill_at(
    point: str, running: subprocess.Popen[str], job: str, receiver: Receiver, chance: random.Random
) -> None:
    """The job is cancelled, and the process dies at the point."""
    manners: dict[str, Manner] = {
        "while it is sent": lambda _: Reply(204 if running.kill() is None else 500),
        "before it is written down": lambda _: Reply(afterwards=running.kill),
    }
    receiver.manner = manners.get(point, lambda _: Reply())
    assert running.stdin
    assert running.stdout
    running.stdin.write(f"{job}\n")
    assert running.stdout.readline() in ("kept\n", "")
    if point in manners:
        running.wait(60)
    if point == "between look and send":
        time.sleep(chance.uniform(0.3, 0.6))
    running.kill()


def wait_until_told(context: Context, patience: float = 60.0) -> None:
    deadline = time.monotonic() + patience
    while left := waiting(context):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def waiting(context: Context) -> list[str]:
    with context.database.reading() as session:
        return list(session.scalars(select(Message.id).where(Message.status != "delivered")))


def assert_told_of(context: Context, jobs: list[str], receiver: Receiver) -> None:
    with context.database.reading() as session:
        happened = session.scalars(select(Event.job_id).where(Event.kind == "job.cancelled")).all()
        written = {message.id: message.job_id for message in session.scalars(select(Message))}
    assert sorted(happened) == sorted(jobs)
    assert sorted(written.values()) == sorted(jobs), (
        "one message for each event, none for what never happened"
    )
    assert set(receiver.ids()) == set(written), "nothing is missing, and each is always sent under its own id"
    assert {each.id: each.body["data"]["job_id"] for each in receiver.received} == written
    times = Counter(each.body["data"]["job_id"] for each in receiver.received)
    unanswered = jobs[POINTS.index("while it is sent") :: len(POINTS)]
    assert all(times[job] > 1 for job in unanswered), "what nobody answered is sent again"
