"""Money, exclusions and resources as rows over taken modes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trajectory_engine.domain.catalogue import Mode, Module, ResourceKind, ResourceScope
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.problem.money import Source, YearAxis, fund_rows
from trajectory_engine.problem.teacher_problem import Literal, Row


class Taken(NamedTuple):
    """A mode that may be taken, with its domain objects and the starts it may have."""

    literal: Literal
    module: Module
    mode: Mode
    starts: tuple[int, ...] = ()


def build_rows(
    scenario: Scenario, offered: Sequence[Taken], sources: Sequence[Source], *, alone: bool
) -> list[Row]:
    """Return every row that can be violated; those of rules are made by themselves."""
    rows = [
        *fund_rows(offered, sources, YearAxis.of(scenario)),
        *exclusion_rows(offered),
        *resource_rows(scenario, offered, alone=alone),
    ]
    return [row for row in rows if not is_idle(row)]


def is_idle(row: Row) -> bool:
    """Return whether no choice, whatever its starts, can violate the row."""
    low: dict[Literal, int] = {}
    high: dict[Literal, int] = {}
    for literal, coefficient in row.terms:
        low[literal] = low.get(literal, 0) + coefficient
        high[literal] = high.get(literal, 0) + coefficient
    for window, coefficient in row.timed:
        low[window.literal] = low.get(window.literal, 0) + min(0, coefficient)
        high[window.literal] = high.get(window.literal, 0) + max(0, coefficient)
    lowest: dict[int, int] = {}
    highest: dict[int, int] = {}
    for (module, mode), coefficient in low.items():
        lowest[module] = min(lowest.get(module, 0), coefficient)
        highest[module] = max(highest.get(module, 0), high[module, mode])
    return (row.least is None or sum(lowest.values()) >= row.least) and (
        row.most is None or sum(highest.values()) <= row.most
    )


def exclusion_rows(offered: Sequence[Taken]) -> Iterator[Row]:
    """Yield one row per pair of offered modules that exclude each other."""
    if not any(t.module.excludes for t in offered):
        return
    modes: dict[str, list[Literal]] = {}
    modules: dict[str, Module] = {}
    for t in offered:
        modes.setdefault(t.module.id, []).append(t.literal)
        modules[t.module.id] = t.module
    pairs = {
        tuple(sorted((module.id, other)))
        for module in modules.values()
        for other in module.excludes
        if other in modules and other != module.id
    }
    for first, second in sorted(pairs):
        terms = tuple((literal, 1) for literal in modes[first] + modes[second])
        yield Row(f"excludes:{first}+{second}", terms, None, 1, covering=False)


def resource_rows(scenario: Scenario, offered: Sequence[Taken], *, alone: bool) -> Iterator[Row]:
    """Yield one row per non-renewable resource that limits a teacher."""
    for resource in scenario.resources:
        mine = alone or resource.scope is ResourceScope.TEACHER
        if resource.kind is ResourceKind.NON_RENEWABLE and mine:
            terms = tuple(
                (t.literal, use.amount)
                for t in offered
                for use in t.mode.resources
                if use.resource == resource.id and use.amount
            )
            yield Row(f"resource:{resource.id}", terms, None, resource.capacity, covering=False)
