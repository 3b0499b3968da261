"""Whose job is next: shared evenly among organisations and people, then by priority, then by age."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import pytest

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.ids import new_id
from dubline.service.jobs import queue
from dubline.service.jobs.queue import LEASE_SECONDS, Claim
from dubline.service.jobs.states import TaskStatus
from dubline.storage.tables import Job, Organisation, User

Accepted = Callable[..., str]


@pytest.fixture
def somebody(context: Context) -> Callable[..., Principal]:
    """In an organisation of their own, with its limits, or in the one that is named."""

    def make(organisation: str | None = None, **limits: int) -> Principal:
        with context.database.writing() as session:
            if organisation is None:
                organisation = new_id("org")
                session.add(Organisation(id=organisation, name="O", limits=limits, created_at=time.time()))
                session.flush()
            user = User(
                id=new_id("usr"),
                organisation_id=organisation,
                name="U",
                role="editor",
                created_at=time.time(),
            )
            session.add(user)
            return Principal(organisation, user.id, Role.EDITOR)

    return make


def claim(context: Context, most_at_once: int = 4, now: float | None = None) -> Claim | None:
    with context.database.writing() as session:
        return queue.claim(session, "worker", most_at_once, now)


def next_job(context: Context, most_at_once: int = 4) -> str | None:
    found = claim(context, most_at_once)
    return found.job if found else None


def test_a_single_job_goes_before_the_rest_of_a_hundred(
    context: Context, somebody: Callable[..., Principal], accepted: Accepted
) -> None:
    """Two people of one organisation. One came first with a hundred; the other's only one is next all the same."""
    eager = somebody()
    patient = somebody(eager.organisation)
    hundred = [accepted(eager) for _ in range(100)]
    assert next_job(context) == hundred[0]
    single = accepted(patient)
    assert next_job(context) == single
    assert next_job(context) == hundred[1]


def test_an_organisation_with_many_people_gets_no_more_places(
    context: Context, somebody: Callable[..., Principal], accepted: Accepted
) -> None:
    large, small = somebody(), somebody()
    owners: dict[str, str] = {}
    for _ in range(5):
        person = somebody(large.organisation)
        owners |= {accepted(person): "large" for _ in range(3)}
    owners |= {accepted(small): "small" for _ in range(15)}
    served = [owners[next_job(context) or ""] for _ in range(8)]
    assert Counter(served) == {"large": 4, "small": 4}
    assert served == ["large", "small"] * 4


def test_priority_orders_the_jobs_of_one_person_but_takes_nobodys_place(
    context: Context, somebody: Callable[..., Principal], accepted: Accepted
) -> None:
    pushing, modest = somebody(), somebody()
    low, usual, high = (accepted(pushing, priority=priority) for priority in (-10, 0, 10))
    another = accepted(pushing, priority=10)
    theirs = accepted(modest, priority=-10)
    assert [next_job(context) for _ in range(5)] == [high, theirs, another, usual, low]


def test_the_limit_of_the_server_holds_until_a_place_is_free(
    context: Context, somebody: Callable[..., Principal], accepted: Accepted
) -> None:
    person = somebody()
    jobs = [accepted(person) for _ in range(4)]
    held = [claim(context, 2) for _ in range(3)]
    assert [each and each.job for each in held] == [jobs[0], jobs[1], None]
    assert held[0]
    with context.database.writing() as session:
        queue.finish(session, held[0], TaskStatus.DONE)
    assert next_job(context, 2) == jobs[2]
    assert next_job(context, 2) is None


def test_an_organisation_may_have_a_limit_of_its_own(
    context: Context, somebody: Callable[..., Principal], accepted: Accepted
) -> None:
    narrow, wide = somebody(max_concurrent_jobs=1), somebody(max_concurrent_jobs=3)
    for _ in range(5):
        accepted(narrow)
        accepted(wide)
    served = [found for _ in range(8) if (found := next_job(context, 2))]
    with context.database.reading() as session:
        counts = Counter(session.get_one(Job, job).organisation_id for job in served)
    assert counts == {narrow.organisation: 1, wide.organisation: 3}


def test_a_dead_workers_place_is_free_again(
    context: Context, somebody: Callable[..., Principal], accepted: Accepted
) -> None:
    person = somebody(max_concurrent_jobs=1)
    job = accepted(person)
    accepted(person)
    first = claim(context)
    later = time.time() + LEASE_SECONDS + 1
    second = claim(context, now=later)
    assert first
    assert second
    assert (first.job, second.job, second.attempt) == (job, job, 2)
    assert claim(context, now=later) is None


def test_choosing_is_quick(context: Context, somebody: Callable[..., Principal], accepted: Accepted) -> None:
    """Claims are made in a writer's turn, so everybody waits for them."""
    people = [somebody() for _ in range(10)]
    for _ in range(20):
        for person in people:
            accepted(person)
    started = time.process_time()
    for _ in range(10):
        assert claim(context)
    assert (time.process_time() - started) / 10 < 0.1
