"""What is compiled: random numbers, where it is kept, and that it is made ready as a whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.heuristics import breeding, compiled, generation
from trajectory_engine.landmarks import walking


def test_random_numbers_are_those_of_the_published_generator() -> None:
    """The first numbers of SplitMix64 from the state 1234567, as its authors' code gives them."""
    state = compiled.random_state(0)
    state[0] = 1234567
    right = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert [compiled.draw(state) for _ in right] == [(z >> 11) / (1 << 53) for z in right]


def test_random_numbers_stay_below_their_bound_and_take_all_values() -> None:
    state = compiled.random_state(7)
    drawn = Counter(compiled.draw_below(state, 5) for _ in range(5000))
    assert sorted(drawn) == [0, 1, 2, 3, 4]
    assert min(drawn.values()) > 900


def test_seeds_do_not_lead_into_the_same_sequence() -> None:
    """No number that one of thirty seeds begins with comes up early with another one."""
    begun = set[float]()
    for seed in range(30):
        state = compiled.random_state(seed)
        drawn = {compiled.draw(state) for _ in range(300)}
        assert not begun & drawn
        begun |= drawn


def test_what_was_made_ready_is_what_searches_call() -> None:
    """In a process of its own: a search after it compiles nothing more."""
    program = """
import trajectory_engine as te
from trajectory_engine.heuristics import breeding, generation, population
from trajectory_engine.landmarks import walking
te.prepare()
entries = breeding.evolve, population.enter, generation.improve, walking.walk, walking.judge
assert [len(entry.signatures) for entry in entries] == [1] * 5
from cpsat.projects import as_problem, random_project
from trajectory_engine.heuristics.genetic import GeneticSearch
from trajectory_engine.heuristics.project import project_of
from trajectory_engine.landmarks.annealing import Annealing
problem = as_problem(random_project(3), hours=True)
everything = range(len(problem.modules))
search = GeneticSearch(project_of(problem, everything), 0)
assert list(search.run(1000, 0))
best = search.best(1)[0]
search.add(best.picks, best.starts)
search.improved(best.picks, best.starts)
Annealing(problem, 0).run(everything, 1000, lambda: False)
assert [len(entry.signatures) for entry in entries] == [1] * 5
"""
    tests = Path(__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tests, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_it_works_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(function: object, **options: object) -> object:
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function: no locator available")
        return original(function, **options)

    original = compiled.numba.njit
    monkeypatch.setattr(compiled.numba, "njit", refuse)

    @compiled.compiled
    def doubled(value: int) -> int:
        return 2 * value

    assert doubled(21) == 42


def test_what_is_kept_is_made_again_if_a_file_that_it_calls_has_changed(tmp_path: Path) -> None:
    package = tmp_path / "trajectory_engine"
    shutil.copytree(Path(te.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    outer, called = package / "heuristics" / "outer.py", package / "heuristics" / "called.py"
    source = "from trajectory_engine.heuristics.compiled import compiled, inner\n"
    called.write_text(f"{source}@inner\ndef answer():\n    return 1\n")
    outer.write_text(
        f"{source}from trajectory_engine.heuristics.called import answer\n"
        "@compiled\ndef asked():\n    return answer()\n"
    )
    program = (
        "from trajectory_engine.heuristics.outer import asked\n"
        "print(asked(), sum(asked.stats.cache_hits.values()))"
    )

    def run() -> str:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    assert run() == "1 0"
    assert run() == "1 1"
    called.write_text(called.read_text().replace("return 1", "return 22"))
    assert run() == "22 0"


def test_making_ready_twice_does_no_harm() -> None:
    te.prepare()
    te.prepare()
    assert breeding.evolve and generation.improve and walking.walk
