"""The whole problem on an axis of moderate length: literals "starts in p" and "formed by p".

The second encoding beside :mod:`trajectory_engine.cpsat.timetable`.  Load, order of attainment
and completion are linear rows over literals, so that the linear relaxation sees the calendar;
with intervals it does not.  It proves what the interval encoding cannot, and pays with size:
about (modes x starts + classes x periods) literals.

A class is formed by p only if a module that attains it has ended by p, so a circle of
justifications would need an end before its own start.  This holds for modes that last; problems
with a mode of duration 0 are left to the interval encoding.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.encoding import Chosen, HintRule
from trajectory_engine.cpsat.period_calendar import PeriodCalendar
from trajectory_engine.problem.evaluate import Attainment
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.teacher_problem import (
    Group,
    ModuleOption,
    Ordering,
    TeacherProblem,
)

LARGEST = 60_000
"""Literals above which the encoding is not built."""

MOST_STARTS = 5_000
"""Literals "starts in p" up to which a problem of terms is left to this encoding alone."""


def supports(problem: TeacherProblem) -> bool:
    """Return whether the encoding fits a problem: every mode lasts, and the size is moderate."""
    starts = sum(len(k.starts) for m in problem.modules for k in m.modes)
    lasting = all(k.duration for m in problem.modules for k in m.modes)
    return lasting and starts + len(problem.classes) * problem.deadline <= LARGEST


def has_terms(problem: TeacherProblem) -> bool:
    """Return whether every mode lasts one period of few: then intervals have nothing to add."""
    modes = [k for m in problem.modules for k in m.modes]
    starts = sum(len(k.starts) for k in modes)
    return starts <= MOST_STARTS and supports(problem) and all(k.duration == 1 for k in modes)


class PeriodTimetable(PeriodCalendar):
    """CP-SAT model of one teacher's problem over period literals.

    Attributes
    ----------
    model : CpModel
    choice : ChoiceVariables
    """

    def __init__(self, problem: TeacherProblem, heads: Heads) -> None:
        super().__init__(problem, heads)
        periods = self._periods_asked()
        self._formed = [self._formed_literals(c, asked) for c, asked in enumerate(periods)]
        self._add_foundations()
        self._add_entries()
        self._add_relations()
        for ordering in problem.orderings:
            self._add_ordering(ordering)

    # ---- what is formed by when ------------------------------------------------------------

    def _periods_asked(self) -> list[set[int]]:
        """Return, for every class, the periods in which something can ask whether it is formed."""
        asked: list[set[int]] = [set() for _ in self.problem.classes]
        for m, module in enumerate(self.problem.modules):
            starts = {s for s, _, _ in self._starts[m]}
            for group in module.entry:
                for c, _ in group.members:
                    asked[c] |= starts
        for c in reversed(range(len(self.problem.classes))):
            asked[c].add(self.problem.deadline)
            for need in self.problem.classes[c].rule_needs or ():
                asked[need] |= asked[c]
        return asked

    def _formed_literals(self, c: int, asked: set[int]) -> dict[int, cp_model.IntVar]:
        """Return "class c is formed by p" for the periods asked for, from its head on."""
        head, deadline = self._heads.formed[c], self.problem.deadline
        if head is None:
            self.model.add(self.choice.formed[c] == 0)
            return {}
        literals = {
            p: self.choice.formed[c] if p == deadline else self._bool(_formed_by(c, p))
            for p in sorted(asked)
            if p >= head
        }
        for earlier, later in pairwise(sorted(literals)):
            self.model.add_implication(literals[earlier], literals[later])
        return literals

    def _add_foundations(self) -> None:
        for c, node_class in enumerate(self.problem.classes):
            for period, literal in self._formed[c].items():
                support = [x for m in node_class.providers for x in self._ended(m, period)]
                by_rule = self._by_rule(c, period)
                if by_rule is not None:
                    support.append(by_rule)
                self.model.add(cp_model.LinearExpr.sum(support) >= literal)

    def _by_rule(self, c: int, period: int) -> cp_model.IntVar | None:
        """Return a literal that implies that f has formed the class by a period."""
        needs = self.problem.classes[c].rule_needs
        if needs is None or any(period not in self._formed[n] for n in needs):
            return None
        if period == self.problem.deadline:
            literal = self.choice.by_rule[c]
            if not self.problem.classes[c].providers:
                literal = self._bool(_all_formed_by(needs, period))
        else:
            literal = self._bool(_all_formed_by(needs, period))
        for need in needs:
            self.model.add_implication(literal, self._formed[need][period])
        return literal

    def _add_entries(self) -> None:
        for m, module in enumerate(self.problem.modules):
            periods = sorted({s for s, _, _ in self._starts[m]})
            for period in periods:
                begun = cp_model.LinearExpr.sum(self._begun(m, period))
                for c in _needed_classes(module):
                    literal = self._formed[c].get(period)
                    self.model.add(begun <= (0 if literal is None else literal))
                for group in module.entry:
                    if not group.needs_all:
                        self._require(begun, group, period)
                for alternatives in module.entry_modules:
                    ended = [x for a in alternatives for x in self._ended(a, period)]
                    self.model.add(begun <= cp_model.LinearExpr.sum(ended))

    def _require(self, begun: cp_model.LinearExprT, group: Group, period: int) -> None:
        formed = [
            (self._formed[c][period], w) for c, w in group.members if period in self._formed[c]
        ]
        total = cp_model.LinearExpr.weighted_sum([x for x, _ in formed], [w for _, w in formed])
        self.model.add(group.least * begun <= total)

    def _add_relations(self) -> None:
        for m, module in enumerate(self.problem.modules):
            for alternatives in module.co:
                self.keep_beside(m, alternatives, (), together=False)
            for alternatives in module.strict_co:
                self.keep_beside(m, alternatives, (), together=True)

    def _add_ordering(self, ordering: Ordering) -> None:
        """Add an order rule: pairs where a mode is on both sides, else one dividing instant."""
        free = self.choice.unless_broken(ordering.guard)
        both = {m for m, _ in ordering.before} & {m for m, _ in ordering.after}
        for m, k in ordering.before:
            for n, j in ordering.after:
                if m != n and (m in both or n in both):
                    self._add_pair((m, k), (n, j), free)
        before = [x for x in ordering.before if x[0] not in both]
        after = [x for x in ordering.after if x[0] not in both]
        if before and after:
            self._add_divide(before, after, free)

    def _add_pair(
        self, first: tuple[int, int], second: tuple[int, int], free: Sequence[cp_model.LiteralT]
    ) -> None:
        """Keep two modes in order: the first has ended before the second has begun."""
        duration = self._duration(*first)
        for period in range(self.problem.deadline):
            running = [
                x for s, k, x in self._starts[first[0]] if k == first[1] and s + duration > period
            ]
            begun = [x for s, k, x in self._starts[second[0]] if k == second[1] and s <= period]
            if running and begun and not free:
                self.model.add_at_most_one([*running, *begun])
            elif running and begun:
                total = cp_model.LinearExpr.sum([*running, *begun])
                self.model.add(total <= 1 + cp_model.LinearExpr.sum(list(free)))

    def _add_divide(
        self,
        before: list[tuple[int, int]],
        after: list[tuple[int, int]],
        free: Sequence[cp_model.LiteralT],
    ) -> None:
        """Keep two sets of modes in order by literals "the dividing instant is at most p"."""
        passed = [
            self._bool(_divided_by(self.problem, before, p))
            for p in range(self.problem.deadline + 1)
        ]
        for earlier, later in pairwise(passed):
            self.model.add_implication(earlier, later)
        for m, k in after:
            for s, j, literal in self._starts[m]:
                if j == k:
                    self.model.add_bool_or([literal.negated(), passed[s], *free])
        for m, k in before:
            for s, j, literal in self._starts[m]:
                if j == k:
                    end = s + self._duration(m, k)
                    self.model.add_bool_or([literal.negated(), passed[end - 1].negated(), *free])

    def keep_beside(
        self,
        m: int,
        modules: Sequence[int],
        unless: Sequence[cp_model.IntVar],
        *,
        together: bool,
    ) -> None:
        """Keep one of some modules beside a module, unless one of the literals is true."""
        free = cp_model.LinearExpr.sum(list(unless))
        starts = self._starts[m]
        instants = {s if together else s + self._duration(m, k) for s, k, _ in starts}
        for period in sorted(instants):
            if together:
                mine = [x for s, _, x in starts if s == period]
                theirs = [x for a in modules for s, _, x in self._starts[a] if s == period]
            else:
                mine = self._ended(m, period)
                theirs = [x for a in modules for x in self._ended(a, period)]
            # A module starts once, so at most one of its own literals is true.
            self.model.add(cp_model.LinearExpr.sum(mine) <= cp_model.LinearExpr.sum(theirs) + free)

    def searched_in_order(self, modules: Sequence[int]) -> cp_model.CpModel:
        """Return the model, without objective, for :attr:`Profile.IN_ORDER`.

        The first plan that such a search comes to is the first one in the order of the modes, then
        of the starts, module by module: it decides on them in this order, tries the first value
        first, and leaves one only when that is refuted.
        """
        model = self.model.clone()
        model.proto.clear_objective()
        model.proto.clear_solution_hint()
        several = [m for m in modules if len(self.choice.mode[m]) > 1]
        ordered = [x for m in several for x in self.choice.mode[m]]
        ordered += [x for m in modules for _, _, x in sorted(self._starts[m], key=itemgetter(0))]
        literals = [model.get_bool_var_from_proto_index(x.index) for x in ordered]
        model.add_decision_strategy(literals, cp_model.CHOOSE_FIRST, cp_model.SELECT_MAX_VALUE)
        return model


def _needed_classes(module: ModuleOption) -> list[int]:
    """Return the classes that a module needs whatever the alternatives, rising."""
    return sorted({c for group in module.entry if group.needs_all for c, _ in group.members})


def _formed_by(c: int, period: int) -> HintRule:
    def value(_: Chosen, state: Attainment) -> int:
        at = state.at[c]
        return int(at is not None and at <= period)

    return value


def _all_formed_by(needs: tuple[int, ...], period: int) -> HintRule:
    rules = [_formed_by(n, period) for n in needs]
    return lambda chosen, state: int(all(rule(chosen, state) for rule in rules))


def _divided_by(problem: TeacherProblem, before: list[tuple[int, int]], period: int) -> HintRule:
    return lambda chosen, _: int(
        all(
            chosen[m].start + problem.modules[m].modes[k].duration <= period
            for m, k in before
            if m in chosen and chosen[m].mode == k
        )
    )
