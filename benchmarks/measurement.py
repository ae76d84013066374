"""One run of the engine in this process: seconds by stage, memory, and what was solved."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse.csgraph  # noqa: F401  (comes with the first problem: imports are not counted)
from selection_arrays import arrays_of
from stage_clock import StageClock
from unreduced_model import relaxed_hours, solve_unreduced

import trajectory_engine as te
from trajectory_engine import planner, solve, validation, whatif
from trajectory_engine.cpsat import serial_plans
from trajectory_engine.cpsat.periods import PeriodTimetable
from trajectory_engine.cpsat.selection import Selection, SelectionModel
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.graph.closure import backward_closure
from trajectory_engine.io import load_scenario
from trajectory_engine.problem import compile as compiling
from trajectory_engine.problem import scenario_index
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.teacher_problem import TeacherProblem

CLOSED = frozenset({"read", "validate", "verify", "hash"})


@dataclass
class Watched:
    """What was seen of the search from outside."""

    facts: TeacherFacts | None = None
    problem: TeacherProblem | None = None
    selection: SelectionModel | None = None
    cuts_for_hours: int | None = None
    rounds_for_hours: int | None = None


WORKERS = 2


def in_a_process(script: str, *arguments: object) -> dict[str, Any]:
    """Run a script of the benchmarks, so that nothing is warm; return what it prints as JSON."""
    command = [sys.executable, script, *map(str, arguments)]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def measure(folder: str, time_limit: float, seed: int) -> dict[str, Any]:
    """Read and plan the scenario of a folder once; return stages, memory and figures."""
    clock, watched = StageClock(CLOSED), Watched()
    wrap_stages(clock)
    _watch(watched)
    began = time.perf_counter()
    with clock.stage("read"):
        scenario = load_scenario(folder)
    read = time.perf_counter()
    with clock.stage("other"):
        result = te.plan(scenario, time_limit=time_limit, workers=WORKERS, seed=seed)
    ended = time.perf_counter()
    stages = dict(clock.seconds)
    stages["plan"] = ended - read
    stages["total"] = ended - began
    return {"stages": stages, "memory_mb": peak_memory_mb(), "figures": _figures(result, watched)}


def peak_memory_mb() -> float:
    """Return the most memory that this process has had, in MiB."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return memory / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure_unreduced(folder: str, parameters: str, time_limit: float) -> dict[str, Any]:
    """Read the scenario of a folder and choose modules with the unreduced model."""
    arrays = arrays_of(load_scenario(folder))
    found = solve_unreduced(arrays, parameters, time_limit)
    return {
        "stages": {"unreduced": found.seconds},
        "memory_mb": peak_memory_mb(),
        "figures": {
            "value": found.hours,
            "bound": found.bound,
            "proven optimal": found.hours is not None,
            "first choice circular": found.first_was_circular,
            "selection rounds": found.rounds,
            "loop cuts": found.cuts,
        },
    }


def measure_difficulty(folder: str) -> dict[str, Any]:
    """Return why the scenario of a folder is not easy, as far as the whole matrix tells."""
    arrays = arrays_of(load_scenario(folder))
    missing = [n for n, known in enumerate(arrays.known.tolist()) if not known]
    highest = {int(arrays.element[n]): n for n in missing if not arrays.derived[n]}
    sets = {frozenset(arrays.providers[n]) for n in highest.values()}
    sizes = [len(s) for s in sets]
    return {
        "stages": {},
        "memory_mb": peak_memory_mb(),
        "figures": {
            "nodes of the matrix": len(arrays.known),
            "modules of the matrix": len(arrays.hours),
            "missing nodes": len(missing),
            "sets of providers of elements": len(sets),
            "mean size of such a set": round(sum(sizes) / max(1, len(sizes)), 2),
            "share of nested sets": round(nested_share(list(sets)), 4),
            "linear relaxation": round(relaxed_hours(arrays), 1),
        },
    }


def nested_share(sets: list[frozenset[int]]) -> float:
    """Return the share of sets that are a proper part of another one."""
    return len(_nested(sets)) / max(1, len(sets))


def _nested(sets: Iterable[frozenset[int]]) -> set[frozenset[int]]:
    """Return the sets, none of them twice or empty, that are a proper part of another one."""
    by_member: dict[int, list[frozenset[int]]] = {}
    for found in sets:
        for member in found:
            by_member.setdefault(member, []).append(found)
    return {
        found
        for found in sets
        if found and any(found < other for other in by_member[next(iter(found))])
    }


def wrap_stages(clock: StageClock) -> None:
    """Time the functions of the library that begin a stage."""
    clock.wrap(validation, "validate", "validate")
    clock.wrap(scenario_index, "diagnosis_of", "diagnose")
    clock.wrap(compiling, "find_candidates", "closure")
    clock.wrap(planner, "compile_problem", "build")
    for model in (SelectionModel, Timetable, PeriodTimetable):
        clock.wrap(model, "__init__", "build")
    clock.wrap(planner, "search", "solve")
    clock.wrap(serial_plans, "schedules", "solve")
    clock.wrap(whatif, "verify_teacher", "verify")
    clock.wrap(solve, "input_hash", "hash")


