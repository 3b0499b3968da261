"""Workers that die where they are told to, one life after another: `lives.py DATA`, one line of input a life.

`POINT SPARED`: as in tests/crash/driver.py, with four points more around what the service adds (taken, delivering,
completing, completed). Each life is a fork of this process, which has read all of the program but started no thread:
so a life costs what the work costs. The answer is `killed in STAGE`, or `idle` where nothing was left to do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import event

from dubline.api import dub as dubbing
from dubline.api.workshop import workshop
from dubline.service import presence
from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.ids import new_id
from dubline.service.jobs import orphans
from dubline.service.settings import ServiceSettings
from dubline.worker import endings, loop
from dubline.worker.loop import Worker
from tests.crash.driver import POINTS, arm, die

OWN_POINTS = ("taken", "delivering", "completing", "completed")


def live(data: Path, point: str, spared: set[str]) -> None:
    context = open_context(ServiceSettings(data=data, workers=0))
    if point in POINTS:
        arm(point, spared)
    elif point in OWN_POINTS and point not in spared:
        arm_service(context, point)
    name = new_id("wrk")
    with presence.present(context.workers, name):
        orphans.release(context)
        with workshop(context.work, cores=1) as shop:
            worker = Worker(context, shop, name)
            while worker.once():
                pass
    sys.stdout.write("idle\n")
    sys.stdout.flush()


def arm_service(context: Context, point: str) -> None:
    if point == "taken":
        begin = _after(endings.begin, lambda: at_commit(context, point))
        loop.WHOLE_JOB = replace(loop.WHOLE_JOB, begin=begin)  # type: ignore[arg-type]
    elif point == "delivering":
        dubbing.deliver_target = _after(dubbing.deliver_target, lambda: die(point))  # type: ignore[assignment]
    elif point == "completing":
        complete = endings.complete

        def dying(*args: object) -> None:
            event.listen(context.database.engine, "commit", lambda _: die(point))
            complete(*args)  # type: ignore[arg-type]

        endings.complete = dying  # type: ignore[assignment]
    elif point == "completed":
        endings.complete = _after(endings.complete, lambda: die(point))  # type: ignore[assignment]


def at_commit(context: Context, point: str) -> None:
    """Dies at the first look after the transaction that took the task."""
    event.listen(context.database.engine, "begin", lambda _: die(point))


def _after(method: Callable[..., object], act: Callable[[], None]) -> Callable[..., object]:
    def wrapped(*args: object, **kwargs: object) -> object:
        result = method(*args, **kwargs)
        act()
        return result

    return wrapped


def main(data: Path) -> None:
    for line in sys.stdin:
        point, spared = line.rstrip("\n").split(" ", 1)
        child = os.fork()
        if child == 0:
            live(data, point, set(spared.split("/")))
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
