"""The exact Pareto front over two or three objectives.

Search zones (Özlen, Burton and MacRae 2014, "Multi-objective integer programming: an improved
recursive algorithm"): a zone is an upper limit on every objective but the first.  The best plan
of a zone in the lexicographic order of the objectives is on the front.  Every other point of the
front inside the zone is better in one of the limited objectives, so it lies in one of the zones
that end just below that plan.  A zone inside one that has been searched has the same answer
if that answer lies in it; then nothing is solved.  With two objectives this is the
epsilon-constraint method (Haimes, Lasdon and Wismer 1971).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trajectory_engine import arguments
from trajectory_engine.answers.ask import (
    TIME_LIMIT,
    ask,
    figures,
    require_limits,
    steps_of,
    with_objectives,
)
from trajectory_engine.arguments import texts, word
from trajectory_engine.domain.answers import Front, FrontPoint, Limit
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.plan import Status, TeacherPlan
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.domain.serial import input_hash
from trajectory_engine.problem.demands import Demands
from trajectory_engine.whatif import WhatIf

HELD = ("unmet_goals", "soft_rules")
"""Objectives that are not traded unless they are asked for: what a plan gives up."""
FEWEST, MOST = 2, 3
"""Objectives of a front."""

Zone = tuple[int | None, ...]
"""Largest value of every objective but the first, None for no limit."""


@dataclass(frozen=True, slots=True)
class _Searched:
    """A zone and what was found in it: the values of the best plan, None if there is no plan."""

    zone: Zone
    values: tuple[int, ...] | None
    proven: bool


def pareto(
    scenario: Scenario,
    teacher: str,
    over: Sequence[ObjectiveName | str],
    *,
    limits: Mapping[ObjectiveName, int] | None = None,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    cancel: threading.Event | None = None,
) -> Front:
    """Return every plan worth considering when two or three objectives are traded.

    ``unmet_goals`` stays at its best value unless it is traded itself.  The scenario's other
    objectives are free; in its order they settle which plan stands for a point.

    Parameters
    ----------
    scenario : Scenario
    teacher : str
        Id of the teacher, who is planned alone.
    over : sequence of ObjectiveName or str
        Two or three different objectives, of the scenario's list or not.
    limits : mapping, optional
        The most that an objective may be in every point.
    time_limit : float
        Wall seconds for all solves.
    seed : int
    cancel : threading.Event, optional
        When set, the points found so far are returned.

    Raises
    ------
    ValueError
        If ``over`` is not two or three different objectives, or a limit is no whole number.
    InputError, KeyError, PlanRejected
        As for :func:`trajectory_engine.plan`.
    """
    traded = tuple(word("over", name, ObjectiveName) for name in texts("over", over))
    most = arguments.limits("limits", limits, ObjectiveName)
    if len(set(traded)) != len(traded) or not FEWEST <= len(traded) <= MOST:
        raise ValueError("a front is over two or three different objectives")
    question = ask(scenario, teacher, time_limit, seed, cancel)
    asked = tuple(Limit(name, value) for name, value in most.items())
    return _FrontSearch(question, traded, asked).run()


class _FrontSearch:
    """The zones of one front, searched one after the other."""

    def __init__(
        self, question: WhatIf, over: tuple[ObjectiveName, ...], limits: tuple[Limit, ...]
    ) -> None:
        self._question = question
        self._over = over
        self._limits = limits
        listed = [spec.name for spec in question.scenario.objectives]
        self._held_names = [n for n in listed if n.value in HELD and n not in over]
        limited = [limit.objective for limit in limits]
        others = dict.fromkeys((*listed, *limited))
        self._rest = [n for n in others if n not in over and n not in self._held_names]
        # What is traded or limited counts in every figure: it says who pays first.
        self._scenario = with_objectives(question.scenario, (*self._held_names, *over, *self._rest))
        self._held: tuple[Limit, ...] = ()
        self._searched: list[_Searched] = []
        self._points: dict[tuple[int, ...], FrontPoint] = {}
        self._solves = 0

    def run(self) -> Front:
        """Search all zones."""
        everything: Zone = (None,) * (len(self._over) - 1)
        first = self._solve(everything)
        if not first.status.has_plan:
            if first.status is Status.INFEASIBLE and self._limits:
                # Without the limits there may be a plan: they belong to the reason.
                asked = ", ".join(f"{limit.objective} {limit.most}" for limit in self._limits)
                first = replace(first, reasons=(Message.of("limits_infeasible", limits=asked),))
            return self._front(first.status, complete=False, without_plan=first)
        values = figures(self._scenario, first)
        self._held = tuple(Limit(n, values[n]) for n in self._held_names)
        pending, complete = list(_below(everything, self._note(everything, first))), True
        while pending:
            zone = pending.pop()
            found = self._known(zone)
            if found is None:
                if self._question.effort.is_spent:
                    complete = False
                    break
                found = self._note(zone, self._solve(zone))
            complete = complete and found.proven
            pending += _below(zone, found)
        complete = complete and self._searched[0].proven
        proven = complete and all(p.proven for p in self._points.values())
        return self._front(Status.OPTIMAL if proven else Status.FEASIBLE, complete=complete)

    def _limits_of(self, zone: Zone) -> tuple[Limit, ...]:
        edges = zip(self._over[1:], zone, strict=True)
        inside = tuple(Limit(name, most) for name, most in edges if most is not None)
        return (*self._limits, *self._held, *inside)

    def _solve(self, zone: Zone) -> TeacherPlan:
        """Return the lexicographically best plan of a zone, started from a point inside it."""
        self._solves += 1
        first = not self._searched
        order = (*self._held_names, *self._over) if first else (*self._over, *self._held_names)
        ordered = with_objectives(self._scenario, (*order, *self._rest))
        limits = self._limits_of(zone)
        inside = [p for p in self._points.values() if _contains(zone, p.values)]
        start = steps_of(min(inside, key=lambda p: p.values).plan) if inside else None
        demands = Demands(tuple((limit.objective, limit.most) for limit in limits))
        bound = None if first else {self._over[0]: self._bound(zone)}
        plan = self._question.plan(ordered, start, demands=demands, bounds=bound)
        if plan.status.has_plan:
            require_limits(ordered, plan, limits)
        return plan

    def _bound(self, zone: Zone) -> int | None:
        """Return the best first objective of the zones around: a zone inside has none better."""
        around = [s for s in self._searched if s.proven and _is_inside(zone, s.zone)]
        return max((s.values[0] for s in around if s.values is not None), default=None)

    def _known(self, zone: Zone) -> _Searched | None:
        """Return what an earlier search says of a zone, None if it says nothing."""
        for searched in self._searched:
            around = searched.proven and _is_inside(zone, searched.zone)
            if around and (searched.values is None or _contains(zone, searched.values)):
                return searched
        return None

    def _note(self, zone: Zone, plan: TeacherPlan) -> _Searched:
        values = None
        proven = plan.status in (Status.OPTIMAL, Status.INFEASIBLE)
        if plan.status.has_plan:
            all_values = figures(self._scenario, plan)
            values = tuple(all_values[name] for name in self._over)
            self._add(FrontPoint(values, proven, plan))
        searched = _Searched(zone, values, proven)
        self._searched.append(searched)
        return searched

    def _add(self, point: FrontPoint) -> None:
        """Keep a point unless another dominates it; unproven ones may be dominated."""
        if any(_dominates(p.values, point.values) for p in self._points.values()):
            return
        known = self._points.get(point.values)
        if known is None or not known.proven:
            self._points[point.values] = point
        for values in [v for v in self._points if _dominates(point.values, v)]:
            del self._points[values]

    def _front(
        self, status: Status, *, complete: bool, without_plan: TeacherPlan | None = None
    ) -> Front:
        scenario = self._question.scenario
        return Front(
            scenario=scenario.id,
            input_hash=input_hash(scenario),
            teacher=self._question.teacher.id,
            over=self._over,
            held=self._held,
            limits=self._limits,
            status=status,
            points=tuple(sorted(self._points.values(), key=lambda p: p.values)),
            complete=complete,
            reproducible=not self._question.effort.is_spent,
            solves=self._solves,
            without_plan=without_plan,
        )


def _below(zone: Zone, found: _Searched) -> list[Zone]:
    """Return the zones in which every other point of the front inside a zone lies."""
    if found.values is None:
        return []
    return [
        (*zone[:i], found.values[i + 1] - 1, *zone[i + 1 :])
        for i in range(len(zone))
        if found.values[i + 1] > 0
    ]


def _contains(zone: Zone, values: Sequence[int]) -> bool:
    """Return whether a zone contains a point, given by all of its values."""
    return all(most is None or value <= most for most, value in zip(zone, values[1:], strict=True))


def _is_inside(inner: Zone, outer: Zone) -> bool:
    return all(
        most is None or (limit is not None and limit <= most)
        for limit, most in zip(inner, outer, strict=True)
    )


def _dominates(first: Sequence[int], second: Sequence[int]) -> bool:
    pairs = list(zip(first, second, strict=True))
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)
