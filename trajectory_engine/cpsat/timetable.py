"""The whole problem: modules, modes, starts and the order in which things are formed.

Encoding: one start and one end per module; a class has the instant at which it is surely formed
and points to the module (or to f) that justifies it, so that an instant is never earlier than the
end of a module that really runs.  Since modules last, a circle of justifications would need an
end before its own start; where a mode has duration 0, ranks break the tie.

What lies on the calendar is in :mod:`trajectory_engine.cpsat.interval_calendar`; energy and
earliest instants are added as linear rows, since a cumulative's own bound is weak.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ortools.sat.python import cp_model

from trajectory_engine.cpsat import hints
from trajectory_engine.cpsat.encoding import Encoding, HintRule
from trajectory_engine.cpsat.interval_calendar import IntervalCalendar
from trajectory_engine.problem.evaluate import Attainment, loads
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.teacher_problem import (
    Choice,
    Group,
    Ordering,
    StartWindow,
    TeacherProblem,
)


class Timetable(Encoding):
    """CP-SAT model of one teacher's problem.

    Parameters
    ----------
    problem : TeacherProblem
    heads : Heads
        Earliest instants, to tighten domains.
    joined : bool
        Whether a module in several modes is one interval of variable size.

    Attributes
    ----------
    model : CpModel
    choice : ChoiceVariables
    start, end : list of IntVar
        By module; of no meaning for a module that is not taken.
    """

    def __init__(self, problem: TeacherProblem, heads: Heads, *, joined: bool = False) -> None:
        super().__init__(problem, heads)
        self._first: list[int] = []
        self.start: list[cp_model.IntVar] = []
        self.end: list[cp_model.IntVar] = []
        self._ranked = any(k.duration == 0 for m in problem.modules for k in m.modes)
        self._completion: cp_model.IntVar | None = None
        self._peak: cp_model.IntVar | None = None
        self._windows: dict[StartWindow, list[cp_model.IntVar]] = {}
        self._add_starts()
        self._add_timed_rows()
        self._module_rank = self._ranks(len(problem.modules), hints.module_rank)
        self._add_attainment()
        self._add_entries()
        self._add_relations()
        self._add_orderings()
        self._calendar = IntervalCalendar(
            self.model, problem, self.choice, self.start, self.end if joined else None, self._int
        )
        self._calendar.keep_hours()
        self._calendar.keep_resources()
        for parallel in problem.parallels:
            self._calendar.keep_parallel(parallel, self._capacity(parallel))

    # ---- variables -------------------------------------------------------------------------

    def _add_starts(self) -> None:
        for m, module in enumerate(self.problem.modules):
            allowed: list[tuple[int, ...]] = []
            for k, mode in enumerate(module.modes):
                head = self._heads.first_start(self.problem, m, k)
                if head is None:
                    self.model.add(self.choice.mode[m][k] == 0)
                    allowed.append((0,))
                else:
                    allowed.append(tuple(s for s in mode.starts if s >= head))
            union = sorted({s for starts in allowed for s in starts})
            self._add_start(m, allowed, union)

    def _add_start(self, m: int, allowed: list[tuple[int, ...]], union: list[int]) -> None:
        modes = self.problem.modules[m].modes
        first, longest = union[0], max(k.duration for k in modes)
        start = self._int(
            cp_model.Domain.from_values(union),
            lambda chosen, _: chosen[m].start if m in chosen else first,
        )
        end = self._int(
            cp_model.Domain(first, union[-1] + longest),
            lambda chosen, _: (
                chosen[m].start + modes[chosen[m].mode].duration if m in chosen else first
            ),
        )
        durations = [k.duration for k in modes]
        lasting = cp_model.LinearExpr.weighted_sum(self.choice.mode[m], durations)
        self.model.add(end == start + lasting)
        self.model.add(start == first).only_enforce_if(self.choice.taken[m].negated())
        for literal, starts in zip(self.choice.mode[m], allowed, strict=True):
            if len(starts) < len(union):
                self.model.add_linear_expression_in_domain(
                    start, cp_model.Domain.from_values(starts)
                ).only_enforce_if(literal)
        self._first.append(first)
        self.start.append(start)
        self.end.append(end)

    def _inside(self, window: StartWindow) -> list[cp_model.IntVar]:
        found = self._windows.get(window)
        if found is None:
            found = self._windows[window] = self._add_window(window)
        return found

    def _add_window(self, window: StartWindow) -> list[cp_model.IntVar]:
        m, k = window.literal
        mode, start = self.choice.mode[m][k], self.start[m]
        head = self._heads.first_start(self.problem, m, k)
        possible = [
            s for s in self.problem.modules[m].modes[k].starts if head is not None and s >= head
        ]
        inside = [s for s in possible if window.contains(s)]
        if not inside or len(inside) == len(possible):
            return [mode] if inside else []
        literal = self._bool(hints.starts_inside(window))
        self.model.add_implication(literal, mode)
        domain = cp_model.Domain.from_values(inside)
        outside = cp_model.Domain.from_values([s for s in possible if not window.contains(s)])
        self.model.add_linear_expression_in_domain(start, domain).only_enforce_if(literal)
        self.model.add_linear_expression_in_domain(start, outside).only_enforce_if(
            [mode, literal.negated()]
        )
        return [literal]

    def _ranks(self, count: int, hint: Callable[[int], HintRule]) -> list[cp_model.IntVar] | None:
        """Return rank variables, needed only where modules without duration exist."""
        if not self._ranked:
            return None
        most = len(self.problem.modules) + len(self.problem.classes)
        return [self._int(cp_model.Domain(0, most), hint(i)) for i in range(count)]

    # ---- order in which things are formed --------------------------------------------------

    def _add_attainment(self) -> None:
        problem = self.problem
        instants = cp_model.Domain(0, problem.deadline)
        self._at = [
            self._int(instants, hints.formed_at(c, problem.deadline))
            for c in range(len(problem.classes))
        ]
        self._class_rank = self._ranks(len(problem.classes), hints.class_rank)
        for c, node_class in enumerate(problem.classes):
            head = self._heads.formed[c]
            if head:
                self.model.add(self._at[c] >= head)
            support = []
            for m in node_class.providers:
                if len(node_class.providers) == 1 and node_class.rule_needs is None:
                    literal = self.choice.formed[c]
                else:
                    literal = self._bool(hints.justifies(c, m))
                    support.append(literal)
                self.model.add_implication(literal, self.choice.taken[m])
                self.model.add(self._at[c] >= self.end[m]).only_enforce_if(literal)
                self._rank_after(literal, class_after=c, module_before=m)
            rule = self.choice.by_rule.get(c)
            if rule is not None:
                for need in node_class.rule_needs or ():
                    self.model.add(self._at[c] >= self._at[need]).only_enforce_if(rule)
                    self._rank_class_after_class(rule, c, need)
                support.append(rule)
            if support and not (rule is not None and not node_class.providers):
                self.model.add_bool_or([self.choice.formed[c].negated(), *support])

    def _rank_after(self, literal: cp_model.IntVar, class_after: int, module_before: int) -> None:
        if self._module_rank is not None and self._class_rank is not None:
            self.model.add(
                self._class_rank[class_after] >= self._module_rank[module_before] + 1
            ).only_enforce_if(literal)

    def _rank_class_after_class(self, literal: cp_model.IntVar, after: int, before: int) -> None:
        if self._class_rank is not None:
            self.model.add(self._class_rank[after] >= self._class_rank[before] + 1).only_enforce_if(
                literal
            )

    def _add_entries(self) -> None:
        for m, module in enumerate(self.problem.modules):
            for group in module.entry:
                if group.needs_all:
                    for c, _ in group.members:
                        self._starts_after_class(self.choice.taken[m], m, c)
                else:
                    self._add_alternatives(m, group)
            for alternatives in module.entry_modules:
                self._add_entry_modules(m, alternatives)

    def _starts_after_class(self, literal: cp_model.IntVar, m: int, c: int) -> None:
        self.model.add_implication(literal, self.choice.formed[c])
        self.model.add(self.start[m] >= self._at[c]).only_enforce_if(literal)
        if self._module_rank is not None and self._class_rank is not None:
            self.model.add(self._module_rank[m] >= self._class_rank[c] + 1).only_enforce_if(literal)

    def _add_alternatives(self, m: int, group: Group) -> None:
        used = []
        for c, _ in group.members:
            literal = self._bool(hints.used(m, c))
            self._starts_after_class(literal, m, c)
            used.append(literal)
        total = cp_model.LinearExpr.weighted_sum(used, [w for _, w in group.members])
        self.model.add(total >= group.least * self.choice.taken[m])

    def _add_entry_modules(self, m: int, alternatives: tuple[int, ...]) -> None:
        literals = []
        for a in alternatives:
            literal = (
                self._bool(hints.follows(m, a)) if len(alternatives) > 1 else self.choice.taken[m]
            )
            self.model.add_implication(literal, self.choice.taken[a])
            self.model.add(self.start[m] >= self.end[a]).only_enforce_if(literal)
            if self._module_rank is not None:
                self.model.add(self._module_rank[m] >= self._module_rank[a] + 1).only_enforce_if(
                    literal
                )
            literals.append(literal)
        self.model.add_bool_or([self.choice.taken[m].negated(), *literals])

    def _add_relations(self) -> None:
        for m, module in enumerate(self.problem.modules):
            for alternatives in module.co:
                for a, literal in self._beside(m, alternatives, hints.ends_by_the_end_of):
                    self.model.add(self.end[a] <= self.end[m]).only_enforce_if(literal)
            for alternatives in module.strict_co:
                for a, literal in self._beside(m, alternatives, hints.starts_with):
                    self.model.add(self.start[a] == self.start[m]).only_enforce_if(literal)

    def _beside(
        self, m: int, alternatives: tuple[int, ...], hint: Callable[[int, int], HintRule]
    ) -> list[tuple[int, cp_model.IntVar]]:
        """Return literals, one of which is true if the module is taken: by which it is related."""
        if len(alternatives) == 1:
            return [(alternatives[0], self.choice.taken[m])]
        literals = [(a, self._bool(hint(m, a))) for a in alternatives]
        for a, literal in literals:
            self.model.add_implication(literal, self.choice.taken[a])
        self.model.add_bool_or([self.choice.taken[m].negated(), *(x for _, x in literals)])
        return literals

    def _add_orderings(self) -> None:
        for ordering in self.problem.orderings:
            self._add_ordering(ordering)

    def _add_ordering(self, ordering: Ordering) -> None:
        """Add an order rule: pairs where a mode is on both sides, else one dividing instant."""
        free = [] if ordering.guard is None else [self.choice.kept[ordering.guard]]
        mode = self.choice.mode
        both = {m for m, _ in ordering.before} & {m for m, _ in ordering.after}
        for m, k in ordering.before:
            for n, j in ordering.after:
                if m != n and (m in both or n in both):
                    self.model.add(self.start[n] >= self.end[m]).only_enforce_if(
                        [mode[m][k], mode[n][j], *free]
                    )
        before = [x for x in ordering.before if x[0] not in both]
        after = [x for x in ordering.after if x[0] not in both]
        if before and after:
            instants = cp_model.Domain(0, self.problem.deadline)
            instant = self._int(instants, hints.divide(before))
            for m, k in before:
                self.model.add(self.end[m] <= instant).only_enforce_if([mode[m][k], *free])
            for n, j in after:
                self.model.add(self.start[n] >= instant).only_enforce_if([mode[n][j], *free])

    # ---- limits that give way --------------------------------------------------------------

    def forbid_starts(
        self, m: int, k: int, starts: Collection[int], unless: Sequence[cp_model.IntVar]
    ) -> None:
        """Keep a mode from starting in some periods, unless one of the literals is true."""
        allowed = [s for s in self.problem.modules[m].modes[k].starts if s not in starts]
        conditions = [self.choice.mode[m][k], *(literal.negated() for literal in unless)]
        self.model.add_linear_expression_in_domain(
            self.start[m], cp_model.Domain.from_values(allowed)
        ).only_enforce_if(conditions)

    def end_by(self, deadline: int, give: cp_model.IntVar) -> None:
        """Keep every end at or before a deadline plus a slack."""
        for taken, end in zip(self.choice.taken, self.end, strict=True):
            self.model.add(end <= deadline + give).only_enforce_if(taken)

    def load_at_most(self, capacity: Sequence[int], give: cp_model.IntVar) -> None:
        """Keep the hours of every period at or below a capacity plus a slack."""
        self._calendar.load_at_most(capacity, give)

    def use_at_most(self, resource: int, capacity: int, give: cp_model.IntVar) -> None:
        """Keep the use of a resource in every period at or below a capacity plus a slack."""
        self._calendar.limit_use(resource, capacity + give)

    def keep_beside(
        self,
        m: int,
        modules: Sequence[int],
        unless: Sequence[cp_model.IntVar],
        *,
        together: bool,
    ) -> None:
        """Keep one of some modules beside a module, unless one of the literals is true."""
        literals = [self.model.new_bool_var("") for _ in modules]
        self.model.add_bool_or([self.choice.taken[m].negated(), *literals, *unless])
        for a, literal in zip(modules, literals, strict=True):
            self.model.add_implication(literal, self.choice.taken[a])
            if together:
                self.model.add(self.start[a] == self.start[m]).only_enforce_if(literal)
            else:
                self.model.add(self.end[a] <= self.end[m]).only_enforce_if(literal)

    # ---- objectives ------------------------------------------------------------------------

    def _completion_expression(self) -> cp_model.IntVar:
        """Return the largest end, with energy rows over "completion > p" literals."""
        if self._completion is not None:
            return self._completion
        problem = self.problem

        def last_end(chosen: dict[int, Choice], _: Attainment) -> int:
            return max(
                (c.start + problem.modules[m].modes[c.mode].duration for m, c in chosen.items()),
                default=0,
            )

        completion = self._int(cp_model.Domain(0, problem.deadline), last_end)
        for taken, end in zip(self.choice.taken, self.end, strict=True):
            self.model.add(completion >= end).only_enforce_if(taken)

        if any(problem.capacity):
            self._add_beyond(completion, last_end)
        self._completion = completion
        return completion

    def _add_beyond(self, completion: cp_model.IntVar, last_end: HintRule) -> None:
        """Add literals "completion > p", over which study hours bound the completion."""

        def is_beyond(period: int) -> HintRule:
            return lambda chosen, state: int(last_end(chosen, state) > period)

        beyond = [self._bool(is_beyond(p)) for p in range(self.problem.deadline)]
        for later, earlier in zip(beyond[1:], beyond, strict=False):
            self.model.add_implication(later, earlier)
        self.model.add(completion == cp_model.LinearExpr.sum(beyond))
        self._add_energy(beyond)

    def _add_energy(self, beyond: list[cp_model.IntVar]) -> None:
        literals, hours = [], []
        for m, module in enumerate(self.problem.modules):
            for k, mode in enumerate(module.modes):
                literal = self.choice.mode[m][k]
                head = self._heads.first_start(self.problem, m, k)
                if head is not None and head + mode.duration:
                    self.model.add_implication(literal, beyond[head + mode.duration - 1])
                if mode.hours:
                    literals.append(literal)
                    hours.append(mode.hours)
        used = cp_model.LinearExpr.weighted_sum(literals, hours)
        room = cp_model.LinearExpr.weighted_sum(beyond, list(self.problem.capacity))
        self.model.add(used <= room)

    def _peak_expression(self) -> cp_model.IntVar:
        if self._peak is None:
            problem = self.problem
            self._peak = self._int(
                cp_model.Domain(0, max(problem.capacity, default=0)),
                lambda chosen, _: max(loads(problem, tuple(chosen.values())), default=0),
            )
            self._calendar.peak_at_most(self._peak)
        return self._peak

    def start_of(self, m: int) -> cp_model.LinearExprT:
        """Return the start of a module; of no meaning if it is not taken."""
        return self.start[m]

    def start_sum(self) -> cp_model.LinearExprT:
        """Return the sum of the starts of the modules taken.

        A module that is not taken stands at its first possible start, which is taken off.
        """
        literals = cp_model.LinearExpr.weighted_sum(self.choice.taken, self._first)
        return cp_model.LinearExpr.sum(self.start) + literals - sum(self._first)

    # ---- plans in and out ------------------------------------------------------------------

    def read(self, solution: Sequence[int]) -> tuple[Choice, ...]:
        """Return the choices of a solution, ordered by start and module."""
        choices = [
            Choice(m, k, solution[self.start[m].index])
            for m, modes in enumerate(self.choice.mode)
            for k, x in enumerate(modes)
            if solution[x.index]
        ]
        return tuple(sorted(choices, key=lambda c: (c.start, c.module)))
