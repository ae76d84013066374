"""Real degree plans: their structural metrics, and the fewest terms in which they can be studied.

Examples
--------
``python benchmarks/degree_plans.py --plans DIR --out degree_plans.csv``

The plans are CSV files of CurricularAnalytics; files with the columns Complexity, Blocking, Delay
and Centrality carry the published metrics.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from instances import has_importers, read_for_engine
from machine import describe
from ortools.sat.python import cp_model

import trajectory_engine as te
from trajectory_engine.graph.curricular_metrics import CurricularMetrics, curricular_metrics

OK, WRONG, INVALID, NO_PLANS = 0, 1, 2, 6
LEAST, MOST = 1200, 1800
"""Hundredths of credits of a term; the last term may have fewer."""
REQUIREMENTS = ("Prerequisites", "Corequisites", "Strict-Corequisites")
METRICS = ("blocking", "delay", "centrality", "complexity")
TENTH = Fraction(1, 20)
"""Published complexities are rounded to a tenth."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course, with hundredths of credits and the places of the courses that it needs."""

    id: str
    credits: int
    before: tuple[int, ...]
    no_later: tuple[int, ...]
    together: tuple[int, ...]
    published: dict[str, Fraction]


@dataclass(frozen=True, slots=True)
class DegreePlan:
    """The courses of a degree; ``system`` is ``semester`` or ``quarter``."""

    name: str
    system: str
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the results; ``terms_plain`` are those of a plain CP-SAT model.

    A plan that cannot be had within the credits has no terms: the status says whether that is
    proven.
    """

    plan: str
    system: str
    courses: int
    credits: str
    complexity: str
    metrics_equal: int | None
    status_engine: str | None
    terms_engine: int | None
    proven_engine: int | None
    verified_engine: int | None
    seconds_engine: float | None
    terms_plain: int | None
    seconds_plain: float


# ---- reading ------------------------------------------------------------------------------------


def read_plan(path: Path) -> DegreePlan:
    """Return the plan that stands in a file.

    Raises
    ------
    ValueError
        If the file is not of the format, with what is wrong.
    """
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    facts = {row[0]: row[1] for row in rows if len(row) > 1}
    heads = [i for i, row in enumerate(rows) if row and row[0] == "Course ID"]
    if not heads:
        raise ValueError(f"{path}: no heading 'Course ID'")
    lines = [dict(zip(rows[heads[0]], row, strict=False)) for row in rows[heads[0] + 1 :]]
    lines = [line for line in lines if line["Course ID"].strip()]
    place = {line["Course ID"]: i for i, line in enumerate(lines)}
    try:
        courses = tuple(_course(line, place) for line in lines)
    except (InvalidOperation, KeyError) as problem:
        raise ValueError(f"{path}: {problem!r} is not understood") from problem
    system = "quarter" if facts.get("System Type") == "quarter" else "semester"
    return DegreePlan(path.stem.removesuffix("_w_metrics"), system, courses)


def _course(line: dict[str, str], place: dict[str, int]) -> Course:
    before, no_later, together = (
        tuple(place[c.strip()] for c in line.get(kind, "").split(";") if c.strip())
        for kind in REQUIREMENTS
    )
    published = {m: Fraction(line[m.title()]) for m in METRICS if line.get(m.title())}
    credits = int(Decimal(line["Credit Hours"]) * 100)
    return Course(line["Course ID"], credits, before, no_later, together, published)


# ---- metrics ------------------------------------------------------------------------------------


def metrics_of(plan: DegreePlan) -> CurricularMetrics:
    """Return the metrics that the package computes; all three kinds of requirement count."""
    pairs = [
        (b, c)
        for c, course in enumerate(plan.courses)
        for b in (*course.before, *course.no_later, *course.together)
    ]
    return curricular_metrics(len(plan.courses), [b for b, _ in pairs], [c for _, c in pairs])


def differing(plan: DegreePlan, found: CurricularMetrics) -> list[str]:
    """Return a sentence for every published figure that is not the computed one."""
    complexity = found.complexity(plan.system)
    wrong = []
    for i, course in enumerate(plan.courses):
        values = {
            "blocking": Fraction(int(found.blocking[i])),
            "delay": Fraction(int(found.delay[i])),
            "centrality": Fraction(int(found.centrality[i])),
            "complexity": complexity[i],
        }
        for name, published in course.published.items():
            tolerance = TENTH if name == "complexity" else 0
            if abs(values[name] - published) > tolerance:
                sentence = f"{name} {float(values[name]):g}, published {float(published):g}"
                wrong.append(f"{plan.name} {course.id}: {sentence}")
    return wrong


# ---- fewest terms -------------------------------------------------------------------------------


def fewest_terms(plan: DegreePlan, limit: float) -> int | None:
    """Return the fewest terms by a plain CP-SAT model for one number of terms after the other."""
    began = time.perf_counter()
    total = sum(course.credits for course in plan.courses)
    for terms in range(max(1, -(-total // MOST)), len(plan.courses) + 1):
        left = limit - (time.perf_counter() - began)
        status = _fits(plan, terms, max(0.01, left))
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return terms
        if status != cp_model.INFEASIBLE:
            return None
    return None


def _fits(plan: DegreePlan, terms: int, limit: float) -> Any:
    model = cp_model.CpModel()
    term = [model.new_int_var(0, terms - 1, "") for _ in plan.courses]
    placed = [[model.new_bool_var("") for _ in range(terms)] for _ in plan.courses]
    for course, row, own in zip(plan.courses, placed, term, strict=True):
        model.add_exactly_one(row)
        model.add(own == sum(t * row[t] for t in range(terms)))
        for b in course.before:
            model.add(term[b] < own)
        for b in course.no_later:
            model.add(term[b] <= own)
        for b in course.together:
            model.add(term[b] == own)
    for t in range(terms):
        load = sum(c.credits * row[t] for c, row in zip(plan.courses, placed, strict=True))
        model.add_linear_constraint(load, 1 if t == terms - 1 else LEAST, MOST)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = limit
    return solver.solve(model)


def broken(plan: DegreePlan, terms: Sequence[int]) -> list[str]:
    """Return what a choice of terms breaks, recomputed from the file alone."""
    found = []
    loads: dict[int, int] = {}
    for course, own in zip(plan.courses, terms, strict=True):
        loads[own] = loads.get(own, 0) + course.credits
        found += [f"{course.id} is too early" for b in course.before if terms[b] >= own]
        found += [f"{course.id} is too early" for b in course.no_later if terms[b] > own]
        found += [f"{course.id} is apart" for b in course.together if terms[b] != own]
        if own < 0:
            found.append(f"{course.id} has no term")
    last = max(terms, default=0)
    for term in range(last + 1):
        load = loads.get(term, 0)
        if load > MOST or (load < LEAST and term < last):
            found.append(f"term {term + 1} has {load / 100:g} credits")
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine found: the status, the terms if there is a plan, whether the plan holds."""

    status: str
    terms: int | None = None
    proven: bool = False
    holds: bool | None = None


