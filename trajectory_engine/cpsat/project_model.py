"""A project with a deadline as a question to the solver: starts, ways, and nothing else.

Of the whole problem the interval encoding carries what is formed when; where all modules are taken
that says no more than precedence does, and the variables for it stand between the solver and the
starts.  Here an activity is a start and, in several ways, an interval of variable size and demand.

Activities that no period can hold together, whichever field it is that forbids it, can be stated as
disjunctive in addition: a cumulative constraint sees its own field only, a disjunctive one over
several of them proves some deadlines at once (Brucker et al., 1998), and slows others down.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate

import numpy as np
from ortools.sat.python import cp_model

from trajectory_engine.cpsat.interval_calendar import load_blocks
from trajectory_engine.heuristics.project import Project, Way
from trajectory_engine.problem.teacher_problem import Choice

CLIQUE_STEPS = 500_000
"""Activities looked at while sets of activities are made that exclude each other."""


class ProjectModel:
    """The question whether a project can end by a deadline.

    Parameters
    ----------
    project : Project
    deadline : int
        At most that of the project's calendar.
    disjunctive : bool
        Whether activities that cannot run together are stated as such.
    amounts : bool
        Whether what an activity takes of a budget is a variable of its own, of which every way
        says the value, as of its demands; else the budget is a sum over the literals of ways.

    Attributes
    ----------
    model : CpModel
    is_refuted : bool
        Whether chains of activities alone do not fit; the model is then of no use.
    """

    def __init__(
        self, project: Project, deadline: int, *, disjunctive: bool, amounts: bool = False
    ) -> None:
        self.project = project
        self._amounts = amounts
        self.model = cp_model.CpModel()
        self._deadline = deadline
        self._ways = _open_ways(project, deadline)
        self.is_refuted = not all(self._ways)
        if self.is_refuted:
            return
        self._start: list[cp_model.IntVar] = []
        self._end: list[cp_model.LinearExprT] = []
        self._pick: list[list[cp_model.IntVar]] = []
        self._whole: list[cp_model.IntervalVar] = []
        for ways in self._ways:
            self._add_activity(ways)
        for activity, before in enumerate(project.before):
            for earlier in before:
                self.model.add(self._start[activity] >= self._end[earlier])
        for field in range(len(project.fields)):
            self._add_field(field)
        self._add_budgets()
        if disjunctive:
            for clique in disjoint_sets(project, self._ways):
                self.model.add_no_overlap([self._whole[a] for a in clique])

    def minimise(self, low: int) -> None:
        """Minimise the completion, which is at least ``low``."""
        last = self.model.new_int_var(min(low, self._deadline), self._deadline, "")
        for end, later in zip(self._end, self.project.after, strict=True):
            if not later:
                self.model.add(last >= end)
        self.model.minimize(last)

    def read(self, solution: Sequence[int]) -> tuple[Choice, ...]:
        """Return the schedule of a solution, ordered by start and module."""
        picks = []
        for ways, literals in zip(self._ways, self._pick, strict=True):
            taken = next((i for i, x in enumerate(literals) if solution[x.index]), 0)
            picks.append(ways[taken][0])
        return self.project.choices(picks, [solution[s.index] for s in self._start])

    # ---- activities ------------------------------------------------------------------------------

    def _add_activity(self, ways: Sequence[tuple[int, Way, tuple[int, ...]]]) -> None:
        union = cp_model.Domain.from_values(sorted({s for _, _, starts in ways for s in starts}))
        start = self.model.new_int_var_from_domain(union, "")
        self._start.append(start)
        if len(ways) == 1:
            duration = ways[0][1].duration
            self._pick.append([])
            self._end.append(start + duration)
            self._whole.append(self.model.new_fixed_size_interval_var(start, duration, ""))
            return
        literals = [self.model.new_bool_var("") for _ in ways]
        self.model.add_exactly_one(literals)
        durations = [way.duration for _, way, _ in ways]
        size = self.model.new_int_var_from_domain(cp_model.Domain.from_values(durations), "")
        self.model.add(size == cp_model.LinearExpr.weighted_sum(literals, durations))
        last = max(starts[-1] + way.duration for _, way, starts in ways)
        end = self.model.new_int_var(ways[0][2][0], last, "")
        self._pick.append(literals)
        self._end.append(end)
        self._whole.append(self.model.new_interval_var(start, size, end, ""))
        for literal, (_, way, starts) in zip(literals, ways, strict=True):
            domain = cp_model.Domain.from_values(starts)
            inside = union.intersection_with(cp_model.Domain(union.min(), last - way.duration))
            if domain.flattened_intervals() != inside.flattened_intervals():
                self.model.add_linear_expression_in_domain(start, domain).only_enforce_if(literal)

    # ---- periods ---------------------------------------------------------------------------------

    def _add_field(self, field: int) -> None:
        """Keep what periods offer of one field."""
        offers = self.project.offers(field)[: self._deadline]
        most = max(offers, default=0)
        intervals: list[cp_model.IntervalVar] = []
        demands: list[cp_model.LinearExprT] = []
        for activity, ways in enumerate(self._ways):
            loads = [self.project.load(way, field) for _, way, _ in ways]
            if not any(map(any, loads)):
                continue
            literals = self._pick[activity]
            if all(len(set(load)) <= 1 for load in loads):
                amounts = [max(load, default=0) for load in loads]
                intervals.append(self._whole[activity])
                demands.append(self._by_way(literals, amounts) if literals else amounts[0])
                continue
            for i, load in enumerate(loads):
                for offset, length, amount in load_blocks(load):
                    begin = self._start[activity] + offset
                    intervals.append(
                        self.model.new_optional_fixed_size_interval_var(
                            begin, length, literals[i], ""
                        )
                        if literals
                        else self.model.new_fixed_size_interval_var(begin, length, "")
                    )
                    demands.append(amount)
        if not intervals:
            return
        for first, length, missing in load_blocks([most - offer for offer in offers]):
            intervals.append(self.model.new_fixed_size_interval_var(first, length, ""))
            demands.append(missing)
        self.model.add_cumulative(intervals, demands, most)

    def _by_way(
        self, literals: Sequence[cp_model.IntVar], amounts: Sequence[int]
    ) -> cp_model.LinearExprT:
        """Return what an activity takes in the way that is taken."""
        if len(set(amounts)) == 1:
            return amounts[0]
        demand = self.model.new_int_var_from_domain(cp_model.Domain.from_values(amounts), "")
        if self._amounts:
            for literal, amount in zip(literals, amounts, strict=True):
                self.model.add(demand == amount).only_enforce_if(literal)
        else:
            self.model.add(demand == cp_model.LinearExpr.weighted_sum(literals, amounts))
        return demand

    # ---- budgets ---------------------------------------------------------------------------------

    def _add_budgets(self) -> None:
        for number, most in enumerate(self.project.budgets):
            terms: list[cp_model.LinearExprT] = []
            for ways, literals in zip(self._ways, self._pick, strict=True):
                taken = [way.uses[number] for _, way, _ in ways]
                if self._amounts or not literals:
                    terms.append(self._by_way(literals, taken))
                else:
                    terms.append(cp_model.LinearExpr.weighted_sum(literals, taken))
            self.model.add(cp_model.LinearExpr.sum(terms) <= most)


OpenWays = list[list[tuple[int, Way, tuple[int, ...]]]]
"""By activity: index, way and starts of every way that can be taken."""


def longest_chain(project: Project) -> int:
    """Return a lower bound of the completion: the longest chain, each activity in its best way."""
    return max((end for _, end in _earliest(project, len(project.free))), default=0)


def least_for_work(project: Project) -> int:
    """Return a lower bound of the completion: by when periods offer what all activities take.

    Each activity counts as in the way that takes least of a field, period by period together.
    """
    found = 0
    for field in range(len(project.fields)):
        work = sum(min(sum(project.load(way, field)) for way in ways) for ways in project.ways)
        offered = list(accumulate(project.offers(field), initial=0))
        found = max(found, bisect_left(offered, work))
    return found


def _earliest(project: Project, deadline: int) -> list[tuple[int, int]]:
    """Return the earliest start and end of every activity that chains before it leave open."""
    found = [(0, 0)] * len(project.ways)
    for a in project.order:
        start = max((found[b][1] for b in project.before[a]), default=0)
        ends = [
            first + way.duration
            for way in project.ways[a]
            if (first := next(way.starts_between(start, deadline), None)) is not None
        ]
        # Without a start, any end does: there is no schedule then.
        found[a] = (start, min(ends, default=deadline))
    return found


def _open_ways(project: Project, deadline: int) -> OpenWays:
    """Return the ways whose starts chains of activities before and after leave open."""
    earliest = _earliest(project, deadline)
    latest = [deadline] * len(project.ways)
    for a in reversed(project.order):
        begin = latest[a] - project.shortest(a)
        for earlier in project.before[a]:
            latest[earlier] = min(latest[earlier], begin)
    return [
        [
            (i, way, starts)
            for i, way in enumerate(project.ways[a])
            if (starts := tuple(way.starts_between(earliest[a][0], latest[a] - way.duration)))
        ]
        for a in range(len(project.ways))
    ]


def disjoint_sets(project: Project, ways: OpenWays) -> Iterator[list[int]]:
    """Yield sets of activities no two of which can run in one period, for whatever reason.

    Every pair that a field forbids is in one of them, as far as that takes no more than so many
    steps; each is as large as adding activities one by one, those with the most that remain first,
    makes it.
    """
    fields = range(len(project.fields))
    lasting = [a for a, found in enumerate(ways) if all(way.duration for _, way, _ in found)]
    least = np.array(
        [
            [min(min(project.load(way, field)) for _, way, _ in ways[a]) for field in fields]
            for a in lasting
        ],
        dtype=np.int64,
    ).reshape(len(lasting), len(fields))
    most = np.array([max(project.offers(field), default=0) for field in fields], dtype=np.int64)
    inside = sum(1 << a for a in lasting)
    before = _linked(project.order, project.before)
    after = _linked(project.order[::-1], project.after)
    # Sets of activities as bits: those after it in the list that a field forbids beside each, and
    # all that cannot run beside it, for precedence as well.
    forbidden, apart = [0] * len(ways), [0] * len(ways)
    for position, a in enumerate(lasting):
        over = np.flatnonzero((least + least[position] > most).any(axis=1)).tolist()
        excluded = sum(1 << lasting[i] for i in over if i != position)
        ordered = (before[a] | after[a]) & inside
        apart[a] = excluded | ordered
        forbidden[a] = (excluded & ~ordered) >> a << a
    steps = 0
    for a in lasting:
        while forbidden[a] and steps < CLIQUE_STEPS:
            b = _members(forbidden[a])[0]
            clique, rest = [a, b], apart[a] & apart[b]
            while rest:
                left = _members(rest)
                steps += len(left)
                new = max(left, key=lambda c: ((apart[c] & rest).bit_count(), -c))
                clique.append(new)
                rest &= apart[new]
            clique.sort()
            within = sum(1 << c for c in clique)
            for c in clique:
                forbidden[c] &= ~within
            yield clique


def _members(bits: int) -> list[int]:
    """Return the positions of the ones, rising."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def _linked(order: Sequence[int], links: Sequence[Collection[int]]) -> list[int]:
    """Return, by activity, all that links lead to, one after the other, as bits.

    Parameters
    ----------
    order : sequence of int
        Activities, none before one that its links lead to.
    """
    found = [0] * len(links)
    for a in order:
        for b in links[a]:
            found[a] |= 1 << b | found[b]
    return found
