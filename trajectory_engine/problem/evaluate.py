"""What a set of choices forms, and what it is worth."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.teacher_problem import (
    Choice,
    Group,
    Literal,
    ModeOption,
    ModuleOption,
    NodeClass,
    Ordering,
    Parallel,
    Row,
    Shortfall,
    StartWindow,
    TeacherProblem,
)

BY_RULE = -1
"""Cause of a class that f formed."""


def mode_of(problem: TeacherProblem, choice: Choice) -> ModeOption:
    """Return the mode that was chosen."""
    return problem.modules[choice.module].modes[choice.mode]


def end_of(problem: TeacherProblem, choice: Choice) -> int:
    """Return the end of a choice."""
    return choice.start + mode_of(problem, choice).duration


def completion_of(problem: TeacherProblem, choices: Iterable[Choice]) -> int:
    """Return the end of the last of some choices, 0 without any."""
    return max((end_of(problem, c) for c in choices), default=0)


def closed_by_rules(problem: TeacherProblem, formed: Iterable[int]) -> set[int]:
    """Return classes with those that f forms of them."""
    closed = set(formed)
    missing: dict[int, int] = {}
    behind: defaultdict[int, list[int]] = defaultdict(list)
    ready = []
    for c, node_class in enumerate(problem.classes):
        needs = node_class.rule_needs
        if needs is None or c in closed:
            continue
        lacking = set(needs) - closed
        missing[c] = len(lacking)
        for need in lacking:
            behind[need].append(c)
        if not lacking:
            ready.append(c)
    while ready:
        new = ready.pop()
        closed.add(new)
        for c in behind[new]:
            missing[c] -= 1
            if not missing[c]:
                ready.append(c)
    return closed


def entered_by(problem: TeacherProblem, modules: Collection[int]) -> tuple[set[int], set[int]]:
    """Return what modules form if each starts as soon as it can, and which of them ever can.

    The calendar is left aside, and what must be taken beside a module as well.
    """
    shift, behind = len(problem.modules), looked_at_by(problem)
    taken, formed, entered = set(modules), set[int](), set[int]()
    waiting = list(modules)
    while waiting:
        item = waiting.pop()
        if item < shift:
            holds = item in taken and _can_enter(problem.modules[item], formed, entered)
            index, known = item, entered
        else:
            holds = _is_formed(problem.classes[item - shift], formed, entered)
            index, known = item - shift, formed
        if holds and index not in known:
            known.add(index)
            waiting += behind[item]
    return formed, entered


def looked_at_by(problem: TeacherProblem) -> list[list[int]]:
    """Return, for every module and then every class, what looks at it, numbered alike.

    Modules look at what their entry names, classes at those who attain them and at what f asks for.
    """
    shift = len(problem.modules)
    found: list[list[int]] = [[] for _ in range(shift + len(problem.classes))]
    for m, module in enumerate(problem.modules):
        for group in module.entry:
            for c, _ in group.members:
                found[shift + c].append(m)
        for alternatives in module.entry_modules:
            for a in alternatives:
                found[a].append(m)
    for c, node_class in enumerate(problem.classes):
        for m in node_class.providers:
            found[m].append(shift + c)
        for need in node_class.rule_needs or ():
            found[shift + need].append(shift + c)
    return found


def _is_formed(node_class: NodeClass, formed: set[int], entered: set[int]) -> bool:
    """Return whether a module that is entered attains a class, or f forms it."""
    needs = node_class.rule_needs
    by_rule = needs is not None and formed.issuperset(needs)
    return by_rule or not entered.isdisjoint(node_class.providers)


def _can_enter(module: ModuleOption, formed: set[int], entered: set[int]) -> bool:
    """Return whether the entry of a module holds."""
    return all(
        sum(w for c, w in group.members if c in formed) >= group.least for group in module.entry
    ) and not any(entered.isdisjoint(alternatives) for alternatives in module.entry_modules)


class Attainment:
    """Instants at which classes are formed, built up in the order of time.

    Attributes
    ----------
    at : list of int or None
        Period by which every class is formed; None if not.
    cause : list of int or None
        Module that formed the class, ``BY_RULE`` for f; None if it is not formed.
    ended : dict
        End by module.
    """

    def __init__(self, problem: TeacherProblem) -> None:
        self.problem = problem
        self.at: list[int | None] = [None] * len(problem.classes)
        self.cause: list[int | None] = [None] * len(problem.classes)
        self.ended: dict[int, int] = {}
        self._events = 0
        self._class_rank = [0] * len(problem.classes)
        self._module_rank: dict[int, int] = {}
        self._ready: list[int] = []
        self._waiting: dict[int, list[int]] = {}
        for derived, node_class in enumerate(problem.classes):
            if node_class.rule_needs is not None:
                self._await(derived, node_class.rule_needs)

    def _await(self, derived: int, needs: Iterable[int]) -> None:
        """Let a derived class wait for one of its needs that is missing."""
        missing = next((n for n in needs if self.at[n] is None), None)
        if missing is None:
            heapq.heappush(self._ready, derived)
        else:
            self._waiting.setdefault(missing, []).append(derived)

    def begin(self, module: int) -> None:
        """Record that a module starts."""
        self._events += 1
        self._module_rank[module] = self._events

    def rank_of_module(self, module: int) -> int:
        """Return the position of a module's start in the order of events, 0 if it has none."""
        return self._module_rank.get(module, 0)

    def rank_of_class(self, node_class: int) -> int:
        """Return the position of a class's formation in the order of events, 0 if not formed."""
        return self._class_rank[node_class]

    def _form(self, formed: int, period: int, cause: int) -> None:
        self._events += 1
        self.at[formed] = period
        self.cause[formed] = cause
        self._class_rank[formed] = self._events
        for derived in self._waiting.pop(formed, ()):
            self._await(derived, self.problem.classes[derived].rule_needs or ())

    def end(self, module: int, period: int) -> None:
        """Record that a module ends; periods must not fall from call to call."""
        self.ended[module] = period
        for formed in self.problem.modules[module].attains:
            if self.at[formed] is None:
                self._form(formed, period, module)
        self.apply_rule(period)

    def apply_rule(self, period: int) -> None:
        """Form the derived classes whose needs are met."""
        while self._ready:
            formed = heapq.heappop(self._ready)
            if self.at[formed] is None:
                self._form(formed, period, BY_RULE)

    def admits(self, module: int) -> bool:
        """Return whether the entry condition of a module holds with what is formed so far."""
        option = self.problem.modules[module]
        return all(self._holds(group) for group in option.entry) and all(
            any(m in self.ended for m in alternatives) for alternatives in option.entry_modules
        )

    def _holds(self, group: Group) -> bool:
        return sum(w for c, w in group.members if self.at[c] is not None) >= group.least


