"""What a reduction step keeps of a problem, and what a caller needs to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Preserves(IntEnum):
    """What is the same before and after a step; each promise contains the ones before it.

    FEASIBILITY: there is a plan before iff there is one after, and every plan after is one before.
    OPTIMUM: also the lexicographic optimum of the problem's objectives, tolerances included.
    ANSWER: also the one plan that is left when ties are broken to the end (fewest modules,
    earliest starts, order of ids, modes and starts).
    ALL_SOLUTIONS: also every other plan.
    """

    FEASIBILITY = 0
    OPTIMUM = 1
    ANSWER = 2
    ALL_SOLUTIONS = 3


@dataclass(frozen=True, slots=True)
class Contract:
    """What a caller needs.

    Attributes
    ----------
    preserves : Preserves
    shared : bool
        Whether the plan must also keep to limits that are shared with other teachers and are
        not part of the problem (seats, budgets): then the plan that a step leaves in the place
        of another one may be one that the others have no room for.
    """

    preserves: Preserves
    shared: bool = False


PLAN = Contract(Preserves.ANSWER)
"""One teacher's best plan; what is asked of it beyond the scenario is part of the problem."""
ANY_PLAN = Contract(Preserves.FEASIBILITY)
"""Any plan, or a proof that there is none."""
EVERY_PLAN = Contract(Preserves.ALL_SOLUTIONS)
"""All plans, to count or to list them."""
COHORT = Contract(Preserves.OPTIMUM, shared=True)
"""A column of a problem of many teachers: prices of what is shared change from call to call."""
