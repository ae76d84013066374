"""Earliest instants: when a class can be formed and a module can start, load left aside.

Generalised Dijkstra over AND-of-counts conditions (Knuth, 1977): instants are settled in rising
order, since no module ends before it starts.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trajectory_engine.problem.teacher_problem import TeacherProblem

ROUNDS = 20
"""Times that the instants are taken again where relations between modules postpone something."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Earliest instants; None where there is none before the deadline.

    Attributes
    ----------
    formed : tuple of int or None
        By class.
    entry : tuple of int or None
        By module: first instant at which its entry can hold.
    """

    formed: tuple[int | None, ...]
    entry: tuple[int | None, ...]

    def first_start(self, problem: TeacherProblem, module: int, mode: int) -> int | None:
        """Return the earliest start of a mode, None if it cannot be taken at all."""
        entry = self.entry[module]
        if entry is None:
            return None
        starts = problem.modules[module].modes[mode].starts
        position = bisect_left(starts, entry)
        return starts[position] if position < len(starts) else None


class _Search:
    """Conditions of modules and derived classes, counted down as instants are settled."""

    def __init__(self, problem: TeacherProblem, floors: Sequence[int | None]) -> None:
        self.problem = problem
        self._floors = floors
        self.formed: list[int | None] = [None] * len(problem.classes)
        self.entry: list[int | None] = [None] * len(problem.modules)
        self._ended: set[int] = set()
        self._queue: list[tuple[int, int, int]] = []
        self._left: list[int] = []
        self._owner: list[tuple[str, int]] = []
        self._watch: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        self._open: dict[tuple[str, int], int] = {}
        for i, module in enumerate(problem.modules):
            groups = [(g.least, [("class", c, w) for c, w in g.members]) for g in module.entry]
            groups += [(1, [("module", m, 1) for m in ms]) for ms in module.entry_modules]
            self._add(("module", i), groups)
        for i, node_class in enumerate(problem.classes):
            needs = node_class.rule_needs
            if needs is not None:
                self._add(("class", i), [(len(needs), [("class", c, 1) for c in needs])])

    def _add(
        self, owner: tuple[str, int], groups: list[tuple[int, list[tuple[str, int, int]]]]
    ) -> None:
        self._open[owner] = len(groups)
        for least, members in groups:
            for kind, item, weight in members:
                self._watch[kind, item].append((len(self._left), weight))
            self._left.append(least)
            self._owner.append(owner)
        if not groups:
            self._ready(owner, 0)

    def _ready(self, owner: tuple[str, int], now: int) -> None:
        kind, item = owner
        if kind == "class":
            heapq.heappush(self._queue, (now, 1, item))
            return
        floor = self._floors[item]
        if floor is None:
            return
        now = self.entry[item] = max(now, floor)
        ends = []
        for mode in self.problem.modules[item].modes:
            position = bisect_left(mode.starts, now)
            if position < len(mode.starts):
                ends.append(mode.starts[position] + mode.duration)
        if ends:
            heapq.heappush(self._queue, (min(ends), 0, item))

    def _settle(self, member: tuple[str, int], now: int) -> None:
        for group, weight in self._watch.get(member, ()):
            before = self._left[group]
            self._left[group] -= weight
            if before > 0 >= self._left[group]:
                owner = self._owner[group]
                self._open[owner] -= 1
                if not self._open[owner]:
                    self._ready(owner, now)

    def run(self) -> Heads:
        """Settle all instants."""
        while self._queue:
            now, is_class, item = heapq.heappop(self._queue)
            if is_class:
                self._form(item, now)
            elif item not in self._ended:
                self._ended.add(item)
                self._settle(("module", item), now)
                for formed in self.problem.modules[item].attains:
                    self._form(formed, now)
        return Heads(tuple(self.formed), tuple(self.entry))

    def _form(self, formed: int, now: int) -> None:
        if self.formed[formed] is None:
            self.formed[formed] = now
            self._settle(("class", formed), now)


def compute_heads(problem: TeacherProblem) -> Heads:
    """Return the earliest instants of all classes and modules.

    A module that must end after, or start with, another one has no earlier start than that one
    lets it; what this postpones may postpone more, so that the instants are taken again.  They
    are valid, if not the best, after any number of rounds.
    """
    floors: list[int | None] = [0] * len(problem.modules)
    related = [m for m, module in enumerate(problem.modules) if module.co or module.strict_co]
    heads = _Search(problem, floors).run()
    for _ in range(ROUNDS if related else 0):
        raised = {m: _floor(problem, heads, m) for m in related}
        if all(floors[m] == floor for m, floor in raised.items()):
            break
        for m, floor in raised.items():
            floors[m] = floor
        heads = _Search(problem, floors).run()
    return heads


def _floor(problem: TeacherProblem, heads: Heads, module: int) -> int | None:
    """Return the earliest start of a module that its relations allow, None if there is none."""
    entry, option = heads.entry[module], problem.modules[module]
    if entry is None:
        return None
    longest = max(mode.duration for mode in option.modes)
    floors = [entry]
    for alternatives in option.strict_co:
        starts = [s for a in alternatives for s, _ in _firsts(problem, heads, a)]
        if not starts:
            return None
        floors.append(min(starts))
    for alternatives in option.co:
        ends = [e for a in alternatives for _, e in _firsts(problem, heads, a)]
        if not ends:
            return None
        floors.append(min(ends) - longest)
    return max(floors)


def _firsts(problem: TeacherProblem, heads: Heads, module: int) -> Iterator[tuple[int, int]]:
    """Yield the earliest start and end of every mode of a module that has a start."""
    for k, mode in enumerate(problem.modules[module].modes):
        start = heads.first_start(problem, module, k)
        if start is not None:
            yield start, start + mode.duration
