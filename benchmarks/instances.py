"""Instance files, read for the comparison.

The peers and the judge get what this small reader finds; the engine gets what the importers of the
package find in the same file. The two share no code, so a file that the importers misread shows as
a rejected plan or as a value that contradicts the others.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from peers.problems import CoverProblem, CurriculumProblem, Job, Mode, Problem, ProjectProblem

import trajectory_engine as te

SUFFIXES = {
    "rcpsp": (".sm",),
    "mrcpsp": (".mm",),
    "setcover": (".txt",),
    "bacp": (".dat", ".mzn"),
}
IMPORTERS = "trajectory_engine.io.public"


def find_instances(folder: Path, problem_set: str) -> list[Path]:
    """Return the instance files of a set in a folder and its folders, in their natural order."""
    found = [p for p in folder.rglob("*") if p.suffix in SUFFIXES[problem_set] and p.is_file()]
    return sorted(found, key=lambda p: (str(p.parent), _natural(p.stem)))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]


def read_for_peers(problem_set: str, path: Path) -> Problem:
    """Return the problem that stands in a file.

    Raises
    ------
    ValueError
        If the file is not what it should be.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        if problem_set == "setcover":
            return _cover(text)
        if problem_set == "bacp":
            return (_dat if path.suffix == ".dat" else _mzn)(text)
        return _project(text)
    except (IndexError, RuntimeError, StopIteration, TypeError) as problem:
        raise ValueError(f"{path}: the file is cut off or of another format") from problem


# ---- formats ------------------------------------------------------------------------------------


def _project(text: str) -> ProjectProblem:
    lines = text.splitlines()
    count = _header(lines, "jobs")
    renewable = _header(lines, "- renewable")
    first = _after(lines, "PRECEDENCE RELATIONS")
    order = [[int(x) for x in lines[first + i].split()] for i in range(count)]
    rows = iter(lines[_after(lines, "REQUESTS/DURATIONS") :])
    jobs = tuple(
        Job(tuple(_modes(rows, line[1], renewable)), tuple(j - 1 for j in line[3 : 3 + line[2]]))
        for line in order
    )
    last = _after(lines, "RESOURCE ?AVAILABILITIES")
    limits = tuple(int(x) for x in lines[last].split())
    return ProjectProblem(jobs, limits[:renewable], limits[renewable:])


def _header(lines: list[str], name: str) -> int:
    line = next(x for x in lines if x.strip().startswith(name))
    return int(line.split(":", 1)[1].split()[0])


def _after(lines: list[str], title: str) -> int:
    """Return the first line of a section behind its line of headings; rules are left out."""
    at = next(i for i, line in enumerate(lines) if re.match(title, line.strip()))
    full = (i for i in range(at + 1, len(lines)) if lines[i].strip("-* \t"))
    next(full)
    return next(full)


def _modes(rows: Iterator[str], count: int, renewable: int) -> Iterator[Mode]:
    for k in range(count):
        values = [int(x) for x in next(rows).split()][1 if k == 0 else 0 :]
        yield Mode(values[1], tuple(values[2 : 2 + renewable]), tuple(values[2 + renewable :]))


def _cover(text: str) -> CoverProblem:
    numbers = map(int, text.split())
    rows, columns = next(numbers), next(numbers)
    costs = tuple([next(numbers) for _ in range(columns)])
    covering = []
    for _ in range(rows):
        count = next(numbers)
        covering.append(tuple([next(numbers) - 1 for _ in range(count)]))
    return CoverProblem(costs, tuple(covering))


def _part(pattern: str, text: str) -> str:
    """Return the first group of the first match.

    Raises
    ------
    IndexError
        If there is none, as where a file ends too soon.
    """
    match = re.search(pattern, text, re.DOTALL)
    if match is None:
        raise IndexError(pattern)
    return match[1]


def _dat(text: str) -> CurriculumProblem:
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)

    def number(name: str) -> int:
        return int(_part(rf"\b{name}\s*=\s*(\d+)", text))

    names = _dat_courses(text)
    loads = _part(r"credit\s*=\s*\[(.*?)\]", text)
    prereq = _part(r"prereq\s*=\s*\{(.*?)\}", text)
    pairs = re.findall(r"<\s*(\w+)\s*,\s*(\w+)\s*>", prereq)
    place = {name: i for i, name in enumerate(names)}
    return CurriculumProblem(
        number("p"),
        tuple(int(x) for x in re.findall(r"\d+", loads)),
        tuple(dict.fromkeys((place[y], place[x]) for x, y in pairs)),
        number("a"),
        number("b"),
        number("c"),
        number("d"),
    )


def _dat_courses(text: str) -> list[str]:
    inside = _part(r"courses\s*=\s*\{(.*?)\}", text)
    return re.findall(r"\w+", inside)


def _mzn(text: str) -> CurriculumProblem:
    text = re.sub(r"%[^\n]*", " ", text)

    def number(name: str) -> int:
        return int(_part(rf"\b{name}\s*=\s*(\d+)", text))

    loads = _part(r"course_load\s*=\s*\[(.*?)\]", text)
    pairs = re.findall(r"prerequisite\(\s*(\d+)\s*,\s*(\d+)\s*\)", text)
    return CurriculumProblem(
        number("n_periods"),
        tuple(int(x) for x in re.findall(r"\d+", loads)),
        tuple(dict.fromkeys((int(b) - 1, int(a) - 1) for a, b in pairs)),
        number("load_per_period_lb"),
        number("load_per_period_ub"),
        number("courses_per_period_lb"),
        number("courses_per_period_ub"),
    )


# ---- the engine ---------------------------------------------------------------------------------


def has_importers() -> bool:
    """Return whether the package reads public formats; imports them, before any clock runs."""
    if importlib.util.find_spec(IMPORTERS) is None:
        return False
    importlib.import_module(IMPORTERS)
    return True


def read_for_engine(path: Path) -> te.Scenario:
    """Return the scenario that the importers of the package make of a file."""
    scenario: te.Scenario = importlib.import_module(IMPORTERS).read_public(path)
    return scenario


def solution_of(path: Path, problem: Problem, result: te.Result) -> Any:
    """Return a plan of the engine as a solution of the instance, for the judge.

    Modules and modes are known by their numbers in the file, or by the names of the courses.
    """
    steps = result.teachers[0].steps
    if isinstance(problem, CoverProblem):
        return tuple(_number(step.module) - 1 for step in steps)
    if isinstance(problem, CurriculumProblem):
        names = _names(path)
        starts = {names.get(s.module, _number(s.module) - 1): s.start for s in steps}
        return tuple(starts.get(course, -1) for course in range(len(problem.loads)))
    return _schedule(problem, steps)


def _schedule(problem: ProjectProblem, steps: Any) -> tuple[tuple[int, int], ...]:
    """Return mode and start of every job; the first and the last, which do nothing, may lack."""
    found = {_number(s.module) - 1: (_number(s.mode) - 1, s.start) for s in steps}
    end = max((s.end for s in steps), default=0)
    found.setdefault(0, (0, 0))
    found.setdefault(len(problem.jobs) - 1, (0, end))
    return tuple(found.get(j, (0, -1)) for j in range(len(problem.jobs)))


def _number(name: str) -> int:
    numbers = re.findall(r"\d+", name)
    return int(numbers[-1]) if numbers else 1


def _names(path: Path) -> dict[str, int]:
    if path.suffix != ".dat":
        return {}
    text = path.read_text(encoding="utf-8", errors="replace")
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)
    return {name: i for i, name in enumerate(_dat_courses(text))}
