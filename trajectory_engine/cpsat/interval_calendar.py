"""What the interval encoding lays out on the calendar: study hours, resources, what runs beside.

Every mode has its own optional intervals of *fixed* size, one per level of its load: several
optional intervals that share start and end variables are known to make ortools 9.15.6755 prove
wrong optima.  Where all modules must be taken, one interval per module, whose size and demand
follow from the mode, is used instead: it is proven much sooner.  Load is a cumulative constraint,
with fixed intervals where a period has fewer hours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ortools.sat.python import cp_model

from trajectory_engine.cpsat import hints
from trajectory_engine.cpsat.choice import ChoiceVariables
from trajectory_engine.cpsat.encoding import HintRule
from trajectory_engine.problem.teacher_problem import Parallel, TeacherProblem

NewVariable = Callable[[cp_model.Domain, HintRule], cp_model.IntVar]


def load_blocks(load: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return a load as blocks (offset, length, hours) that add up to it.

    Layer by layer: an even spread with a remainder gives two blocks, both from the start.

    Examples
    --------
    >>> load_blocks([4, 4, 3, 3])
    [(0, 4, 3), (0, 2, 1)]
    """
    blocks: list[tuple[int, int, int]] = []
    spans = [(0, len(load), 0)]
    while spans:
        first, last, ground = spans.pop()
        if first >= last:
            continue
        low = min(load[first:last])
        if low > ground:
            blocks.append((first, last - first, low - ground))
        begin = first
        for i in range(first, last + 1):
            if i == last or load[i] == low:
                if i > begin:
                    spans.append((begin, i, low))
                begin = i + 1
    return blocks


