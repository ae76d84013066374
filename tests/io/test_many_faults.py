"""A file full of faults is refused in few words, little memory, and with true counts."""

from __future__ import annotations

import tracemalloc

import pytest
from scenario_files import Folder

from trajectory_engine.errors import InputError
from trajectory_engine.io import load_scenario
from trajectory_engine.io.problems import MOST_OF_ONE_KIND
from trajectory_engine.validation.faults import MOST_NAMED

ROWS = 60_000


def refused(folder: Folder) -> InputError:
    with pytest.raises(InputError) as caught:
        load_scenario(folder.write())
    return caught.value


def with_rows(folder: Folder, row: str) -> Folder:
    table = folder.scenario["diagnosis.csv"]
    folder.scenario["diagnosis.csv"] = table + "".join(f"{row.format(i)}\n" for i in range(ROWS))
    return folder


def test_faults_of_one_kind_are_counted_once_there_are_many(folder: Folder) -> None:
    error = refused(with_rows(folder, "X{},Sub[num],2,,,,test,90"))
    assert len(error.problems) == MOST_OF_ONE_KIND
    assert error.omitted == {("diagnosis.csv", "unknown_id"): ROWS - MOST_OF_ONE_KIND}
    assert str(error).endswith(f"{ROWS} problems found")
    assert f"diagnosis.csv: {ROWS - 100} x unknown_id" in str(error)


def test_faults_of_the_content_are_counted_too(folder: Folder) -> None:
    """The rows are of a known teacher, but of an element that is not there."""
    error = refused(with_rows(folder, "T1,Sub[none],2,,,,test,90"))
    assert len(error.problems) == MOST_NAMED + 1
    assert f"and {ROWS - MOST_NAMED - 1} more like this" in error.problems[-1].found


def test_memory_does_not_grow_with_the_faults(folder: Folder) -> None:
    sound = with_rows(folder, "T1,Sub[num],2,,,,test,90")
    tracemalloc.start()
    load_scenario(sound.write())
    needed = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    sound.scenario["diagnosis.csv"] = sound.scenario["diagnosis.csv"].replace("T1,", "T9,")
    refused(sound)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * needed
