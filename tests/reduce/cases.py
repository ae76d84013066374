"""Small problems by hand: modules that teach classes, one mode each unless said otherwise."""

from __future__ import annotations

from dataclasses import replace

from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec
from trajectory_engine.problem.teacher_problem import (
    Group,
    HardGoal,
    ModeOption,
    ModuleOption,
    NodeClass,
    TeacherProblem,
)
from trajectory_engine.reduce import STEPS, reduce_problem

PERIODS = 6


def mode(
    name: str = "day",
    rank: int = 0,
    *,
    hours: int = 4,
    duration: int = 1,
    price: int = 0,
    starts: tuple[int, ...] | None = None,
    renewable: tuple[tuple[int, int], ...] = (),
) -> ModeOption:
    """Return a mode with its hours spread evenly."""
    free = tuple(range(PERIODS - duration + 1)) if starts is None else starts
    load = tuple(hours // duration for _ in range(duration))
    return ModeOption(name, rank, free, duration, load, hours, price, renewable)


def module(
    name: str,
    *attains: int,
    modes: tuple[ModeOption, ...] = (),
    needs: tuple[int, ...] = (),
    groups: tuple[Group, ...] = (),
    after: tuple[tuple[int, ...], ...] = (),
) -> ModuleOption:
    """Return a module that cannot start without the classes in ``needs``."""
    entry = (*groups, *(Group(1, ((c, 1),)) for c in needs))
    return ModuleOption(name, modes or (mode(),), attains, entry, after)


def problem(
    *modules: ModuleOption,
    goals: tuple[int, ...] = (),
    rules: dict[int, tuple[int, ...]] | None = None,
    objectives: tuple[ObjectiveName, ...] = (
        ObjectiveName.COMPLETION,
        ObjectiveName.STUDY_HOURS,
        ObjectiveName.COST,
    ),
    capacity: int = 20,
    **changes: object,
) -> TeacherProblem:
    """Return a problem whose hard goals are single classes; ``rules`` says what f forms."""
    named = [c for m in modules for c in m.attains]
    named += [c for m in modules for g in m.entry for c, _ in g.members]
    named += [*goals, *(rules or {})]
    count = max(named, default=-1) + 1
    classes = tuple(
        NodeClass(
            (c,),
            tuple(i for i, m in enumerate(modules) if c in m.attains),
            (rules or {}).get(c),
        )
        for c in range(count)
    )
    found = TeacherProblem(
        teacher="T",
        modules=modules,
        classes=classes,
        hard_goals=tuple(HardGoal(f"goal:{c}", ((c,),)) for c in goals),
        soft_goals=(),
        rows=(),
        clauses=(),
        orderings=(),
        deadline=PERIODS,
        capacity=(capacity,) * PERIODS,
        blocked=frozenset(),
        objectives=tuple(ObjectiveSpec(name) for name in objectives),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def after(step: str, before: TeacherProblem) -> TeacherProblem:
    """Return what one step, by name, makes of a problem."""
    chosen = tuple(s for s in STEPS if s.name == step)
    assert len(chosen) == 1
    return reduce_problem(before, steps=chosen).problem


def ids(found: TeacherProblem) -> list[str]:
    """Return the ids of the modules left."""
    return [m.id for m in found.modules]


def mode_ids(found: TeacherProblem) -> dict[str, list[str]]:
    """Return the modes left, by module."""
    return {m.id: [k.id for k in m.modes] for m in found.modules}
