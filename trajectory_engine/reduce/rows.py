"""Row dominance: what must be formed because something else must, and rows that always hold.

A class d entails a class c if f does not form d and every provider of d either attains c or cannot
start without it.  Of the classes that every plan forms only those are asked for that no other one
entails, one of each set that entail each other; what a forced module attains is not asked for.
A linear row goes if the least and the most that it can sum to keep it.

Proof.  If d is formed at the end then some provider of d has run, so c is formed too; entailment
is a relation over plans and thus transitive, and every class that goes is entailed by one that
stays or by a forced module (of each source of the relation's strong components one class stays).
A goal that loses classes is met by the same plans.  A row that goes was violated by no choice.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trajectory_engine.problem.teacher_problem import HardGoal, Row, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Bools, Ints
from trajectory_engine.reduce.connected import component_of
from trajectory_engine.reduce.executable import row_uses
from trajectory_engine.reduce.modules import MOST_PAIRS


def rows(arrays: Arrays) -> TeacherProblem:
    """Ask for nothing that something else entails; leave out rows that always hold."""
    problem = arrays.problem
    kept = tuple(row for row in problem.rows if not always_holds(arrays, row))
    goals = _goals(problem.hard_goals, _entailed(arrays))
    if len(kept) == len(problem.rows) and goals == problem.hard_goals:
        return problem
    return replace(problem, rows=kept, hard_goals=goals)


def _goals(goals: tuple[HardGoal, ...], sure: Bools) -> tuple[HardGoal, ...]:
    """Return the goals without classes that are formed anyway; a goal with none left is met."""
    if not sure.any():
        return goals
    found = []
    for goal in goals:
        ways = tuple(dict.fromkeys(tuple(c for c in way if not sure[c]) for way in goal.ways))
        if () not in ways:
            found.append(goal if ways == goal.ways else replace(goal, ways=ways))
    return tuple(found)


def _entailed(arrays: Arrays) -> Bools:
    """Return the required classes that need not be asked for."""
    named = [
        c.modules[0] for c in arrays.problem.clauses if c.guard is None and len(c.modules) == 1
    ]
    sure = np.zeros(arrays.classes, np.bool_)
    if named:
        taken = arrays.attains[np.asarray(named)] + arrays.needs[np.asarray(named)]
        sure[taken.indices] = True
    asked = np.flatnonzero(arrays.required & ~sure)
    return sure | _entailed_among(arrays, asked)


def _entailed_among(arrays: Arrays, asked: Ints) -> Bools:
    """Return which of some classes are entailed by others of them."""
    found = np.zeros(arrays.classes, np.bool_)
    given = (arrays.attains + arrays.needs)[:, asked].tocsc()
    given.data[:] = 1
    if len(asked) < 2 or (np.diff(given.indptr).astype(np.int64) ** 2).sum() > MOST_PAIRS:
        return found
    common = (arrays.providers[asked] @ given.tocsr()).tocoo()
    supply = np.diff(arrays.providers.indptr)[asked]
    entails = (common.data == supply[common.row]) & (common.row != common.col)
    entails &= ~arrays.has_rule[asked][common.row]
    one, other = common.row[entails], common.col[entails]
    part = component_of(one, other, len(asked), strong=True)
    entered = np.zeros(part.max(initial=-1) + 1, np.bool_)
    entered[part[other[part[one] != part[other]]]] = True
    _, first = np.unique(part, return_index=True)
    stays = np.zeros(len(asked), np.bool_)
    stays[first[~entered]] = True
    found[asked[~stays]] = True
    return found


def always_holds(arrays: Arrays, row: Row) -> bool:
    """Return whether no choice of modes can violate a row."""
    if row.timed:
        return False
    use = row_uses(arrays, row)
    most, least = np.zeros(arrays.modules, np.int64), np.zeros(arrays.modules, np.int64)
    np.maximum.at(most, arrays.mode_owner, use)
    np.minimum.at(least, arrays.mode_owner, use)
    below = row.most is None or int(most.sum()) <= row.most
    return below and (row.least is None or int(least.sum()) >= row.least)
