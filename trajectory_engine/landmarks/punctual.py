"""Landmarks of a deadline: sets of modules of which every plan that ends by it takes one.

Instants are those of :mod:`trajectory_engine.problem.heads`, load left aside: what a set of modules
forms, each at the earliest.  More modules never form anything later.  Let a set of modules not
form what a goal asks for by the deadline, and let each further module do so together with them;
then every plan that ends in time takes one of the others (the landmarks of
:mod:`trajectory_engine.landmarks.minimal`, with instants).  A choice whose chains end in time hits
them all, and one that hits them all has such chains.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
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

    def end(self, module: int, entry: int) -> int:
        """Return the earliest end of a module whose entry holds from an instant on."""
        ends = [NEVER]
        for mode in self.problem.modules[module].modes:
            position = bisect_left(mode.starts, entry)
            if position < len(mode.starts):
                ends.append(mode.starts[position] + mode.duration)
        return min(ends)


class Instants:
    """Earliest instants of what the modules added so far form.

    Attributes
    ----------
    at : list of int
        By fact; ``NEVER`` if it is not formed.
    work : int
        Entries worked out so far, a measure of time.
    """

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        self.at = [NEVER] * conditions.facts
        self._entry = [NEVER] * len(conditions.forms)
        self._added = bytearray(len(conditions.forms))
        self.work = 0
        log: list[tuple[list[int], int, int]] = []
        for c, rule in enumerate(conditions.rules):
            if rule == () and self.at[c]:
                self._settle([(c, 0)], log, -1, -1)

    def copy(self) -> Instants:
        """Return instants that go on from here by themselves."""
        other = Instants.__new__(Instants)
        other._conditions, other.work = self._conditions, 0
        other.at, other._entry = self.at.copy(), self._entry.copy()
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
        if entry >= self._entry[module]:
            return []
        log.append((self._entry, module, self._entry[module]))
        self._entry[module] = entry
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
        self._nothing = Instants(self._conditions)

    def _grown(self, taken: Iterable[int]) -> Instants:
        instants = self._nothing.copy()
        for module in taken:
            instants.add(module)
        return instants

    def _gap(self, state: Instants, aim: int) -> list[int]:
        return [c for c in self._conditions.due if state.at[c] > aim]

    def _gain(self, module: int, state: Instants, gap: list[int], aim: int) -> int:
        return 1 + sum(state.at[f] > aim for f in self._conditions.forms[module])

    def _landmark(
        self, state: Instants, gap: list[int], aim: int, order: Sequence[int]
    ) -> Landmark:
        target, largest = self._random.choice(gap), state.copy()
        left = [m for m in order if not largest.add(m, target, aim)]
        self.work += largest.work
        return tuple(sorted(left))

    def trimmed(self, taken: Iterable[int], deadline: int) -> list[int]:
        """Return modules without those that the others can do without, the dearest first."""
        kept = set(taken)
        forms = self._conditions.forms
        for module in sorted(kept, key=lambda m: (-self.costs[m] / (1 + len(forms[m])), m)):
            instants = self._grown(sorted(kept - {module}))
            self.work += instants.work
            if not self._gap(instants, deadline):
                kept.remove(module)
        return sorted(kept)
