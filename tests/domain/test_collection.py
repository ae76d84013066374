"""The collector of cyclic garbage is left as it was found."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from trajectory_engine.domain.memory import MANY, collection_paused


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_collector_pauses_and_goes_on() -> None:
    with collection_paused():
        assert not gc.isenabled()
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with collection_paused():
        pass
    assert not gc.isenabled()


def test_collector_goes_on_after_a_failure() -> None:
    with pytest.raises(ValueError, match="read"), collection_paused():
        raise ValueError("read")
    assert gc.isenabled()


def test_threads_that_overlap_share_the_pause() -> None:
    """The first to begin ends first; the second still has the collector paused."""
    begun, ended = threading.Event(), threading.Event()

    def first() -> None:
        with collection_paused():
            begun.set()
            ended.wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(10)
    with collection_paused():
        ended.set()
        thread.join(10)
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_made_is_not_gone_through_when_the_collector_goes_on() -> None:
    """Objects made in the pause are old: collecting the young ones does not visit them."""
    with collection_paused():
        made: list[list[object]] = [[] for _ in range(2 * MANY)]
    young = {id(found) for generation in (0, 1) for found in gc.get_objects(generation)}
    assert not young.intersection(map(id, made))


def test_a_few_objects_are_gone_through_as_ever() -> None:
    """Garbage that a short pause leaves behind does not wait for the oldest objects' turn."""
    gc.collect()
    with collection_paused():
        made: list[list[object]] = [[] for _ in range(100)]
    young = {id(found) for generation in (0, 1) for found in gc.get_objects(generation)}
    assert young.issuperset(map(id, made))


def test_what_a_caller_has_frozen_stays_frozen() -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with collection_paused():
            pass
        assert gc.get_freeze_count() == frozen
    finally:
        gc.unfreeze()