class IntervalCalendar:
    """The cumulative constraints over the starts of modules.

    Parameters
    ----------
    model : CpModel
    problem : TeacherProblem
    choice : ChoiceVariables
    start : sequence of IntVar
        By module; of no meaning for a module that is not taken.
    end : sequence of IntVar, optional
        By module.  If given, a module in several modes is one interval of variable size and
        demand; else every mode has intervals of its own.
    variable : callable, optional
        Makes a variable from its domain and its value in a plan; needed with ``end``.
    """

    def __init__(
        self,
        model: cp_model.CpModel,
        problem: TeacherProblem,
        choice: ChoiceVariables,
        start: Sequence[cp_model.IntVar],
        end: Sequence[cp_model.IntVar] | None = None,
        variable: NewVariable | None = None,
    ) -> None:
        self.model = model
        self.problem = problem
        self.choice = choice
        self.start = start
        self._joined = None if end is None or variable is None else (end, variable)
        self._whole: dict[int, cp_model.IntervalVar] = {}
        self._load = self._load_intervals()

    def keep_hours(self) -> None:
        """Keep the hours of every period within the teacher's; none in a blocked period."""
        intervals, demands = self._load
        if intervals:
            capacity = max(self.problem.capacity, default=0)
            gaps, missing = self._gaps(self.problem.capacity, self.problem.blocked)
            self.model.add_cumulative(intervals + gaps, demands + missing, capacity)

    def _gaps(
        self, capacity: Sequence[int], blocked: Collection[int] = ()
    ) -> tuple[list[cp_model.IntervalVar], list[cp_model.LinearExprT]]:
        """Return fixed intervals and the hours that they take where a period has fewer hours."""
        most = max(capacity, default=0)
        gaps = [most - c if p not in blocked else 0 for p, c in enumerate(capacity)]
        intervals: list[cp_model.IntervalVar] = []
        demands: list[cp_model.LinearExprT] = []
        period = 0
        while period < len(gaps):
            last = period
            while last < len(gaps) and gaps[last] == gaps[period]:
                last += 1
            if gaps[period]:
                intervals.append(self.model.new_fixed_size_interval_var(period, last - period, ""))
                demands.append(gaps[period])
            period = last
        return intervals, demands

    def _load_intervals(self) -> tuple[list[cp_model.IntervalVar], list[cp_model.LinearExprT]]:
        intervals: list[cp_model.IntervalVar] = []
        demands: list[cp_model.LinearExprT] = []
        for m, module in enumerate(self.problem.modules):
            even = all(len(set(k.load)) <= 1 for k in module.modes)
            amounts = [max(k.load, default=0) for k in module.modes]
            if even and self._join(m, amounts, intervals, demands):
                continue
            for k, mode in enumerate(module.modes):
                for offset, length, hours in load_blocks(mode.load):
                    intervals.append(
                        self.model.new_optional_fixed_size_interval_var(
                            self.start[m] + offset, length, self.choice.mode[m][k], ""
                        )
                    )
                    demands.append(hours)
        return intervals, demands

    def _join(
        self,
        m: int,
        amounts: Sequence[int],
        intervals: list[cp_model.IntervalVar],
        demands: list[cp_model.LinearExprT],
    ) -> bool:
        """Append the interval of a module and its demand by mode; return False if it has several.

        Several intervals: one or more a mode.
        """
        if self._joined is None or len(amounts) == 1:
            return False
        if any(amounts):
            _, variable = self._joined
            if m not in self._whole:
                self._whole[m] = self._interval(m)
            domain = cp_model.Domain.from_values([0, *amounts])
            demand = variable(domain, hints.by_mode(m, amounts))
            modes = self.choice.mode[m]
            self.model.add(demand == cp_model.LinearExpr.weighted_sum(modes, list(amounts)))
            intervals.append(self._whole[m])
            demands.append(demand)
        return True

    def _interval(self, m: int) -> cp_model.IntervalVar:
        """Return the interval of a module, whatever its mode."""
        if self._joined is None:
            raise RuntimeError("modules are not joined")
        end, variable = self._joined
        durations = [k.duration for k in self.problem.modules[m].modes]
        domain = cp_model.Domain.from_values([0, *durations])
        size = variable(domain, hints.by_mode(m, durations))
        lasting = cp_model.LinearExpr.weighted_sum(self.choice.mode[m], durations)
        self.model.add(size == lasting)
        return self.model.new_optional_interval_var(
            self.start[m], size, end[m], self.choice.taken[m], ""
        )

    def keep_resources(self) -> None:
        """Keep the use of every renewable resource within its capacity."""
        for resource, capacity in self.problem.renewable_capacity.items():
            self.limit_use(resource, capacity)

    def limit_use(self, resource: int, capacity: cp_model.LinearExprT) -> None:
        """Keep the use of a resource in every period at or below a capacity."""
        intervals: list[cp_model.IntervalVar] = []
        demands: list[cp_model.LinearExprT] = []
        for m, module in enumerate(self.problem.modules):
            amounts = [dict(k.renewable).get(resource, 0) for k in module.modes]
            if self._join(m, amounts, intervals, demands):
                continue
            for k, mode in enumerate(module.modes):
                for used, amount in mode.renewable:
                    if used == resource and mode.duration:
                        intervals.append(
                            self.model.new_optional_fixed_size_interval_var(
                                self.start[m], mode.duration, self.choice.mode[m][k], ""
                            )
                        )
                        demands.append(amount)
        if intervals:
            self.model.add_cumulative(intervals, demands, capacity)

    def keep_parallel(self, parallel: Parallel, most: cp_model.LinearExprT) -> None:
        """Keep what runs in parallel at or below a number."""
        intervals = [
            self.model.new_optional_fixed_size_interval_var(
                self.start[m],
                self.problem.modules[m].modes[k].duration,
                self.choice.mode[m][k],
                "",
            )
            for m, k in parallel.modes
        ]
        self.model.add_cumulative(intervals, [1] * len(intervals), most)

    def load_at_most(self, capacity: Sequence[int], give: cp_model.IntVar) -> None:
        """Keep the hours of every period at or below a capacity plus a slack."""
        intervals, demands = self._load
        gaps, missing = self._gaps(capacity)
        if intervals:
            most = max(capacity, default=0) + give
            self.model.add_cumulative(intervals + gaps, demands + missing, most)

    def peak_at_most(self, peak: cp_model.IntVar) -> None:
        """Keep the hours of every period at or below a variable."""
        intervals, demands = self._load
        if intervals:
            self.model.add_cumulative(intervals, demands, peak)
