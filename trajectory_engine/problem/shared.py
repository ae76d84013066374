"""Limits that teachers share, and whether one could bind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trajectory_engine.domain.catalogue import ResourceKind, ResourceScope
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.problem.money import sources_of


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
    for fund in scenario.funds:
        if fund.budget is None:
            continue
        drawn = 0
        for teacher in teachers:
            for source in sources_of(scenario, teacher, alone=False):
                if source.fund.id == fund.id:
                    most = sum(max(source.most(m, k) for k in m.modes) for m in scenario.modules)
                    drawn += most if source.limit is None else min(most, source.limit)
        if drawn > fund.budget:
            yield f"fund {fund.id}: budget {fund.budget}, the teachers could draw {drawn}"


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
