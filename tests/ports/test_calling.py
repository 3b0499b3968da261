"""Engines that fail: tried again with jitter, left alone after too many failures, asked again after a rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from dubline.domain.errors import EngineError
from dubline.models.catalogue import Models
from dubline.ports.calling import FAILURES, REST_SECONDS, RETRY_PAUSES, SPREAD, Calls, Outcome, by_chance
from dubline.ports.engine import Engine


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Faraway(Engine):
    """Does what a list says: an error is raised, anything else is the answer."""

    capability, name, version, offline = "toy", "faraway", "1", False

    def __init__(self, models: Models, answers: Iterator[object]) -> None:
        super().__init__(models, "model-of-somebody")
        self._answers = answers
        self.asked = 0

    def ask(self) -> object:
        return self._call(self._ask)

    def _ask(self) -> object:
        self.asked += 1
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


class AtHome(Faraway):
    name, offline = "at-home", True


def busy() -> EngineError:
    return EngineError("server_busy", "Come back later.", retryable=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heard() -> list[tuple[str, Outcome]]:
    return []


@pytest.fixture
def engine(tmp_path, clock: Clock, heard: list[tuple[str, Outcome]]) -> Callable[..., Faraway]:
    def make(*answers: object, kind: type[Faraway] = Faraway) -> Faraway:
        made = kind(Models(tmp_path), iter(answers))
        made.calls = Calls(clock=clock, sleep=clock.sleep, spread=lambda: 1.0)
        made.calls.heard = lambda name, outcome: heard.append((name, outcome))
        return made

    return make


def test_a_fault_that_may_pass_is_tried_again(engine, clock: Clock, heard) -> None:
    assert engine(busy(), busy(), "hello").ask() == "hello"
    assert clock.slept == list(RETRY_PAUSES)
    assert heard == [("faraway", Outcome.AGAIN)] * 2 + [("faraway", Outcome.DONE)]


def test_it_is_tried_so_often_and_no_more(engine, clock: Clock) -> None:
    failing = engine(*[busy() for _ in range(10)])
    with pytest.raises(EngineError, match="Come back later"):
        failing.ask()
    assert (failing.asked, len(clock.slept)) == (len(RETRY_PAUSES) + 1, len(RETRY_PAUSES))


@pytest.mark.parametrize(
    ("fault", "code"),
    [(EngineError("key_wrong", "No."), "key_wrong"), (ValueError("what was said"), "engine_failed")],
)
def test_what_will_not_pass_is_not_tried_again(engine, clock: Clock, fault: Exception, code: str) -> None:
    failing = engine(fault, "never")
    with pytest.raises(EngineError) as failure:
        failing.ask()
    assert (failure.value.code, failing.asked, clock.slept) == (code, 1, [])


def test_those_who_failed_together_do_not_come_back_together() -> None:
    spread = [by_chance() for _ in range(1000)]
    assert 1 - SPREAD <= min(spread) < 1 - SPREAD * 0.9
    assert 1 + SPREAD * 0.9 < max(spread) <= 1 + SPREAD


def opened(engine: Callable[..., Faraway], *after: object) -> Faraway:
    """One that failed so often in a row that it is left alone."""
    made = engine(*[busy() for _ in range(FAILURES)], *after)
    for code in ("server_busy", "engine_resting"):
        with pytest.raises(EngineError) as failure:
            made.ask()
        assert failure.value.code == code
    assert made.asked == FAILURES
    return made


def test_one_that_keeps_failing_is_left_alone(engine, clock: Clock, heard) -> None:
    resting = opened(engine, "hello")
    heard.clear()
    clock.now += REST_SECONDS - 2 * RETRY_PAUSES[-1]
    with pytest.raises(EngineError) as failure:
        resting.ask()
    assert (failure.value.code, failure.value.retryable) == ("engine_resting", True)
    assert resting.asked == FAILURES
    assert heard == [("faraway", Outcome.SPARED)]


def test_after_a_rest_one_call_goes_through_and_all_is_well(engine, clock: Clock) -> None:
    resting = opened(engine, "hello", busy(), "again")
    clock.now += REST_SECONDS
    assert [resting.ask(), resting.ask()] == ["hello", "again"]


def test_after_a_rest_one_failure_is_enough(engine, clock: Clock) -> None:
    resting = opened(engine, busy(), "never")
    clock.now += REST_SECONDS
    with pytest.raises(EngineError) as failure:
        resting.ask()
    assert (failure.value.code, resting.asked) == ("engine_resting", FAILURES + 1)


def test_while_one_call_looks_the_others_wait(engine, clock: Clock) -> None:
    refused: list[str] = []

    class Looking(Faraway):
        def _ask(self) -> object:
            if self.asked >= FAILURES:
                with pytest.raises(EngineError) as failure:
                    self.calls.carry_out(self.name, self.spec, lambda: "through", remote=True)
                refused.append(failure.value.code)
            return super()._ask()

    resting = opened(lambda *answers: engine(*answers, kind=Looking), "hello")
    clock.now += REST_SECONDS
    assert (resting.ask(), refused) == ("hello", ["engine_resting"])


def test_a_refusal_says_that_the_server_is_there(engine) -> None:
    wrong = [EngineError("key_wrong", "No.")] * 3 * FAILURES
    refused = engine(*wrong, "hello")
    for _ in wrong:
        with pytest.raises(EngineError, match="No"):
            refused.ask()
    assert refused.ask() == "hello"


def test_what_runs_here_is_never_left_alone(engine) -> None:
    failing = engine(*[busy() for _ in range(6 * FAILURES)], "hello", kind=AtHome)
    for _ in range(2 * FAILURES):
        with pytest.raises(EngineError, match="Come back later"):
            failing.ask()
    assert failing.ask() == "hello"
