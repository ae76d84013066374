"""Horizon tightening: starts before the earliest possible entry, or after the latest useful one.

Heads: a class is formed no earlier than the earliest end of a provider, or than the last of what
f asks for; a module starts no earlier than every class that it cannot start without, the first
member of every other group, and the first of every condition on modules.  Tails: if every plan
takes a module n, and a class that n cannot start without has one provider m, then m ends by the
latest start of n.

Proof.  Heads by induction over the events of a plan, as in forward reach; tails since m is the
only one to form what n waits for.  Starts outside are in no plan; the others stay.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trajectory_engine.problem.teacher_problem import ModeOption, ModuleOption, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays
from trajectory_engine.reduce.forced import forced_modules
from trajectory_engine.reduce.rebuild import without

ROUNDS = 1000
"""Rounds after which heads are taken as they are."""

Times = npt.NDArray[np.float64]
"""Periods; infinite where there is none."""


def horizon(arrays: Arrays) -> TeacherProblem:
    """Leave out starts that are too early or too late for any plan."""
    heads, ends = _heads(arrays), _latest_ends(arrays)
    problem = arrays.problem
    first, last = _extremes(arrays)
    late = last + arrays.durations > ends[arrays.mode_owner]
    touched = np.bincount(
        arrays.mode_owner[(first < heads[arrays.mode_owner]) | late], minlength=arrays.modules
    )
    if not touched.any():
        return problem
    modules = tuple(
        _trimmed(option, heads[m], ends[m]) if touched[m] else option
        for m, option in enumerate(problem.modules)
    )
    changed = Arrays(replace(problem, modules=modules))
    return without(changed, modes=changed.start_counts == 0)


def _trimmed(option: ModuleOption, head: float, end: float) -> ModuleOption:
    def kept(mode: ModeOption) -> ModeOption:
        first = bisect_left(mode.starts, head)
        last = bisect_right(mode.starts, end - mode.duration)
        if first == 0 and last == len(mode.starts):
            return mode
        return replace(mode, starts=mode.starts[first:last])

    return replace(option, modes=tuple(map(kept, option.modes)))


def _extremes(arrays: Arrays) -> tuple[Times, Times]:
    """Return the first and the last start of every mode."""
    modes = [k for m in arrays.problem.modules for k in m.modes]
    first = [k.starts[0] if k.starts else np.inf for k in modes]
    last = [k.starts[-1] if k.starts else -np.inf for k in modes]
    return np.asarray(first, float), np.asarray(last, float)


def _heads(arrays: Arrays) -> Times:
    """Return an instant before which the entry of no module can hold.

    Rises from 0, so that the instants are valid after any number of rounds.  What would come
    after the deadline never comes: without that, two modules that wait for each other would
    postpone each other for ever.
    """
    first, _ = _extremes(arrays)
    entry = np.zeros(arrays.modules)
    formed = np.zeros(arrays.classes)
    ends = np.zeros(arrays.modules)
    for _ in range(ROUNDS):
        starts = np.maximum(first, entry[arrays.mode_owner])
        new_ends = np.full(arrays.modules, np.inf)
        np.minimum.at(new_ends, arrays.mode_owner, starts + arrays.durations)
        # Beyond the deadline is never: modules that wait for each other in a circle would climb
        # without an end.
        new_ends[new_ends > arrays.problem.deadline] = np.inf
        new_formed = _by_row(np.minimum, arrays.providers, new_ends, np.inf)
        late = _by_row(np.maximum, arrays.rule_needs, formed, 0.0)
        new_formed[arrays.by_rule] = np.minimum(new_formed[arrays.by_rule], late)
        new_formed[new_formed > arrays.problem.deadline] = np.inf
        if (new_formed == formed).all() and (new_ends == ends).all():
            break
        formed, ends = new_formed, new_ends
        entry = np.maximum(
            _by_row(np.maximum, arrays.needs, formed, 0.0),
            _waits(arrays, formed, ends),
        )
    return entry


def _waits(arrays: Arrays, formed: Times, ends: Times) -> Times:
    """Return what groups and conditions on modules at least wait for, by module."""
    found = np.zeros(arrays.modules)
    np.maximum.at(found, arrays.group_owner, _by_row(np.minimum, arrays.groups, formed, np.inf))
    np.maximum.at(found, arrays.wait_owner, _by_row(np.minimum, arrays.waits, ends, np.inf))
    return found


def _by_row(extreme: np.ufunc, matrix: object, values: Times, empty: float) -> Times:
    """Return the extreme of the values in the columns of every row."""
    indptr, indices = matrix.indptr, matrix.indices  # type: ignore[attr-defined]
    found = np.full(len(indptr) - 1, empty)
    filled = np.flatnonzero(np.diff(indptr))
    if len(filled):
        found[filled] = extreme.reduceat(values[indices], indptr[filled])
    return found


def _latest_ends(arrays: Arrays) -> Times:
    """Return the latest instant by which every module must have ended if it is taken."""
    taken, _ = forced_modules(arrays)
    only = (np.diff(arrays.providers.indptr) == 1) & ~arrays.has_rule
    ends = np.full(arrays.modules, float(arrays.problem.deadline))
    if not (taken.any() and only.any()):
        return ends
    _, last = _extremes(arrays)
    needs = arrays.needs.tocoo()
    of_use = taken[needs.row] & only[needs.col]
    waiting, needed = needs.row[of_use], needs.col[of_use]
    provider = arrays.providers.indices[arrays.providers.indptr[needed]]
    while True:
        starts = np.full(arrays.modules, -np.inf)
        np.maximum.at(
            starts,
            arrays.mode_owner,
            np.minimum(last, ends[arrays.mode_owner] - arrays.durations),
        )
        tighter = ends.copy()
        np.minimum.at(tighter, provider, starts[waiting])
        tighter = np.maximum(tighter, -1.0)
        if (tighter == ends).all():
            return ends
        ends = tighter
