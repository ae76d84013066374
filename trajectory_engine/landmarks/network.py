"""A choice of modules as flat arrays: who forms what, who waits for what, and its schedule."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trajectory_engine.heuristics.compiled import inner
from trajectory_engine.heuristics.generation import copy_to

Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Network(NamedTuple):
    """Who forms what, and who waits for what: o operators, the first m of them modules, f facts.

    A row of something begins where its array ``..._at`` says.

    Attributes
    ----------
    forms_at, forms : ndarray of int64
        Facts by operator.
    awaits_at, awaits : ndarray of int64
        Facts by operator, alone or in sums.
    suppliers_at, suppliers : ndarray of int64
        Operators by fact.
    alone_at, alone : ndarray of int64
        Operators that need a fact, by fact.
    summed_at, summed, weights : ndarray of int64
        Sums in which a fact counts, and what it counts, by fact.
    least, owner : ndarray of int64
        By sum: what it must reach, and the operator that waits for it.
    open : ndarray of int64, shape (o,)
        For how much an operator waits: facts that it needs, and sums.
    required : ndarray of bool, shape (f,)
        Whether a choice must form a fact.
    duration : ndarray of int64, shape (o,)
    work : ndarray of float64, shape (o,)
        Periods that a module fills.
    load_at, load : ndarray of int64
        Hours by module, in each of its periods.
    allowed : ndarray of bool, shape (m, periods + 1)
        Whether a module may start.
    room : ndarray of int64, shape (periods,)
        Hours of the periods.
    """

    forms_at: Integers
    forms: Integers
    awaits_at: Integers
    awaits: Integers
    suppliers_at: Integers
    suppliers: Integers
    alone_at: Integers
    alone: Integers
    summed_at: Integers
    summed: Integers
    weights: Integers
    least: Integers
    owner: Integers
    open: Integers
    required: Bools
    duration: Integers
    work: Floats
    load_at: Integers
    load: Integers
    allowed: Bools
    room: Integers


class State(NamedTuple):
    """A choice, and its quick schedule.

    Attributes
    ----------
    taken : ndarray of bool, shape (o,)
        The modules that can be entered, and all other operators.
    chained : ndarray of bool, shape (o,)
        Those of the chain that ends last.
    starts : ndarray of int64, shape (o,)
        -1 for operators that are not entered.
    worth : ndarray of float64, shape (1,)
        What is minimised; infinite if something is not reached, or finds no room.
    """

    taken: Bools
    chained: Bools
    starts: Integers
    worth: Floats


def no_state(operators: int) -> State:
    """Return a state to be filled in."""
    return State(
        np.zeros(operators, dtype=np.bool_),
        np.zeros(operators, dtype=np.bool_),
        np.full(operators, -1, dtype=np.int64),
        np.full(1, np.inf),
    )


@inner
def copy_state(target: State, source: State) -> None:
    """Copy a state into another one."""
    copy_to(target.taken, source.taken)
    copy_to(target.chained, source.chained)
    copy_to(target.starts, source.starts)
    target.worth[0] = source.worth[0]