def attain(problem: TeacherProblem, choices: Sequence[Choice]) -> Attainment | None:
    """Return what the choices form, None if one of them starts before its entry holds."""
    state = Attainment(problem)
    running: list[tuple[int, int]] = []
    in_order = sorted(choices, key=lambda c: (c.start, c.module))
    for now, starting in groupby(in_order, key=lambda c: c.start):
        while running and running[0][0] <= now:
            period, module = heapq.heappop(running)
            state.end(module, period)
        batch = list(starting)
        while batch:
            admitted: list[Choice] = []
            rest: list[Choice] = []
            for choice in batch:
                (admitted if state.admits(choice.module) else rest).append(choice)
            if not admitted:
                return None
            batch = rest
            for choice in admitted:
                state.begin(choice.module)
                end = end_of(problem, choice)
                if end == now:
                    state.end(choice.module, now)
                else:
                    heapq.heappush(running, (end, choice.module))
    for period, module in sorted(running):
        state.end(module, period)
    return state


def unmet_weight(problem: TeacherProblem, state: Attainment) -> int:
    """Return the weight of the soft goals that are not met."""
    return problem.base_unmet + sum(
        goal.weight
        for goal in problem.soft_goals
        if not any(all(state.at[c] is not None for c in way) for way in goal.ways)
    )


