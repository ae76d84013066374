"""Landmarks of a deadline: sets of modules of which every plan that ends by it takes one.

Instants are those of :mod:`trajectory_engine.problem.heads`, load left aside: what a set of modules
forms, each at the earliest.  More modules never form anything later.  Let a set of modules not
form what a goal asks for by the deadline, and let each further module do so together with them;
then every plan that ends in time takes one of the others (the landmarks of
:mod:`trajectory_engine.landmarks.minimal`, with instants).  A choice whose chains end in time hits
them all, and one that hits them all has such chains.

What is formed so late that nothing it leads to can still be formed in time need not be followed: it
counts as not formed at all (tails, as in the bounds of scheduling).
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from trajectory_engine.landmarks.rounding import Landmark, Rounding
from trajectory_engine.problem.teacher_problem import Group, TeacherProblem

NEVER = 1 << 30
"""Instant of what is not formed."""


class Conditions:
    """What modules form and wait for, the same for all sets of modules of one problem.

    Facts are the classes, then "one of these modules has ended".

    Attributes
    ----------
    due : list of int
        Classes that every plan forms, since a goal has no other way.
    forms : list of tuple of int
        Facts by module.
    """

    def __init__(self, problem: TeacherProblem) -> None:
        self.problem = problem
        self.due = sorted(
            {
                c
                for goal in problem.hard_goals
                if goal.guard is None and len(goal.ways) == 1
                for c in goal.ways[0]
            }
        )
        waits = dict.fromkeys(chain.from_iterable(m.entry_modules for m in problem.modules))
        number = {waited: len(problem.classes) + i for i, waited in enumerate(waits)}
        self.facts = len(problem.classes) + len(waits)
        named: list[list[int]] = [[] for _ in problem.modules]
        for waited, fact in number.items():
            for m in waited:
                named[m].append(fact)
        self.forms = [(*m.attains, *own) for m, own in zip(problem.modules, named, strict=True)]
        self.needs = [
            tuple(c for g in m.entry if g.needs_all for c, _ in g.members)
            + tuple(number[waited] for waited in m.entry_modules)
            for m in problem.modules
        ]
        self.wants = [tuple(g for g in m.entry if not g.needs_all) for m in problem.modules]
        self.rules = [node_class.rule_needs for node_class in problem.classes]
        self.waiting: list[list[int]] = [[] for _ in range(self.facts)]
        self.derived: list[list[int]] = [[] for _ in range(self.facts)]
        for m, (needs, wants) in enumerate(zip(self.needs, self.wants, strict=True)):
            for fact in dict.fromkeys((*needs, *(c for g in wants for c, _ in g.members))):
                self.waiting[fact].append(m)
        for c, rule in enumerate(self.rules):
            for need in dict.fromkeys(rule or ()):
                self.derived[need].append(c)
        self._formed_by: list[list[int]] = [[] for _ in range(self.facts)]
        for m, forms in enumerate(self.forms):
            for fact in forms:
                self._formed_by[fact].append(m)
        self._shortest = [
            min((mode.duration for mode in module.modes), default=0) for module in problem.modules
        ]
        everything = Instants(self, [NEVER] * self.facts)
        for m in range(len(self.forms)):
            everything.add(m)
        self._soonest = [self.end(m, everything.entry[m]) for m in range(len(self.forms))]

    def end(self, module: int, entry: int) -> int:
        """Return the earliest end of a module whose entry holds from an instant on."""
        ends = [NEVER]
        for mode in self.problem.modules[module].modes:
            position = bisect_left(mode.starts, entry)
            if position < len(mode.starts):
                ends.append(mode.starts[position] + mode.duration)
        return min(ends)

    def tails(self, targets: Iterable[int], deadline: int) -> Tails:
        """Return until when what is formed can lead to one of some facts by a deadline.

        Instants are settled in falling order, as those of heads are in rising order.
        """
        latest = [-1] * self.facts
        queue: list[tuple[int, int]] = []

        def reach(fact: int, instant: int) -> None:
            if instant > latest[fact]:
                latest[fact] = instant
                heapq.heappush(queue, (-instant, fact))

        for target in targets:
            reach(target, deadline)
        while queue:
            instant, fact = heapq.heappop(queue)
            if -instant < latest[fact]:
                continue
            if fact < len(self.rules):
                for need in self.rules[fact] or ():
                    reach(need, -instant)
            for module in self._formed_by[fact]:
                entry = -instant - self._shortest[module]
                for need in self.needs[module]:
                    reach(need, entry)
                for group in self.wants[module]:
                    for need, _ in group.members:
                        reach(need, entry)
        helps = bytearray(
            any(self._soonest[m] <= latest[fact] for fact in forms)
            for m, forms in enumerate(self.forms)
        )
        return Tails([instant + 1 for instant in latest], helps)


@dataclass(frozen=True, slots=True)
class Tails:
    """What is too late to lead to some facts by a deadline.

    Attributes
    ----------
    too_late : list of int
        By fact: the first instant from which on forming it does not help; 0 if it never does.
    helps : bytearray
        By module: whether it can form something in time to help.
    """

    too_late: list[int]
    helps: bytearray


class Instants:
    """Earliest instants of what the modules added so far form.

    Parameters
    ----------
    conditions : Conditions
    too_late : sequence of int
        By fact: an instant that stands for never.  No module whose entry waits for it forms
        anything before what stands for never there.

    Attributes
    ----------
    at : list of int
        By fact; what stands for never if it is not formed sooner.
    entry : list of int
        By module added: when it can start.
    work : int
        Entries worked out so far, a measure of time.
    """

    def __init__(self, conditions: Conditions, too_late: Sequence[int]) -> None:
        self._conditions = conditions
        self.at = list(too_late)
        self.entry = [NEVER] * len(conditions.forms)
        self._added = bytearray(len(conditions.forms))
        self.work = 0

    def copy(self, too_late: Sequence[int] | None = None) -> Instants:
        """Return instants that go on from here by themselves, perhaps with an own "never"."""
        other = Instants.__new__(Instants)
        other._conditions, other.work = self._conditions, 0
        other.at = self.at.copy() if too_late is None else list(map(min, self.at, too_late))
        other.entry = self.entry.copy()
        other._added = self._added.copy()
        return other

    def add(self, module: int, target: int = -1, instant: int = -1) -> bool:
        """Add a module; change nothing if a fact is formed by an instant then.

        Returns
        -------
        bool
            Whether it was added.
        """
        if self._added[module]:
            return True
        self._added[module] = 1
        log: list[tuple[list[int], int, int]] = []
        if self._settle(self._entered(module, log), log, target, instant):
            return True
        for values, index, value in reversed(log):
            values[index] = value
        self._added[module] = 0
        return False

    def _entered(self, module: int, log: list[tuple[list[int], int, int]]) -> list[tuple[int, int]]:
        """Work out when an added module can start; return what it forms sooner than known."""
        self.work += 1
        entry = self._first(module)
        if entry >= self.entry[module]:
            return []
        log.append((self.entry, module, self.entry[module]))
        self.entry[module] = entry
        end = self._conditions.end(module, entry)
        return [(f, end) for f in self._conditions.forms[module] if end < self.at[f]]

    def _first(self, module: int) -> int:
        """Return the instant from which the entry of a module holds."""
        at, conditions = self.at, self._conditions
        first = 0
        for fact in conditions.needs[module]:
            first = max(first, at[fact])
        for group in conditions.wants[module]:
            first = max(first, self._enough(group))
        return first

    def _enough(self, group: Group) -> int:
        total = 0
        for instant, weight in sorted((self.at[c], weight) for c, weight in group.members):
            total += weight
            if total >= group.least:
                return instant
        return NEVER

    def _settle(
        self,
        sooner: list[tuple[int, int]],
        log: list[tuple[list[int], int, int]],
        target: int,
        instant: int,
    ) -> bool:
        """Lower instants and all that follow; return False once a target is formed in time."""
        at, conditions = self.at, self._conditions
        while sooner:
            fact, end = sooner.pop()
            if end >= at[fact]:
                continue
            if fact == target and end <= instant:
                return False
            log.append((at, fact, at[fact]))
            at[fact] = end
            for module in conditions.waiting[fact]:
                if self._added[module]:
                    sooner += self._entered(module, log)
            for c in conditions.derived[fact]:
                sooner.append((c, max(at[need] for need in conditions.rules[c] or ())))
        return True


class PunctualSearch(Rounding[Instants, int, list[int]]):
    """Landmarks of deadlines, and choices whose chains end in time.

    Parameters
    ----------
    problem : TeacherProblem
    costs : sequence of int
        By module.
    seed : int

    Attributes
    ----------
    work : int
        Entries worked out so far, a measure of time.
    """

    def __init__(self, problem: TeacherProblem, costs: Sequence[int], seed: int) -> None:
        super().__init__(costs, seed)
        self._conditions = Conditions(problem)
        self._deadline = -1
        self._tails: dict[int, Tails] = {}

    def _towards(self, deadline: int) -> None:
        """Forget what was known of another deadline."""
        if deadline != self._deadline:
            self._deadline = deadline
            self._tails = {}
            self._of_all = self._conditions.tails(self._conditions.due, deadline)
            self._nothing = Instants(self._conditions, self._of_all.too_late)

    def _grown(self, taken: Iterable[int], aim: int) -> Instants:
        self._towards(aim)
        instants = self._nothing.copy()
        for module in taken:
            instants.add(module)
        return instants

    def _gap(self, state: Instants, aim: int) -> list[int]:
        return [c for c in self._conditions.due if state.at[c] > aim]

    def _gain(self, module: int, state: Instants, gap: list[int], aim: int) -> int:
        too_late = self._of_all.too_late
        forms = self._conditions.forms[module]
        return 1 + sum(0 < too_late[f] == state.at[f] for f in forms)

    def _landmark(
        self, state: Instants, gap: list[int], aim: int, order: Sequence[int]
    ) -> Landmark:
        target = self._random.choice(gap)
        if target not in self._tails:
            self._tails[target] = self._conditions.tails((target,), aim)
        tails = self._tails[target]
        largest, helps = state.copy(tails.too_late), tails.helps
        left = [m for m in order if helps[m] and not largest.add(m, target, aim)]
        self.work += largest.work
        return tuple(sorted(left))

    def trimmed(self, taken: Iterable[int], deadline: int) -> list[int]:
        """Return modules without those that the others can do without, the dearest first."""
        kept = set(taken)
        forms = self._conditions.forms
        for module in sorted(kept, key=lambda m: (-self.costs[m] / (1 + len(forms[m])), m)):
            instants = self._grown(sorted(kept - {module}), deadline)
            self.work += instants.work
            if not self._gap(instants, deadline):
                kept.remove(module)
        return sorted(kept)