def engine_terms(plan: DegreePlan, path: Path, limit: float) -> Answer:
    """Return the fewest terms that the engine finds; what it proves impossible has none.

    Ties are left as they are: the plain model is not asked for the one plan that they leave.
    """
    scenario = read_for_engine(path)
    result = te.plan(scenario, time_limit=limit, workers=2, break_ties=False)
    if not result.status.has_plan:
        return Answer(result.status.value, proven=result.status is te.Status.INFEASIBLE)
    place = {course.id: i for i, course in enumerate(plan.courses)}
    terms = [-1] * len(plan.courses)
    for step in result.teachers[0].steps:
        terms[place[step.module]] = step.start
    objective = result.objectives[0]
    holds = not te.verify(scenario, result) and not broken(plan, terms)
    proven = objective.value == objective.bound
    return Answer(result.status.value, objective.value, proven, holds)


# ---- the benchmark ------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every plan of a folder; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plans", type=Path, required=True, metavar="DIR")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="S")
    parser.add_argument("--without-engine", action="store_true", help="metrics and plain model")
    parser.add_argument("--out", type=Path, metavar="FILE.csv")
    options = parser.parse_args(arguments)
    paths = plan_files(options.plans)
    if not paths:
        print(f"no degree plans (*.csv) in {options.plans}: get them first", file=sys.stderr)
        return NO_PLANS
    if not options.without_engine and not has_importers():
        print("this version has no importers of public formats: --without-engine", file=sys.stderr)
        return INVALID
    try:
        plans = [(path, read_plan(path)) for path in paths]
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return INVALID
    return _run(plans, options)


def plan_files(folder: Path) -> list[Path]:
    """Return one file a plan, the one with metrics where there are two."""
    found = {p.stem.removesuffix("_w_metrics"): p for p in sorted(folder.glob("*.csv"))}
    return [found[name] for name in sorted(found)] if folder.is_dir() else []


def _run(plans: Sequence[tuple[Path, DegreePlan]], options: argparse.Namespace) -> int:
    wrong: list[str] = []
    lines = []
    for path, plan in plans:
        line, complaints = _measure(path, plan, options)
        wrong += complaints
        lines.append(line)
        print(" ".join(f"{k}={v}" for k, v in asdict(line).items()), flush=True)
    for sentence in wrong:
        print(f"!!! {sentence}")
    if options.out:
        _write(options.out, lines)
    return WRONG if wrong else OK


def _measure(path: Path, plan: DegreePlan, options: argparse.Namespace) -> tuple[Line, list[str]]:
    metrics = metrics_of(plan)
    wrong = differing(plan, metrics)
    equal = not wrong
    has_metrics = any(course.published for course in plan.courses)
    began = time.perf_counter()
    plain = fewest_terms(read_plan(path), options.time_limit)
    seconds_plain = time.perf_counter() - began
    answer, seconds = None, None
    if not options.without_engine:
        began = time.perf_counter()
        answer = engine_terms(plan, path, options.time_limit)
        seconds = time.perf_counter() - began
        wrong += contradictions(plan.name, answer, plain)
    line = Line(
        plan.name,
        plan.system,
        len(plan.courses),
        f"{sum(c.credits for c in plan.courses) / 100:g}",
        f"{float(sum(metrics.complexity(plan.system))):.1f}",
        int(equal) if has_metrics else None,
        answer.status if answer else None,
        answer.terms if answer else None,
        int(answer.proven) if answer else None,
        None if answer is None or answer.holds is None else int(answer.holds),
        seconds,
        plain,
        seconds_plain,
    )
    return line, wrong


def contradictions(name: str, answer: Answer, plain: int | None) -> list[str]:
    """Return what the engine says wrongly, judged by the file and by the plain model."""
    wrong = []
    if answer.holds is False:
        wrong.append(f"{name}: the terms of the engine break the plan")
    if answer.proven and plain is not None and answer.terms != plain:
        found = "no plan" if answer.terms is None else f"{answer.terms} terms"
        wrong.append(f"{name}: {found} by the engine, {plain} terms by the plain model")
    return wrong


def _write(path: Path, lines: Sequence[Line]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([f.name for f in fields(Line)])
        for line in lines:
            writer.writerow(["" if v is None else v for v in asdict(line).values()])
    facts = {"machine": describe(), "least": LEAST, "most": MOST}
    path.with_suffix(".json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