def loads(problem: TeacherProblem, choices: Sequence[Choice]) -> list[int]:
    """Return the study hours in every period up to the deadline."""
    total = [0] * problem.deadline
    for choice in choices:
        for i, hours in enumerate(mode_of(problem, choice).load):
            total[choice.start + i] += hours
    return total


def objective_values(
    problem: TeacherProblem, choices: Sequence[Choice], state: Attainment
) -> dict[ObjectiveName, int]:
    """Return the value of every objective."""
    modes = [mode_of(problem, c) for c in choices]
    return {
        ObjectiveName.UNMET_GOALS: unmet_weight(problem, state),
        ObjectiveName.COMPLETION: completion_of(problem, choices),
        ObjectiveName.STUDY_HOURS: sum(m.hours for m in modes),
        ObjectiveName.COST: sum(m.price for m in modes),
        ObjectiveName.PEAK_LOAD: max(loads(problem, choices), default=0),
        **{name: money_value(problem, choices, name) for name in problem.shortfalls},
        ObjectiveName.SOFT_RULES: problem.base_broken
        + (broken_weight(problem, choices, state) if problem.soft_rules else 0),
    }


def broken_weight(problem: TeacherProblem, choices: Sequence[Choice], state: Attainment) -> int:
    """Return the weight of the soft rules that the choices break."""
    broken = rules_broken(problem, choices, state)
    return sum(problem.soft_rules[i].weight for i in broken)


def money_value(problem: TeacherProblem, choices: Iterable[Choice], name: ObjectiveName) -> int:
    """Return the value of an objective that is a sum of shortfalls."""
    starts = {(c.module, c.mode): c.start for c in choices}
    return sum(s.weight * shortfall_value(s, starts) for s in problem.shortfalls[name])


def shortfall_value(shortfall: Shortfall, starts: Mapping[Literal, int]) -> int:
    """Return the largest excess of the cuts for the taken modes, without the weight."""
    return max((row_total(c, starts) - (c.most or 0) for c in shortfall.cuts), default=0)


def row_total(row: Row, starts: Mapping[Literal, int]) -> int:
    """Return the sum of a row for the taken modes, given with their starts."""
    total = sum(coefficient for literal, coefficient in row.terms if literal in starts)
    for window, coefficient in row.timed:
        start = starts.get(window.literal)
        if start is not None and window.contains(start):
            total += coefficient
    return total


def is_met(windows: Iterable[StartWindow], starts: Mapping[Literal, int]) -> bool:
    """Return whether one of the taken modes, given with their starts, is inside its window."""
    return any(
        window.literal in starts and window.contains(starts[window.literal]) for window in windows
    )


def row_holds(row: Row, starts: Mapping[Literal, int]) -> bool:
    """Return whether a row holds for the taken modes, given with their starts."""
    if not all(is_met(windows, starts) for windows in row.when):
        return True
    total = row_total(row, starts)
    return (row.least is None or total >= row.least) and (row.most is None or total <= row.most)


def timeless_terms(
    problem: TeacherProblem, row: Row, *, largest: bool
) -> tuple[tuple[Literal, int], ...]:
    """Return a row's terms with what depends on starts at its extreme over all possible starts.

    With the largest values a ``least`` is a relaxation of the row, with the smallest a ``most``.
    """
    found = dict(row.terms)
    extreme = max if largest else min
    for literal, windows in _windows_by_literal(row).items():
        module, mode = literal
        counted = [
            sum(coefficient for window, coefficient in windows if window.contains(start))
            for start in problem.modules[module].modes[mode].starts
        ]
        found[literal] = found.get(literal, 0) + extreme(counted, default=0)
    return tuple((literal, coefficient) for literal, coefficient in found.items() if coefficient)


def _windows_by_literal(row: Row) -> dict[Literal, list[tuple[StartWindow, int]]]:
    found: dict[Literal, list[tuple[StartWindow, int]]] = {}
    for window, coefficient in row.timed:
        found.setdefault(window.literal, []).append((window, coefficient))
    return found


def rules_broken(problem: TeacherProblem, choices: Sequence[Choice], state: Attainment) -> set[int]:
    """Return the soft rules that the choices break."""
    return {guard for guard in violated(problem, choices, state) if guard is not None}


