"""A teacher's problem as sparse matrices, each built when a step first asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

from trajectory_engine.graph.csr import distinct
from trajectory_engine.problem.teacher_problem import TeacherProblem

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def incidence(lists: Sequence[Sequence[int]], columns: int) -> sparse.csr_array:
    """Return the 0/1 matrix whose row i has ones in the columns ``lists[i]``."""
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    indices = np.fromiter(chain.from_iterable(lists), np.int64, int(lengths.sum()))
    data = np.ones(len(indices), np.int64)
    return sparse.csr_array((data, indices, _pointers(lengths)), shape=(len(lists), columns))


def _pointers(lengths: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])


def all_ways(problem: TeacherProblem) -> list[tuple[tuple[int, ...], ...]]:
    """Return the ways of every goal."""
    return [g.ways for g in problem.hard_goals] + [g.ways for g in problem.soft_goals]


def mask_of(items: Iterable[int], size: int) -> Bools:
    """Return a mask of the given length with the items set."""
    mask = np.zeros(size, np.bool_)
    mask[np.fromiter(items, np.int64)] = True
    return mask


_OF_WHAT_IS_ASKED = ("problem", "wanted", "required", "consumed")
"""Attributes that depend on more than modules and classes."""


class Arrays:
    """Matrices of one problem.

    Rows and columns are classes (C), modules (M), modes in the order of their modules (K), and
    groups of entry conditions (G).

    Parameters
    ----------
    problem : TeacherProblem
    """

    def __init__(self, problem: TeacherProblem) -> None:
        self.problem = problem
        self.modules = len(problem.modules)
        self.classes = len(problem.classes)

    def after(self, problem: TeacherProblem) -> Arrays:
        """Return the matrices of a changed problem; those of modules and classes may be kept."""
        found = Arrays(problem)
        before = self.problem
        if problem.modules is before.modules and problem.classes is before.classes:
            known = vars(self).items()
            vars(found).update({k: v for k, v in known if k not in _OF_WHAT_IS_ASKED})
        return found

    # ---- who attains, who needs -------------------------------------------------------------

    @cached_property
    def attains(self) -> sparse.csr_array:
        """Modules by classes, shape (M, C)."""
        return incidence([m.attains for m in self.problem.modules], self.classes)

    @cached_property
    def providers(self) -> sparse.csr_array:
        """Classes by modules, shape (C, M)."""
        return self.attains.T.tocsr()

    @cached_property
    def by_rule(self) -> Ints:
        """Classes that f may form."""
        needs = [c for c, k in enumerate(self.problem.classes) if k.rule_needs is not None]
        return np.asarray(needs, np.int64)

    @cached_property
    def has_rule(self) -> Bools:
        """Whether f may form a class, by class."""
        return mask_of(self.by_rule.tolist(), self.classes)

    @cached_property
    def rule_needs(self) -> sparse.csr_array:
        """What f asks for, shape (classes that f may form, C)."""
        needs = [self.problem.classes[c].rule_needs or () for c in self.by_rule.tolist()]
        return incidence(needs, self.classes)

    @cached_property
    def group_owner(self) -> Ints:
        """Module of every group."""
        counts = np.fromiter((len(m.entry) for m in self.problem.modules), np.int64, self.modules)
        return np.repeat(np.arange(self.modules), counts)

    @cached_property
    def group_least(self) -> Ints:
        """Weight that every group asks for."""
        return np.asarray([g.least for m in self.problem.modules for g in m.entry], np.int64)

    @cached_property
    def groups(self) -> sparse.csr_array:
        """Weights of the members of groups, shape (G, C)."""
        found = [g.members for m in self.problem.modules for g in m.entry]
        flat = chain.from_iterable(chain.from_iterable(found))
        columns, weights = np.fromiter(flat, np.int64).reshape(-1, 2).T.copy()
        lengths = np.fromiter(map(len, found), np.int64, len(found))
        shape = (len(found), self.classes)
        return sparse.csr_array((weights, columns, _pointers(lengths)), shape=shape)

    @cached_property
    def needs(self) -> sparse.csr_array:
        """Classes that a module cannot start without, as its entry says, shape (M, C)."""
        groups, owner = self.groups, self.group_owner
        sizes = np.diff(groups.indptr)
        every = np.flatnonzero(self._needs_all)
        modules = np.repeat(owner[every], sizes[every])
        codes = distinct(modules * self.classes + groups[every].indices)
        lengths = np.bincount(codes // max(1, self.classes), minlength=self.modules)
        data, columns = np.ones(len(codes), np.int64), codes % max(1, self.classes)
        shape = (self.modules, self.classes)
        return sparse.csr_array((data, columns, _pointers(lengths)), shape=shape)

    @property
    def _needs_all(self) -> Bools:
        """Whether a group asks for each of its members, as :class:`Group` says, shape (G,)."""
        weights, pointers = self.groups.data, self.groups.indptr[:-1]
        if not len(weights):
            return np.zeros(len(pointers), np.bool_)
        total, least = np.add.reduceat(weights, pointers), np.minimum.reduceat(weights, pointers)
        alone = np.diff(self.groups.indptr) == 1
        found: Bools = alone | (total - least < self.group_least)
        return found

    @cached_property
    def waits(self) -> sparse.csr_array:
        """Alternatives of every entry module, shape (conditions, M)."""
        found = [ms for m in self.problem.modules for ms in m.entry_modules]
        return incidence(found, self.modules)

    @cached_property
    def wait_owner(self) -> Ints:
        """Module of every condition on modules."""
        counts = [len(m.entry_modules) for m in self.problem.modules]
        return np.repeat(np.arange(self.modules), np.asarray(counts, np.int64))

    @cached_property
    def partners(self) -> sparse.csr_array:
        """Modules that may have to be taken beside a module, shape (M, M)."""
        found = [
            sorted({a for ms in (*m.co, *m.strict_co) for a in ms}) for m in self.problem.modules
        ]
        return incidence(found, self.modules)

    # ---- modes ------------------------------------------------------------------------------

    @cached_property
    def mode_count(self) -> Ints:
        """Modes of every module."""
        return np.fromiter((len(m.modes) for m in self.problem.modules), np.int64, self.modules)

    @cached_property
    def first_mode(self) -> Ints:
        """Position of the first mode of every module among all modes."""
        return _pointers(self.mode_count)[:-1]

    @cached_property
    def mode_owner(self) -> Ints:
        """Module of every mode."""
        return np.repeat(np.arange(self.modules), self.mode_count)

    def by_mode(self, values: Iterable[int]) -> Ints:
        """Return one integer for every mode as an array."""
        return np.fromiter(values, np.int64, int(self.mode_count.sum()))

    @cached_property
    def hours(self) -> Ints:
        """Study hours of every mode."""
        return self.by_mode(k.hours for m in self.problem.modules for k in m.modes)

    @cached_property
    def prices(self) -> Ints:
        """Price of every mode."""
        return self.by_mode(k.price for m in self.problem.modules for k in m.modes)

    @cached_property
    def durations(self) -> Ints:
        """Duration of every mode."""
        return self.by_mode(k.duration for m in self.problem.modules for k in m.modes)

    @cached_property
    def start_counts(self) -> Ints:
        """Number of starts of every mode."""
        return self.by_mode(len(k.starts) for m in self.problem.modules for k in m.modes)

    def least_by_module(self, values: Ints, missing: int = 0) -> Ints:
        """Return the least of a value over the modes of every module."""
        found = np.full(self.modules, np.iinfo(np.int64).max)
        np.minimum.at(found, self.mode_owner, values)
        found[self.mode_count == 0] = missing
        return found

    # ---- what is asked for ------------------------------------------------------------------

    @cached_property
    def wanted(self) -> Bools:
        """Classes that a goal or a row over what is formed looks at."""
        problem = self.problem
        classes = {c for ways in all_ways(problem) for way in ways for c in way}
        classes.update(c for row in problem.state_rows for c, _ in row.terms)
        return mask_of(classes, self.classes)

    @cached_property
    def required(self) -> Bools:
        """Classes that every plan forms because a hard goal says so."""
        goals = self.problem.hard_goals
        sure = (g.ways[0] for g in goals if g.guard is None and len(g.ways) == 1)
        return mask_of(chain.from_iterable(sure), self.classes)

    @cached_property
    def consumed(self) -> Bools:
        """Classes that anything looks at: goals, rows, entry conditions, f."""
        found = self.wanted.copy()
        found[self.groups.indices] = True
        found[self.rule_needs.indices] = True
        return found
