"""Forced modules: those that every plan takes.

A module is forced by a clause that names it alone, or as the only provider of a class that every
plan forms, f not forming it.  Every plan forms what a hard goal of one way asks for, what a forced
module cannot start without, and what f asks for behind a needed class that nobody teaches.

Proof.  Each of these says "every plan" about its conclusion if it does about its premise.  The
clauses that the step adds hold in every plan, so every plan stays one, and no new one appears.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trajectory_engine.problem.teacher_problem import Clause, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Bools, mask_of

REASON = "forced"


def forced_modules(arrays: Arrays) -> tuple[Bools, Bools]:
    """Return the modules that every plan takes, and the classes that every plan forms."""
    alone = [c.modules[0] for c in arrays.problem.clauses if _names_one(c)]
    taken, formed = mask_of(alone, arrays.modules), arrays.required.copy()
    supply = np.diff(arrays.providers.indptr)
    only = (supply == 1) & ~arrays.has_rule
    untaught = (supply == 0)[arrays.by_rule]
    asked, asked_by_rule = arrays.needs.T, arrays.rule_needs.T
    while True:
        more_taken = taken | (arrays.attains @ (formed & only).astype(np.int64) > 0)
        needed = asked @ more_taken.astype(np.int64) > 0
        behind = (formed[arrays.by_rule] & untaught).astype(np.int64)
        more_formed = formed | needed | (asked_by_rule @ behind > 0)
        if (more_taken == taken).all() and (more_formed == formed).all():
            return taken, formed
        taken, formed = more_taken, more_formed


def _names_one(clause: Clause) -> bool:
    return clause.guard is None and len(clause.modules) == 1


def forced(arrays: Arrays) -> TeacherProblem:
    """Say of every forced module that it is taken."""
    taken, _ = forced_modules(arrays)
    said = {c.modules[0] for c in arrays.problem.clauses if _names_one(c)}
    new = [m for m in np.flatnonzero(taken).tolist() if m not in said]
    if not new:
        return arrays.problem
    clauses = (*arrays.problem.clauses, *(Clause(REASON, (m,)) for m in new))
    return replace(arrays.problem, clauses=clauses)