def violated(
    problem: TeacherProblem, choices: Sequence[Choice], state: Attainment
) -> Iterator[int | None]:
    """Yield the guard of every violated constraint that a soft rule could have; None if hard."""
    starts = {(c.module, c.mode): c.start for c in choices}
    modules = {c.module for c in choices}
    for row in problem.rows:
        if not row_holds(row, starts):
            yield row.guard
    for clause in problem.clauses:
        if not modules.intersection(clause.modules):
            yield clause.guard
    formed = {c for c, period in enumerate(state.at) if period is not None}
    for goal in problem.hard_goals:
        if not any(map(formed.issuperset, goal.ways)):
            yield goal.guard
    for part in problem.state_rows:
        if sum(v for c, v in part.terms if c in formed) < part.least:
            yield part.guard
    for parallel in problem.parallels:
        if most_running(problem, choices, parallel) > parallel.most:
            yield parallel.guard
    for ordering in problem.orderings:
        if not ordering_holds(problem, choices, ordering):
            yield ordering.guard


def most_running(problem: TeacherProblem, choices: Sequence[Choice], parallel: Parallel) -> int:
    """Return the most of the modes that run in one period."""
    covered = [c for c in choices if (c.module, c.mode) in parallel.modes]
    running = Counter(p for c in covered for p in range(c.start, end_of(problem, c)))
    return max(running.values(), default=0)


def ordering_holds(problem: TeacherProblem, choices: Sequence[Choice], ordering: Ordering) -> bool:
    """Return whether an order rule holds."""
    taken = {(c.module, c.mode): c for c in choices}
    before = [taken[x] for x in ordering.before if x in taken]
    after = [taken[x] for x in ordering.after if x in taken]
    return not any(
        a.module != b.module and end_of(problem, a) > b.start for a in before for b in after
    )


def calendar_holds(problem: TeacherProblem, choices: Sequence[Choice]) -> bool:
    """Return whether starts, hours and renewable resources hold."""
    if any(c.start not in mode_of(problem, c).starts for c in choices):
        return False
    if any(h > c for h, c in zip(loads(problem, choices), problem.capacity, strict=True)):
        return False
    return resources_hold(problem, choices)


def resources_hold(problem: TeacherProblem, choices: Sequence[Choice]) -> bool:
    """Return whether no renewable resource is overdrawn in any period."""
    used: dict[tuple[int, int], int] = {}
    for choice in choices:
        for resource, amount in mode_of(problem, choice).renewable:
            for period in range(choice.start, end_of(problem, choice)):
                used[resource, period] = used.get((resource, period), 0) + amount
    return all(v <= problem.renewable_capacity[r] for (r, _), v in used.items())


def relations_hold(problem: TeacherProblem, choices: Sequence[Choice]) -> bool:
    """Return whether what must end before the end of a module, or start with it, does so."""
    start = {c.module: c.start for c in choices}
    end = {c.module: end_of(problem, c) for c in choices}
    return all(
        all(any(a in end and end[a] <= end[m] for a in ms) for ms in problem.modules[m].co)
        and all(any(start.get(a) == start[m] for a in ms) for ms in problem.modules[m].strict_co)
        for m in start
    )


def limits_hold(problem: TeacherProblem, choices: Sequence[Choice], state: Attainment) -> bool:
    """Return whether no objective exceeds its limit."""
    if not problem.limits:
        return True
    values = objective_values(problem, choices, state)
    return all(values[name] <= most for name, most in problem.limits)


def is_plan(
    problem: TeacherProblem, choices: Sequence[Choice], state: Attainment | None = None
) -> bool:
    """Return whether the choices satisfy every constraint of the problem that is not soft.

    Parameters
    ----------
    state : Attainment, optional
        What :func:`attain` says of the choices, where it is known already.
    """
    state = state or attain(problem, choices)
    return (
        state is not None
        and calendar_holds(problem, choices)
        and relations_hold(problem, choices)
        and None not in violated(problem, choices, state)
        and limits_hold(problem, choices, state)
    )
