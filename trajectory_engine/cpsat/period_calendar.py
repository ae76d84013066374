"""The calendar of the period encoding: literals "starts in p", and what follows from them alone.

Hours, resources, what runs beside, completion and the largest load are linear rows over these
literals.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.encoding import Encoding, HintRule
from trajectory_engine.problem.evaluate import loads
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.teacher_problem import Choice, StartWindow, TeacherProblem

Start = tuple[int, int, cp_model.IntVar]
"""(period, mode, literal)."""


class PeriodCalendar(Encoding):
    """What of the period encoding is a matter of starts alone."""

    def __init__(self, problem: TeacherProblem, heads: Heads) -> None:
        super().__init__(problem, heads)
        self._beyond: list[cp_model.IntVar] | None = None
        self._peak: cp_model.IntVar | None = None
        self._starts = [self._start_literals(m) for m in range(len(problem.modules))]
        self._add_timed_rows()
        self._add_load()
        self._add_resources()
        self._add_parallels()

    # ---- what starts when ------------------------------------------------------------------

    def _start_literals(self, m: int) -> list[Start]:
        found: list[Start] = []
        for k, mode in enumerate(self.problem.modules[m].modes):
            head = self._heads.first_start(self.problem, m, k)
            starts = [] if head is None else [s for s in mode.starts if s >= head]
            literals = [self._bool(_starts_at(m, k, s)) for s in starts]
            self.model.add(cp_model.LinearExpr.sum(literals) == self.choice.mode[m][k])
            found += zip(starts, [k] * len(starts), literals, strict=True)
        return found

    def _inside(self, window: StartWindow) -> list[cp_model.IntVar]:
        module, mode = window.literal
        return [x for s, k, x in self._starts[module] if k == mode and window.contains(s)]

    def _duration(self, m: int, k: int) -> int:
        return self.problem.modules[m].modes[k].duration

    def _begun(self, m: int, period: int) -> list[cp_model.IntVar]:
        """Return the literals of which one is true iff a module starts by ``period``."""
        return [x for s, _, x in self._starts[m] if s <= period]

    def _ended(self, m: int, period: int) -> list[cp_model.IntVar]:
        """Return the literals of which one is true iff a module ends by ``period``."""
        return [x for s, k, x in self._starts[m] if s + self._duration(m, k) <= period]

    # ---- calendar --------------------------------------------------------------------------

    def _load_terms(self) -> list[tuple[list[cp_model.IntVar], list[int]]]:
        """Return literals and hours for every period."""
        terms: list[tuple[list[cp_model.IntVar], list[int]]] = [
            ([], []) for _ in range(self.problem.deadline)
        ]
        for m, starts in enumerate(self._starts):
            for s, k, literal in starts:
                for offset, hours in enumerate(self.problem.modules[m].modes[k].load):
                    if hours:
                        terms[s + offset][0].append(literal)
                        terms[s + offset][1].append(hours)
        return terms

    def _add_load(self) -> None:
        for (literals, hours), capacity in zip(
            self._load_terms(), self.problem.capacity, strict=True
        ):
            if literals:
                self.model.add(cp_model.LinearExpr.weighted_sum(literals, hours) <= capacity)

    def _add_resources(self) -> None:
        for (resource, _), (literals, amounts) in self._uses().items():
            capacity = self.problem.renewable_capacity[resource]
            self.model.add(cp_model.LinearExpr.weighted_sum(literals, amounts) <= capacity)

    def _uses(self) -> dict[tuple[int, int], tuple[list[cp_model.IntVar], list[int]]]:
        """Return literals and amounts for every resource in every period."""
        used: dict[tuple[int, int], tuple[list[cp_model.IntVar], list[int]]] = {}
        for m, starts in enumerate(self._starts):
            for s, k, literal in starts:
                mode = self.problem.modules[m].modes[k]
                for resource, amount in mode.renewable:
                    for period in range(s, s + mode.duration):
                        literals, amounts = used.setdefault((resource, period), ([], []))
                        literals.append(literal)
                        amounts.append(amount)
        return used

    def _add_parallels(self) -> None:
        for parallel in self.problem.parallels:
            running: dict[int, list[cp_model.IntVar]] = {}
            for m, k in parallel.modes:
                for s, j, literal in self._starts[m]:
                    for period in range(s, s + self._duration(m, k)) if j == k else ():
                        running.setdefault(period, []).append(literal)
            for literals in running.values():
                self.model.add(cp_model.LinearExpr.sum(literals) <= self._capacity(parallel))

    # ---- limits that give way --------------------------------------------------------------

    def forbid_starts(
        self, m: int, k: int, starts: Collection[int], unless: Sequence[cp_model.IntVar]
    ) -> None:
        """Keep a mode from starting in some periods, unless one of the literals is true."""
        for s, j, literal in self._starts[m]:
            if j == k and s in starts:
                self.model.add_bool_or([literal.negated(), *unless])

    def end_by(self, deadline: int, give: cp_model.IntVar) -> None:
        """Keep every end at or before a deadline plus a slack."""
        for m, starts in enumerate(self._starts):
            late = [
                (x, end - deadline)
                for s, k, x in starts
                if (end := s + self._duration(m, k)) > deadline
            ]
            if late:
                literals, beyond = zip(*late, strict=True)
                self.model.add(cp_model.LinearExpr.weighted_sum(literals, beyond) <= give)

    def load_at_most(self, capacity: Sequence[int], give: cp_model.IntVar) -> None:
        """Keep the hours of every period at or below a capacity plus a slack."""
        for (literals, hours), most in zip(self._load_terms(), capacity, strict=True):
            if literals:
                self.model.add(cp_model.LinearExpr.weighted_sum(literals, hours) <= most + give)

    def use_at_most(self, resource: int, capacity: int, give: cp_model.IntVar) -> None:
        """Keep the use of a resource in every period at or below a capacity plus a slack."""
        for (used, _), (literals, amounts) in self._uses().items():
            if used == resource:
                total = cp_model.LinearExpr.weighted_sum(literals, amounts)
                self.model.add(total <= capacity + give)

    # ---- objectives ------------------------------------------------------------------------

    def _completion_expression(self) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.sum(self._completion_literals())

    def _completion_literals(self) -> list[cp_model.IntVar]:
        if self._beyond is not None:
            return self._beyond
        problem = self.problem
        beyond = [self._bool(_ends_beyond(problem, p)) for p in range(problem.deadline)]
        for earlier, later in pairwise(beyond):
            self.model.add_implication(later, earlier)
        for m, starts in enumerate(self._starts):
            for period in range(problem.deadline):
                late = [x for s, k, x in starts if s + self._duration(m, k) > period]
                if late:
                    self.model.add(cp_model.LinearExpr.sum(late) <= beyond[period])
        literals = [x for modes in self.choice.mode for x in modes]
        hours = [k.hours for m in problem.modules for k in m.modes]
        room = cp_model.LinearExpr.weighted_sum(beyond, list(problem.capacity))
        self.model.add(cp_model.LinearExpr.weighted_sum(literals, hours) <= room)
        self._beyond = beyond
        return beyond

    def _peak_expression(self) -> cp_model.IntVar:
        if self._peak is None:
            problem = self.problem
            most = max(problem.capacity, default=0)
            self._peak = self._int(
                cp_model.Domain(0, most),
                lambda chosen, _: max(loads(problem, tuple(chosen.values())), default=0),
            )
            for literals, hours in self._load_terms():
                if literals:
                    load = cp_model.LinearExpr.weighted_sum(literals, hours)
                    self.model.add(load <= self._peak)
        return self._peak

    def start_of(self, m: int) -> cp_model.LinearExprT:
        """Return the start of a module, 0 if it is not taken."""
        literals = [x for _, _, x in self._starts[m]]
        return cp_model.LinearExpr.weighted_sum(literals, [s for s, _, _ in self._starts[m]])

    def start_sum(self) -> cp_model.LinearExprT:
        """Return the sum of the starts of the modules taken."""
        return cp_model.LinearExpr.sum([self.start_of(m) for m in range(len(self._starts))])

    # ---- plans in and out ------------------------------------------------------------------

    def read(self, solution: Sequence[int]) -> tuple[Choice, ...]:
        """Return the choices of a solution, ordered by start and module."""
        choices = [
            Choice(m, k, s)
            for m, starts in enumerate(self._starts)
            for s, k, literal in starts
            if solution[literal.index]
        ]
        return tuple(sorted(choices, key=lambda c: (c.start, c.module)))


def _starts_at(m: int, k: int, period: int) -> HintRule:
    return lambda chosen, _: int(m in chosen and chosen[m] == Choice(m, k, period))


def _ends_beyond(problem: TeacherProblem, period: int) -> HintRule:
    return lambda chosen, _: int(
        any(c.start + problem.modules[m].modes[c.mode].duration > period for m, c in chosen.items())
    )
