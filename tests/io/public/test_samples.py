"""Published files, where they lie beside the repository: the counts, and what is read of each."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.io.public import FORMATS, read_public

SAMPLES = Path(__file__).parents[4] / "shared" / "benchmarks"


def files(folder: str, *patterns: str) -> list[Path]:
    """Return the files of a sample; skip the test where they are not at hand."""
    found = sorted(p for pattern in patterns for p in (SAMPLES / folder).rglob(pattern))
    if not found:
        pytest.skip(f"the public instances are not beside the repository: {SAMPLES / folder}")
    return found


def published(folder: str) -> set[str]:
    with (SAMPLES / folder / "best_known.csv").open(encoding="utf-8", newline="") as stream:
        return {row["instance"] for row in csv.DictReader(stream)}


def modes(scenario: Scenario) -> int:
    return sum(len(m.modes) for m in scenario.modules)


def test_projects_of_one_mode() -> None:
    """Tests as many jobs as the name of the set says, four resources, and the file's horizon."""
    found = files("rcpsp", "*.sm")
    assert {p.stem for p in found} <= published("rcpsp")
    for path in found:
        scenario = read_public(path)
        size = int(path.parent.name.removeprefix("j"))
        assert (len(scenario.modules), modes(scenario)) == (size, size)
        assert len(scenario.resources) == 4
        horizon = re.search(r"horizon\s*:\s*(\d+)", path.read_text(encoding="utf-8"))
        assert horizon is not None and scenario.calendar.horizon == int(horizon[1])


def test_projects_of_three_modes() -> None:
    """Tests as many jobs as the name of the set says, each with three modes."""
    for path in files("mrcpsp", "*.mm"):
        scenario = read_public(path)
        size = int(path.parent.name.removeprefix("mmlib").removeprefix("j"))
        assert (len(scenario.modules), modes(scenario)) == (size, 3 * size)
        assert [r.id for r in scenario.resources] == ["R1", "R2", "N1", "N2"]


def test_covers() -> None:
    """Tests rows and columns of every class as Beasley gives them."""
    sizes = {"4": (200, 1000), "5": (200, 2000), "6": (200, 1000)}
    sizes |= {"a": (300, 3000), "b": (300, 3000)}
    for path in files("setcover", "*.txt"):
        scenario = read_public(path)
        rows, columns = sizes[path.stem.removeprefix("scp")[0]]
        assert len(scenario.model.subject) == rows
        assert len(scenario.modules) == columns


def test_curricula() -> None:
    """Tests the courses of the three of CSPLib, and 50 courses in 10 terms in the others."""
    courses = {"bacp8": (46, 8), "bacp10": (42, 10), "bacp12": (66, 12)}
    for path in files("bacp", "*.dat", "*.mzn"):
        scenario = read_public(path)
        expected = courses.get(path.stem, (50, 10))
        assert (len(scenario.modules), scenario.calendar.horizon) == expected


def test_what_only_looks_like_an_instance_is_refused() -> None:
    """Tests the model that the data of the MiniZinc Challenge include."""
    (model,) = files("bacp", "curriculum.mzn.model")
    with pytest.raises(Exception, match="expected"):
        read_public(model)
    assert set(FORMATS) >= {"psplib", "set-cover", "bacp", "bacp-minizinc"}
