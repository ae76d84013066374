"""Limits that teachers share, and whether one could bind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trajectory_engine.domain.catalogue import Mode, Module, ResourceKind, ResourceScope
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.problem.money import YearAxis, sources_of, year_limits


def binding_limits(scenario: Scenario, teachers: Sequence[Teacher]) -> list[str]:
    """Return the shared limits that could bind several teachers planned one by one, by name.

    A limit is listed unless even the largest demand of all teachers together keeps it.
    """
    if len(teachers) < 2:
        return []
    return [
        *_runs(scenario, len(teachers)),
        *_budgets(scenario, teachers),
        *_resources(scenario, len(teachers)),
    ]


def _runs(scenario: Scenario, teachers: int) -> Iterator[str]:
    for run in scenario.runs:
        name = f"run {run.id} of module {run.module}"
        if run.seats is not None and run.seats < teachers:
            yield f"{name}: {run.seats} seats for {teachers} teachers"
        if run.minimum_group > 1:
            yield f"{name}: needs a group of at least {run.minimum_group}"


def _budgets(scenario: Scenario, teachers: Sequence[Teacher]) -> Iterator[str]:
    axis = YearAxis.of(scenario)
    for fund in scenario.funds:
        if fund.budget is not None:
            drawn = _most_drawn(scenario, teachers, fund, axis.everything)
            if drawn > fund.budget:
                yield f"fund {fund.id}: budget {fund.budget}, the teachers could draw {drawn}"
        for limit in year_limits(fund, axis):
            drawn = _most_drawn(scenario, teachers, fund, limit.years)
            if drawn > limit.amount:
                until = "up to fiscal year" if fund.carry_over else "fiscal year"
                yield (
                    f"fund {fund.id}: budget {limit.amount} for {until}"
                    f" {axis.names[max(limit.years)]}, the teachers could draw {drawn}"
                )


def _most_drawn(
    scenario: Scenario, teachers: Sequence[Teacher], fund: Fund, years: frozenset[int]
) -> int:
    """Return the most that teachers could draw from a fund in some fiscal years."""
    payable = [(m, _payable_in(scenario, m, years)) for m in scenario.modules]
    drawn = 0
    for teacher in teachers:
        for source in sources_of(scenario, teacher, alone=False):
            if source.fund.id == fund.id:
                most = sum(
                    max((source.most(module, mode) for mode in modes), default=0)
                    for module, modes in payable
                    if module.id not in teacher.completed
                )
                drawn += most if source.limit is None else min(most, source.limit)
    return drawn


def _payable_in(scenario: Scenario, module: Module, years: frozenset[int]) -> tuple[Mode, ...]:
    """Return the modes of a module that could start, and so be paid, in some fiscal years."""
    axis = YearAxis.of(scenario)
    if years == axis.everything:
        return module.modes
    return tuple(
        mode
        for mode in module.modes
        if any(axis.index_of(start) in years for start in _starts(scenario, module, mode))
    )


def _starts(scenario: Scenario, module: Module, mode: Mode) -> Sequence[int]:
    """Return the starts that runs and windows leave to a mode, the teacher left aside."""
    key = (module.id, mode.id)
    runs = [r.start for r in scenario.runs if (r.module, r.mode) == key]
    if runs:
        return runs
    windows = [w for w in scenario.windows if (w.module, w.mode) == key]
    first = max([0, *(w.earliest for w in windows)])
    last = min([scenario.calendar.horizon - mode.duration, *(w.latest for w in windows)])
    return range(first, last + 1)


def _resources(scenario: Scenario, teachers: int) -> Iterator[str]:
    for resource in scenario.resources:
        if resource.scope is not ResourceScope.SHARED:
            continue
        most = teachers * sum(
            max(sum(u.amount for u in k.resources if u.resource == resource.id) for k in m.modes)
            for m in scenario.modules
        )
        if most > resource.capacity:
            per = " per period" if resource.kind is ResourceKind.RENEWABLE else ""
            yield (
                f"resource {resource.id}: capacity {resource.capacity}{per},"
                f" the teachers could use {most}"
            )
