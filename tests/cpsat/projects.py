"""Multi-mode projects as teachers' problems: activities are modules, all of which are taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from pathlib import Path
from random import Random

from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec
from trajectory_engine.problem.teacher_problem import (
    Clause,
    Group,
    ModeOption,
    ModuleOption,
    NodeClass,
    Row,
    TeacherProblem,
)

ActivityMode = tuple[int, tuple[int, ...], tuple[int, ...]]
"""Duration, renewable demands, non-renewable demands."""


@dataclass(frozen=True)
class Project:
    """A multi-mode project without its dummy activities.

    Attributes
    ----------
    predecessors : tuple of tuple of int
        By activity; smaller indices only.
    modes : tuple of tuple of ActivityMode
    renewable, non_renewable : tuple of int
        Capacities.
    """

    predecessors: tuple[tuple[int, ...], ...]
    modes: tuple[tuple[ActivityMode, ...], ...]
    renewable: tuple[int, ...]
    non_renewable: tuple[int, ...]

    @property
    def horizon(self) -> int:
        """Length of the schedule that does one activity after the other."""
        return sum(max(duration for duration, _, _ in modes) for modes in self.modes)


def read_project(path: Path) -> Project:
    """Return the project of a file in PSPLIB's multi-mode format."""
    text = path.read_text(encoding="ascii")

    def numbers(begin: str, end: str) -> list[list[int]]:
        body = text.split(begin, 1)[1].split(end, 1)[0]
        rows = [re.findall(r"\d+", line) for line in body.splitlines()]
        return [[int(v) for v in row] for row in rows if row]

    count = int(re.findall(r"renewable\s*:\s*(\d+)", text)[0])
    relations = numbers("PRECEDENCE RELATIONS:", "REQUESTS/DURATIONS:")
    last = len(relations)
    before: dict[int, list[int]] = {job: [] for job in range(1, last + 1)}
    for job, _, _, *successors in relations:
        for successor in successors:
            before[successor].append(job)
    modes: dict[int, list[ActivityMode]] = {}
    job = 0
    requests = text.split("REQUESTS/DURATIONS:", 1)[1].split("RESOURCEAVAILABILITIES", 1)[0]
    for line in requests.splitlines()[1:]:
        row = [int(v) for v in re.findall(r"\d+", line)]
        if not row:
            continue
        if row[0] in before and not line.startswith("    "):
            job, row = row[0], row[1:]
        _, duration, *demands = row
        modes.setdefault(job, []).append((duration, tuple(demands[:count]), tuple(demands[count:])))
    capacities = numbers("RESOURCEAVAILABILITIES:", "@@@")[-1]
    return Project(
        tuple(tuple(p - 2 for p in before[job] if p > 1) for job in range(2, last)),
        tuple(tuple(modes[job]) for job in range(2, last)),
        tuple(capacities[:count]),
        tuple(capacities[count:]),
    )


def random_project(seed: int, activities: int = 5) -> Project:
    """Return a small project whose resources are scarce."""
    rng = Random(seed)
    predecessors = tuple(
        tuple(p for p in range(max(0, j - 3), j) if rng.random() < 0.35) for j in range(activities)
    )
    modes = []
    for _ in range(activities):
        short = rng.randint(1, 3)
        modes.append(
            (
                (short, (rng.randint(3, 5), rng.randint(0, 3)), (rng.randint(2, 5),)),
                (short + rng.randint(1, 3), (rng.randint(1, 3), rng.randint(0, 3)), (1,)),
            )
        )
    return Project(predecessors, tuple(modes), (6, 4), (2 * activities + 2,))


def as_problem(project: Project, *, hours: bool) -> TeacherProblem:
    """Return the project as a teacher's problem that minimises completion.

    Parameters
    ----------
    hours : bool
        Whether the first renewable resource is the teacher's study hours.
    """
    first = 1 if hours else 0
    modules = []
    for j, (before, modes) in enumerate(zip(project.predecessors, project.modes, strict=True)):
        options = []
        for k, (duration, renewable, _) in enumerate(modes):
            load = (renewable[0] if hours else 0,) * duration
            used = tuple((r, v) for r, v in enumerate(renewable) if v and r >= first)
            starts = tuple(range(project.horizon - duration + 1))
            options.append(ModeOption(f"m{k}", k, starts, duration, load, sum(load), 0, used))
        entry = tuple(Group(1, ((p, 1),)) for p in before)
        modules.append(ModuleOption(f"a{j:02}", tuple(options), (j,), entry))
    rows = tuple(
        Row(
            f"resource:{r}",
            tuple(
                ((j, k), mode[2][r])
                for j, modes in enumerate(project.modes)
                for k, mode in enumerate(modes)
                if mode[2][r]
            ),
            None,
            capacity,
            covering=False,
        )
        for r, capacity in enumerate(project.non_renewable)
    )
    count = len(modules)
    return TeacherProblem(
        teacher="project",
        modules=tuple(modules),
        classes=tuple(NodeClass((j,), (j,)) for j in range(count)),
        hard_goals=(),
        soft_goals=(),
        rows=rows,
        clauses=tuple(Clause(f"decision:a{j:02}", (j,)) for j in range(count)),
        orderings=(),
        deadline=project.horizon,
        capacity=(project.renewable[0] if hours else 0,) * project.horizon,
        blocked=frozenset(),
        objectives=(ObjectiveSpec(ObjectiveName.COMPLETION),),
        renewable_capacity={r: c for r, c in enumerate(project.renewable) if r >= first},
    )


def shortest_makespan(project: Project) -> int | None:
    """Return the optimum: serial schedules of all orders and modes contain a best one."""
    best: int | None = None
    count = len(project.modes)
    orders = [
        order
        for order in permutations(range(count))
        if all(order.index(p) < order.index(j) for j in order for p in project.predecessors[j])
    ]
    for choice in product(*(range(len(modes)) for modes in project.modes)):
        chosen = [project.modes[j][k] for j, k in enumerate(choice)]
        used = [sum(m[2][r] for m in chosen) for r in range(len(project.non_renewable))]
        fits = all(u <= c for u, c in zip(used, project.non_renewable, strict=True))
        if not fits or not _alone_possible(project, chosen):
            continue
        for makespan in _makespans(project, chosen, orders):
            best = makespan if best is None else min(best, makespan)
    return best


def _alone_possible(project: Project, chosen: Sequence[ActivityMode]) -> bool:
    return all(
        v <= c for _, demand, _ in chosen for v, c in zip(demand, project.renewable, strict=True)
    )


def _makespans(
    project: Project, chosen: Sequence[ActivityMode], orders: Sequence[tuple[int, ...]]
) -> Iterator[int]:
    for order in orders:
        free = [list(project.renewable) for _ in range(project.horizon)]
        ends: dict[int, int] = {}
        for j in order:
            duration, demand, _ = chosen[j]
            start = max((ends[p] for p in project.predecessors[j]), default=0)
            while any(
                v > c
                for period in free[start : start + duration]
                for v, c in zip(demand, period, strict=True)
            ):
                start += 1
            for period in free[start : start + duration]:
                for r, v in enumerate(demand):
                    period[r] -= v
            ends[j] = start + duration
        yield max(ends.values())
