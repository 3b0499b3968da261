"""A model is loaded once, stays while it is used, and leaves when memory is short."""

from __future__ import annotations

import random
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from dubline.domain.errors import EngineError
from dubline.models.pool import ModelPool

PATIENCE = 10.0


class Net:
    """Stands for a network: something that can be seen to be alive."""

    def __init__(self, name: str = "") -> None:
        self.name = name


def test_a_model_is_loaded_once_and_given_to_all() -> None:
    pool = ModelPool()
    start = threading.Barrier(8)

    def slow() -> Net:
        time.sleep(0.05)
        return Net()

    def work(_: int) -> int:
        start.wait(PATIENCE)
        with pool.use("whisper", slow, 10) as net:
            return id(net)

    with ThreadPoolExecutor(8) as people:
        assert len(set(people.map(work, range(8)))) == 1
    assert pool.loads() == {"whisper": 1}
    assert pool.held() == 10


def test_two_models_load_side_by_side() -> None:
    pool = ModelPool()
    both = threading.Barrier(2)

    def meet() -> Net:
        both.wait(PATIENCE)  # breaks unless the other load has begun as well
        return Net()

    def work(key: str) -> None:
        with pool.use(key, meet):
            pass

    with ThreadPoolExecutor(2) as people:
        list(people.map(work, ["whisper", "kokoro"]))
    assert pool.loads() == {"whisper": 1, "kokoro": 1}


def test_a_model_may_be_loaded_while_another_is_held() -> None:
    pool = ModelPool()
    with pool.use("outer", lambda: Net("outer")) as outer, pool.use("inner", lambda: Net("inner")) as inner:
        assert (outer.name, inner.name) == ("outer", "inner")
        with pool.use("outer", lambda: Net("another")) as again:
            assert again is outer


def test_a_model_without_a_truth_value_of_its_own_is_kept() -> None:
    pool = ModelPool()
    for _ in range(3):
        with pool.use("nothing", lambda: None) as model:
            assert model is None
    assert pool.loads() == {"nothing": 1}


def test_a_failed_load_is_told_and_the_next_one_works() -> None:
    pool = ModelPool(budget=100)

    def fail() -> Net:
        raise EngineError("broken_file", "The file is broken.")

    for _ in range(2):
        with pytest.raises(EngineError), pool.use("kokoro", fail, 90):
            pytest.fail("there is nothing to use")
    assert pool.loads() == {}
    assert pool.held() == 0
    with pool.use("kokoro", Net, 90):
        assert pool.loads() == {"kokoro": 1}


def test_those_who_waited_for_a_failed_load_try_themselves() -> None:
    pool = ModelPool()
    entered, go = threading.Event(), threading.Event()

    def fail_late() -> Net:
        entered.set()
        go.wait(PATIENCE)
        raise EngineError("first", "The first one fails.")

    def first() -> None:
        with pytest.raises(EngineError), pool.use("ge2e", fail_late):
            pytest.fail("there is nothing to use")

    def second() -> str:
        entered.wait(PATIENCE)
        threading.Timer(0.05, go.set).start()
        with pool.use("ge2e", lambda: Net("second")) as net:
            return net.name

    with ThreadPoolExecutor(2) as people:
        failed, worked = people.submit(first), people.submit(second)
        failed.result(PATIENCE)
        assert worked.result(PATIENCE) == "second"


def test_an_interrupted_load_leaves_no_reservation() -> None:
    pool = ModelPool()

    def interrupted() -> Net:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), pool.use("kokoro", interrupted, 90):
        pytest.fail("there is nothing to use")
    assert pool.held() == 0


def test_a_failure_while_using_a_model_keeps_it_for_the_next() -> None:
    pool = ModelPool()
    with pytest.raises(ZeroDivisionError), pool.use("whisper", Net, 5):
        raise ZeroDivisionError
    with pool.use("whisper", Net, 5):
        pass
    assert pool.loads() == {"whisper": 1}


def test_the_longest_unused_model_leaves_when_memory_is_short() -> None:
    pool = ModelPool(budget=100)
    for key in ("a", "b", "a"):
        with pool.use(key, Net, 40):
            pass
    with pool.use("c", Net, 40):
        assert pool.held() == 80
    with pool.use("a", Net, 40):
        pass
    assert pool.loads() == {"a": 1, "b": 1, "c": 1}
    with pool.use("b", Net, 40):
        pass
    assert pool.loads() == {"a": 1, "b": 2, "c": 1}


def test_a_model_in_use_stays_even_over_the_budget() -> None:
    pool = ModelPool(budget=100)
    with pool.use("a", Net, 80) as held:
        watch = weakref.ref(held)
        with pool.use("b", Net, 80):
            assert pool.held() == 160
        pool.unload_idle(0)
        assert watch() is held
        assert pool.held() == 80
    del held
    pool.unload_idle(0)
    assert watch() is None
    assert pool.held() == 0


def test_a_model_larger_than_the_budget_is_loaded_all_the_same() -> None:
    pool = ModelPool(budget=10)
    with pool.use("huge", Net, 1000) as net:
        assert isinstance(net, Net)


def test_two_that_load_at_once_do_not_both_count_on_the_same_room() -> None:
    pool = ModelPool(budget=100)
    with pool.use("idle-1", Net, 40), pool.use("idle-2", Net, 40):
        pass
    both = threading.Barrier(2)
    seen: list[int] = []

    def meet() -> Net:
        both.wait(PATIENCE)
        seen.append(pool.held())
        both.wait(PATIENCE)
        return Net()

    def work(key: str) -> None:
        with pool.use(key, meet, 50):
            pass

    with ThreadPoolExecutor(2) as people:
        list(people.map(work, ["new-1", "new-2"]))
    assert seen == [100, 100]


def test_what_nobody_used_for_long_leaves_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("dubline.models.pool.time.monotonic", lambda: clock[0])
    pool = ModelPool()
    with pool.use("old", Net, 10):
        pass
    clock[0] += 599
    with pool.use("young", Net, 20):
        assert pool.held() == 30
    clock[0] += 2
    with pool.use("young", Net, 20):
        assert pool.held() == 20
    with pool.use("old", Net, 10):
        pass
    assert pool.loads() == {"old": 2, "young": 1}


def test_freeing_a_model_may_ask_the_pool() -> None:
    """A destructor that looks at the pool would hang if models were freed under its lock."""
    pool = ModelPool()

    class Curious(Net):
        def __del__(self) -> None:
            pool.loads()

    def work() -> None:
        with pool.use("curious", Curious):
            pass
        pool.unload_idle(0)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(PATIENCE)
    assert not worker.is_alive()


def test_in_a_crowd_nobody_ever_loses_the_model_they_hold() -> None:
    """Many threads, little room: while somebody holds a model, asking for it again gives the same one."""
    pool = ModelPool(budget=25)
    wrong: list[str] = []

    def work(seed: int) -> None:
        order = random.Random(seed)
        for _ in range(300):
            key = order.choice("abcdef")
            with pool.use(key, lambda key=key: Net(key), 10) as net:  # type: ignore[misc]
                pool.unload_idle(0)
                with pool.use(key, lambda: Net("another"), 10) as again:
                    if net.name != key or again is not net:
                        wrong.append(key)

    with ThreadPoolExecutor(8) as people:
        list(people.map(work, range(8)))
    assert not wrong
    assert max(pool.loads().values()) > 1, "the room was meant to be too small"
    pool.unload_idle(0)
    assert pool.held() == 0
