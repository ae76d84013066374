"""Serial schedule generation: puts chosen modules on the calendar, one after the other."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.teacher_problem import (
    Choice,
    Group,
    Literal,
    ModeOption,
    Ordering,
    TeacherProblem,
)


def never() -> bool:
    """Return False: nothing ends the work before its time."""
    return False


def schedule(
    problem: TeacherProblem,
    selection: Mapping[int, int],
    priority: Mapping[int, int] | None = None,
    stop: Callable[[], bool] = never,
) -> tuple[Choice, ...] | None:
    """Return starts for chosen modules, as early as they fit, None if this finds no calendar.

    Serial schedule generation (Kelley, 1963): of the modules whose entry holds, the one of
    highest priority takes the earliest start at which hours, resources and order rules allow
    it; modules that must start together are placed as one.  None is no proof that there is no
    calendar.

    Parameters
    ----------
    selection : mapping
        Mode index by module index.
    priority : mapping, optional
        Smaller goes first; default: longer modes first.
    stop : callable
        Asked before each module; once true, the calendar stays unfinished.
    """
    if priority is None:
        priority = {m: -problem.modules[m].modes[k].duration for m, k in selection.items()}
    calendar = _Calendar(problem, selection)
    blocks = starting_together(problem, selection)
    queue: list[tuple[int, int]] = []

    def line_up(ready: Iterable[int]) -> None:
        for module in ready:
            for member in blocks.get(module, (module,)):
                heapq.heappush(queue, (priority[member], member))

    line_up(m for m in selection if calendar.is_ready(m))
    while queue:
        if stop():
            return None
        _, module = heapq.heappop(queue)
        block = blocks.get(module, (module,))
        earliest = None if module in calendar.ends else calendar.entry_of_all(block)
        if earliest is None:
            continue  # the last one of a block that gets ready brings all of it up again
        if not calendar.place_all(block, earliest):
            return None
        line_up(calendar.woken())
    if len(calendar.ends) < len(selection):
        return None
    choices = tuple(sorted(calendar.choices, key=lambda c: (c.start, c.module)))
    return choices if is_plan(problem, choices) else None


@dataclass(frozen=True, slots=True)
class _Placed:
    """What a calendar holds at a moment."""

    choices: list[Choice]
    free: list[int]
    resource: dict[int, list[int]]
    ends: dict[int, int]
    at: list[int | None]
    running: list[list[int]]


class _Calendar:
    """Free hours and resources, and what is formed when."""

    def __init__(self, problem: TeacherProblem, selection: Mapping[int, int]) -> None:
        self.problem = problem
        self.selection = selection
        self.choices: list[Choice] = []
        self.free = list(problem.capacity)
        self.resource = {r: [c] * problem.deadline for r, c in problem.renewable_capacity.items()}
        self.ends: dict[int, int] = {}
        self.at: list[int | None] = [None] * len(problem.classes)
        self._dependents: defaultdict[int, list[int]] = defaultdict(list)
        for i, node_class in enumerate(problem.classes):
            for need in node_class.rule_needs or ():
                self._dependents[need].append(i)
        self._asleep: defaultdict[int, list[int]] = defaultdict(list)
        self._news: list[int] = []
        self._before = _predecessors(problem.orderings, selection)
        self._parallels = [
            (p, frozenset(p.modes), [0] * problem.deadline)
            for p in problem.parallels
            if p.guard is None
        ]

    def is_ready(self, module: int) -> bool:
        """Return whether the entry can hold by what is placed; if not, wait for what is missing."""
        missing = self._missing(module)
        for key in missing or ():
            self._asleep[key].append(module)
        return missing is None

    def woken(self) -> Iterator[int]:
        """Yield the modules that have become ready by what was placed last."""
        news, self._news = self._news, []
        for key in news:
            for module in self._asleep.pop(key, ()):
                if self.is_ready(module):
                    yield module

    def _missing(self, module: int) -> list[int] | None:
        """Return what may satisfy a condition that does not hold; None if all hold.

        Classes by their index, modules by minus one minus theirs.
        """
        option = self.problem.modules[module]
        for group in option.entry:
            left = [c for c, _ in group.members if self.at[c] is None]
            if left and self._group_time(group) is None:
                return left
        for before in self._before.get(module, ()):
            if before not in self.ends:
                return [-1 - before]
        for alternatives in (*option.entry_modules, *option.co):
            if not any(m in self.ends for m in alternatives):
                return [-1 - m for m in alternatives]
        return None

    def entry_of_all(self, block: Sequence[int]) -> int | None:
        """Return the first instant at which all of a block may start, None if never."""
        times = [self.entry_time(module) for module in block]
        found = [time for time in times if time is not None]
        return max(found) if len(found) == len(times) else None

    def entry_time(self, module: int) -> int | None:
        """Return the first instant at which the entry holds by what is placed, None if never."""
        before = self._before.get(module, set())
        if before - self.ends.keys():
            return None
        option = self.problem.modules[module]
        times = [self.ends[b] for b in before]
        for group in option.entry:
            time = self._group_time(group)
            if time is None:
                return None
            times.append(time)
        for alternatives in option.entry_modules:
            ends = [self.ends[m] for m in alternatives if m in self.ends]
            if not ends:
                return None
            times.append(min(ends))
        for alternatives in option.co:
            ends = [self.ends[m] for m in alternatives if m in self.ends]
            if not ends:
                return None
            times.append(min(ends) - option.modes[self.selection[module]].duration)
        return max(times, default=0)

    def _group_time(self, group: Group) -> int | None:
        formed = sorted((at, w) for c, w in group.members if (at := self.at[c]) is not None)
        total = 0
        for at, weight in formed:
            total += weight
            if total >= group.least:
                return at
        return None

    def _form(self, classes: Sequence[int], end: int) -> None:
        """Lower the instants of classes that a module attains, then of those that f forms."""
        lowered = [c for c in classes if self._lower(c, end)]
        while lowered:
            for derived in self._dependents.get(lowered.pop(), ()):
                times = [self.at[n] for n in self.problem.classes[derived].rule_needs or ()]
                formed = [time for time in times if time is not None]
                if len(formed) == len(times) and self._lower(derived, max(formed)):
                    lowered.append(derived)

    def _lower(self, formed: int, end: int) -> bool:
        """Lower the instant of a class; return whether it was later, or not formed."""
        at = self.at[formed]
        if at is not None and at <= end:
            return False
        if at is None:
            self._news.append(formed)
        self.at[formed] = end
        return True

    def place_all(self, block: Sequence[int], earliest: int) -> bool:
        """Put a block at its earliest feasible common start; return False if there is none."""
        if len(block) == 1:
            return self.place(block[0], earliest)
        modes = [self.problem.modules[m].modes[self.selection[m]] for m in block]
        common = set(modes[0].starts).intersection(*(mode.starts for mode in modes))
        for start in sorted(s for s in common if s >= earliest):
            before = self._copy()
            if all(self.place(module, start, start) for module in block):
                return True
            self._restore(before)
        return False

    def _copy(self) -> _Placed:
        running = [list(periods) for _, _, periods in self._parallels]
        resource = {r: list(free) for r, free in self.resource.items()}
        at, ends = list(self.at), dict(self.ends)
        return _Placed(list(self.choices), list(self.free), resource, ends, at, running)

    def _restore(self, placed: _Placed) -> None:
        self.choices, self.free, self.resource = placed.choices, placed.free, placed.resource
        self.ends, self.at = placed.ends, placed.at
        self._parallels = [
            (parallel, modes, running)
            for (parallel, modes, _), running in zip(self._parallels, placed.running, strict=True)
        ]

    def place(self, module: int, earliest: int, latest: int | None = None) -> bool:
        """Put a module at its earliest feasible start; return False if there is none."""
        mode_index = self.selection[module]
        mode = self.problem.modules[module].modes[mode_index]
        literal = (module, mode_index)
        start = next(
            (
                s
                for s in islice(mode.starts, bisect_left(mode.starts, earliest), None)
                if (latest is None or s <= latest)
                and self._fits(mode, s)
                and self._has_place(literal, mode, s)
            ),
            None,
        )
        if start is None:
            return False
        for _, modes, running in self._parallels:
            for period in range(start, start + mode.duration) if literal in modes else ():
                running[period] += 1
        for i, hours in enumerate(mode.load):
            self.free[start + i] -= hours
        for resource, amount in mode.renewable:
            for period in range(start, start + mode.duration):
                self.resource[resource][period] -= amount
        self.choices.append(Choice(module, mode_index, start))
        self.ends[module] = start + mode.duration
        self._news.append(-1 - module)
        self._form(self.problem.modules[module].attains, start + mode.duration)
        return True

    def _has_place(self, literal: Literal, mode: ModeOption, start: int) -> bool:
        """Return whether no rule finds too many modules running beside this one."""
        return all(
            running[period] < parallel.most
            for parallel, modes, running in self._parallels
            if literal in modes
            for period in range(start, start + mode.duration)
        )

    def _fits(self, mode: ModeOption, start: int) -> bool:
        return all(h <= self.free[start + i] for i, h in enumerate(mode.load)) and all(
            amount <= self.resource[resource][period]
            for resource, amount in mode.renewable
            for period in range(start, start + mode.duration)
        )


def starting_together(
    problem: TeacherProblem, selection: Mapping[int, int]
) -> dict[int, tuple[int, ...]]:
    """Return, for chosen modules, all that must start with them; alone if nothing does.

    Of several modules that satisfy a reference the first one chosen is taken.
    """
    blocks: dict[int, tuple[int, ...]] = {}
    for module in selection:
        for alternatives in problem.modules[module].strict_co:
            partner = next((a for a in alternatives if a in selection), module)
            mine, its = blocks.get(module, (module,)), blocks.get(partner, (partner,))
            joined = tuple(dict.fromkeys((*mine, *its)))
            blocks.update(dict.fromkeys(joined, joined))
    return blocks


def _predecessors(
    orderings: Sequence[Ordering], selection: Mapping[int, int]
) -> dict[int, set[int]]:
    """Return, for chosen modules, the chosen modules that must end first."""
    found: dict[int, set[int]] = {}
    for ordering in orderings:
        before = [m for m, k in ordering.before if selection.get(m) == k]
        for module, mode in ordering.after:
            if selection.get(module) == mode:
                found.setdefault(module, set()).update(b for b in before if b != module)
    return found
