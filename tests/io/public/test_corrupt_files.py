"""Corrupt files of every format: a scenario that holds, or a report; never anything else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from corruption import corrupted
from small_files import SMALL_FILES

from trajectory_engine.errors import InputError
from trajectory_engine.io.public import read_public
from trajectory_engine.validation import find_faults

ROUNDS = 500
"""Corrupt files of each sample."""


def outcome(path: Path) -> str:
    """Return what reading a file comes to; anything but a scenario or a report is raised."""
    try:
        scenario = read_public(path)
    except InputError as error:
        assert error.problems
        assert all(p.found and p.expected and p.file for p in error.problems)
        return "refused"
    assert not find_faults(scenario)
    return "read"


def test_there_are_at_least_two_thousand() -> None:
    assert ROUNDS * len(SMALL_FILES) >= 2_000


@pytest.mark.parametrize("sample", SMALL_FILES)
def test_corrupt_files_are_refused_or_read(tmp_path: Path, sample: str) -> None:
    """Tests files with bytes, words and lines changed, lost, doubled or moved, or cut short."""
    name, text = SMALL_FILES[sample]
    numbers = random.Random(sample)
    path = tmp_path / name
    sound = text.encode()
    outcomes = []
    while len(outcomes) < ROUNDS:
        data = corrupted(sound, numbers)
        if data != sound:
            path.write_bytes(data)
            outcomes.append(outcome(path))
    assert outcomes.count("refused") > ROUNDS // 4
