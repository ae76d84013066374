"""When one mode is at least as good as another one in every row, order and parallel limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.teacher_problem import Literal, ModeOption, Row, TeacherProblem


class Standing:
    """Where modes stand in the constraints of a problem that name them.

    Parameters
    ----------
    problem : TeacherProblem
    """

    def __init__(self, problem: TeacherProblem) -> None:
        cuts = (c for ss in problem.shortfalls.values() for s in ss for c in s.cuts)
        self._rows: list[Row] = [*problem.rows, *cuts]
        self._in: defaultdict[Literal, dict[int, int]] = defaultdict(dict)
        self._timed: set[Literal] = set()
        for r, row in enumerate(self._rows):
            for literal, coefficient in row.terms:
                self._in[literal][r] = self._in[literal].get(r, 0) + coefficient
            self._timed.update(window.literal for window, _ in row.timed)
            self._timed.update(window.literal for windows in row.when for window in windows)
        named: Iterable[tuple[Literal, ...]] = (
            *(side for o in problem.orderings for side in (o.before, o.after)),
            *(p.modes for p in problem.parallels),
        )
        self._named: defaultdict[Literal, set[int]] = defaultdict(set)
        for i, literals in enumerate(named):
            for literal in literals:
                self._named[literal].add(i)
        self._counted = {s.name for s in problem.objectives if not s.tolerance}

    def replaces(self, better: Literal, other: Literal) -> bool:
        """Return whether taking ``better`` in the place of ``other`` violates nothing."""
        if better in self._timed or other in self._timed:
            return False
        if not self._named[better] <= self._named[other]:
            return False
        mine, theirs = self._in[better], self._in[other]
        for r in mine.keys() | theirs.keys():
            gain = mine.get(r, 0) - theirs.get(r, 0)
            row = self._rows[r]
            if (row.most is not None and gain > 0) or (row.least is not None and gain < 0):
                return False
        return True

    def may_go(self, literal: Literal) -> bool:
        """Return whether leaving a taken mode out violates no row."""
        if literal in self._timed:
            return False
        return all(
            (self._rows[r].most is None or coefficient >= 0)
            and (self._rows[r].least is None or coefficient <= 0)
            for r, coefficient in self._in[literal].items()
        )

    def is_cheaper(self, better: ModeOption, other: ModeOption) -> bool:
        """Return whether a sum that is minimised, without tolerance, is really smaller."""
        return (ObjectiveName.STUDY_HOURS in self._counted and better.hours < other.hours) or (
            ObjectiveName.COST in self._counted and better.price < other.price
        )


def fits_in(better: ModeOption, other: ModeOption) -> bool:
    """Return whether a mode can stand in the place of another one: no more of anything.

    It has all starts of the other one, ends no later, and in every period has no more hours and
    uses no more of any resource.
    """
    if (
        better.duration > other.duration
        or better.hours > other.hours
        or better.price > other.price
        or any(b > o for b, o in zip(better.load, other.load, strict=False))
    ):
        return False
    used = dict(other.renewable)
    if any(amount > used.get(resource, 0) for resource, amount in better.renewable):
        return False
    return _covers(better.starts, other.starts)


def _covers(starts: tuple[int, ...], others: tuple[int, ...]) -> bool:
    """Return whether all of some rising periods are among others."""
    if not others:
        return True
    if len(starts) < len(others) or starts[0] > others[0] or starts[-1] < others[-1]:
        return False
    without_gaps = starts[-1] - starts[0] + 1 == len(starts)
    return without_gaps or set(starts).issuperset(others)