def _watch(watched: Watched) -> None:
    """Keep the problem and count the cuts of the first objective, which is the hours."""
    compile_problem = planner.compile_problem
    minimise = SelectionModel.minimise

    def compiled(facts: TeacherFacts, *, covers_all: bool) -> TeacherProblem:
        watched.facts = facts
        watched.problem = compile_problem(facts, covers_all=covers_all)
        return watched.problem

    def minimised(self: SelectionModel, name: ObjectiveName | None, *rest: Any) -> Selection:
        found = minimise(self, name, *rest)
        watched.selection = self
        if name is ObjectiveName.STUDY_HOURS and watched.cuts_for_hours is None:
            watched.cuts_for_hours, watched.rounds_for_hours = self.cuts, self.rounds
        return found

    planner.compile_problem = compiled
    SelectionModel.minimise = minimised  # type: ignore[method-assign]


def _figures(result: te.Result, watched: Watched) -> dict[str, Any]:
    facts, problem = watched.facts, watched.problem
    if facts is None or problem is None:
        raise RuntimeError("the search has not compiled a problem")
    first = result.teachers[0].objectives[0]
    index = facts.index
    matrix = index.scenario.model.subject_matrix
    return {
        "density of A": round(matrix.density, 3),
        "nodes": index.graph.node_count,
        "nodes per column": round(index.graph.node_count / len(matrix.columns), 2),
        "modules": len(index.scenario.modules),
        **_gap(facts),
        "candidate modules": len(problem.modules),
        "candidate classes": len(problem.classes),
        "share of the largest component": _share(largest_component(problem), problem),
        "least-hours choice circular before cuts": bool(watched.cuts_for_hours),
        "selection rounds": watched.rounds_for_hours or 0,
        "loop cuts": watched.cuts_for_hours or 0,
        "modules taken": len(result.teachers[0].steps),
        "status": str(result.status.value),
        "value": first.value,
        "bound": first.bound,
        "gap": _relative_gap(first.value, first.bound),
        "proven optimal": first.value is not None and first.value == first.bound,
        "reproducible": result.reproducible,
    }


def _share(modules: int, problem: TeacherProblem) -> float:
    return round(modules / len(problem.modules), 4) if problem.modules else 0.0


def _relative_gap(value: int | None, bound: int | None) -> float | None:
    if value is None or bound is None:
        return None
    return round((value - bound) / value, 4) if value else 0.0


def _gap(facts: TeacherFacts) -> dict[str, Any]:
    """Count the missing nodes behind the goals, and who teaches them."""
    graph, known = facts.index.graph, np.array(facts.knowledge.known)
    targets = np.array(sorted({n for w in facts.wanted for way in w.ways for n in way}))
    missing = np.flatnonzero(backward_closure(graph, targets, known)).tolist()
    derived = graph.derived
    teachers = {n: frozenset(facts.index.providers[n]) for n in missing if not derived[n]}
    nested = _nested(set(teachers.values()))
    return {
        "missing nodes behind the goals": len(missing),
        "needed on every way": _certain(facts),
        "of the missing, formed by the rule": len(missing) - len(teachers),
        "fewest modules for a missing node": min(map(len, teachers.values()), default=0),
        "missing nodes with nested providers": sum(s in nested for s in teachers.values()),
    }


def _certain(facts: TeacherFacts) -> int:
    """Count the missing nodes that the goals need whichever alternatives are chosen."""
    graph, known = facts.index.graph, facts.knowledge.known
    waiting = [n for w in facts.wanted if len(w.ways) == 1 for n in w.ways[0]]
    found: set[int] = set()
    while waiting:
        node = waiting.pop()
        if node in found or known[node]:
            continue
        found.add(node)
        for group in graph.groups_of[node].tolist():
            members = graph.members[group].tolist()
            unknown = [m for m in members if not known[m]]
            if graph.group_least[group] - (len(members) - len(unknown)) == len(unknown):
                waiting += unknown
    return len(found)


def largest_component(problem: TeacherProblem) -> int:
    """Return how many modules the largest part has that hangs together by classes."""
    parent = list(range(len(problem.modules) + len(problem.classes)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(first: int, others: Iterable[int]) -> None:
        for other in others:
            parent[root(len(problem.modules) + other)] = root(first)

    for i, module in enumerate(problem.modules):
        join(i, module.attains)
        join(i, (c for group in module.entry for c, _ in group.members))
    for i, node_class in enumerate(problem.classes):
        join(len(problem.modules) + i, node_class.rule_needs or ())
    sizes: dict[int, int] = {}
    for i in range(len(problem.modules)):
        sizes[root(i)] = sizes.get(root(i), 0) + 1
    return max(sizes.values(), default=0)
