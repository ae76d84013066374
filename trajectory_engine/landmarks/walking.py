"""A walk over choices of modules, compiled: one module is taken out, and what is missing added."""

from __future__ import annotations

import math

import numpy as np

from trajectory_engine.heuristics.compiled import RandomState, compiled, draw, draw_below, inner
from trajectory_engine.heuristics.generation import copy_to
from trajectory_engine.landmarks.network import Bools, Integers, Network, State, copy_state
from trajectory_engine.landmarks.quick_schedule import grow, judge

CHAINED = 0.4
"""Part of the moves that take out a module of the chain that ends last."""
ADDED = 7
"""Modules added at most to form what is missing after one is taken out."""
DEARER = 6.0
"""Periods of work by which a choice may exceed the last one while that is done."""
TRIMMED = 4
"""Needless modules that are tried to be left out after that, at most."""
UNFORMED = 2.0
"""Periods that a module counts as dearer for everything that it waits for in vain."""


@compiled
def walk(
    network: Network,
    state: State,
    best: State,
    steps: Integers,
    goal: int,
    begun: int,
    total: int,
    heat: tuple[float, float],
    random: RandomState,
) -> None:
    """Go on with a walk, in place.

    Parameters
    ----------
    state, best : State
        Where the walk is, and the best choice that it has met.
    steps : ndarray of int64, shape (1,)
        Operators started so far: the effort, counted up.
    goal, begun, total : int
        Steps at which to return, at which the walk began, and that it has in all.
    heat : (float, float)
        Periods by which choices may be worse at first, and at last.
    """
    new, smaller = _empty(len(state.taken)), _empty(len(state.taken))
    while steps[0] < goal:
        now = heat[0] * (heat[1] / heat[0]) ** ((steps[0] - begun) / total)
        steps[0] += 1
        if not _neighbour(network, state, new, smaller, steps, random):
            continue
        worse = new.worth[0] - state.worth[0]
        if worse <= 0 or draw(random) < math.exp(-worse / now):
            copy_state(state, new)
            if state.worth[0] < best.worth[0]:
                copy_state(best, state)


@inner
def _empty(size: int) -> State:
    return State(
        np.empty(size, dtype=np.bool_),
        np.empty(size, dtype=np.bool_),
        np.empty(size, dtype=np.int64),
        np.empty(1),
    )


# ---- moves ---------------------------------------------------------------------------------------


@inner
def _neighbour(
    network: Network,
    state: State,
    new: State,
    smaller: State,
    steps: Integers,
    random: RandomState,
) -> bool:
    """Make a choice without some module of another one; return whether one is found."""
    modules = len(network.allowed)
    only_chained = draw(random) < CHAINED
    out = _one_of(state.chained if only_chained else state.taken, modules, random)
    if out < 0:
        return False
    copy_to(new.taken, state.taken)
    new.taken[out] = False
    added = np.zeros(modules, dtype=np.bool_)
    if not _mended(network, new.taken, out, added, steps, random):
        return False
    judge(network, new, steps)
    if new.worth[0] == np.inf:
        return False
    spare = _needless(network, new.taken, added)
    for _ in range(TRIMMED):
        module = _one_of(spare, modules, random)
        if module < 0:
            break
        spare[module] = False
        if not new.taken[module]:
            continue
        copy_to(smaller.taken, new.taken)
        smaller.taken[module] = False
        judge(network, smaller, steps)
        if smaller.worth[0] <= new.worth[0]:
            copy_state(new, smaller)
    return True


@inner
def _one_of(marked: Bools, size: int, random: RandomState) -> int:
    """Return a random one of the first that are marked, -1 if none is."""
    count = 0
    for i in range(size):
        count += marked[i]
    if not count:
        return -1
    left = draw_below(random, count)
    for i in range(size):
        if marked[i]:
            if not left:
                return i
            left -= 1
    return -1


@inner
def _mended(
    network: Network,
    taken: Bools,
    out: int,
    added: Bools,
    steps: Integers,
    random: RandomState,
) -> bool:
    """Add modules until everything is reached; return whether that does not take too many."""
    facts = len(network.required)
    formed = np.empty(facts, dtype=np.bool_)
    order = np.empty(len(taken), dtype=np.int64)
    waited_for = np.empty(len(taken), dtype=np.int64)
    missing = np.empty(facts, dtype=np.bool_)
    dearer = -network.work[out]
    for _ in range(ADDED + 1):
        if dearer > DEARER:
            return False
        grow(network, taken, order, formed, waited_for, steps)
        for fact in range(facts):
            missing[fact] = network.required[fact] and not formed[fact]
        fact = _one_of(missing, facts, random)
        if fact < 0:
            return True
        fact = _cause(network, fact, taken, formed, random)
        module = _supplier(network, fact, taken, formed, out, random)
        if module < 0:
            return False
        taken[module] = True
        added[module] = True
        dearer += network.work[module]
    return False


@inner
def _supplier(
    network: Network, fact: int, taken: Bools, formed: Bools, out: int, random: RandomState
) -> int:
    """Return a module that would form a fact, rather one of little work that can be entered.

    -1 if there is none.
    """
    modules = len(network.allowed)
    begin, end = network.suppliers_at[fact], network.suppliers_at[fact + 1]
    rates = np.zeros(end - begin)
    total = 0.0
    for i in range(end - begin):
        o = network.suppliers[begin + i]
        if o >= modules or taken[o] or o == out:
            continue
        lacking = 0
        for at in range(network.awaits_at[o], network.awaits_at[o + 1]):
            lacking += not formed[network.awaits[at]]
        rates[i] = 1 / (UNFORMED + network.work[o] + UNFORMED * lacking)
        total += rates[i]
    left, chosen = draw(random) * total, -1
    for i in range(end - begin):
        if rates[i] > 0:
            chosen = network.suppliers[begin + i]
            left -= rates[i]
            if left < 0:
                break
    return chosen


@inner
def _cause(network: Network, fact: int, taken: Bools, formed: Bools, random: RandomState) -> int:
    """Return a fact that nothing taken forms, and for want of which another one is missing."""
    seen = np.zeros(len(network.required), dtype=np.bool_)
    lacking = np.empty(len(network.required), dtype=np.bool_)
    while True:
        seen[fact] = True
        supplier = -1
        for at in range(network.suppliers_at[fact], network.suppliers_at[fact + 1]):
            if taken[network.suppliers[at]]:
                supplier = network.suppliers[at]
                break
        if supplier < 0:
            return fact
        for other in range(len(lacking)):
            lacking[other] = False
        for at in range(network.awaits_at[supplier], network.awaits_at[supplier + 1]):
            other = network.awaits[at]
            lacking[other] = not formed[other] and not seen[other]
        other = _one_of(lacking, len(lacking), random)
        if other < 0:  # a circle: something else must form it
            return fact
        fact = other


@inner
def _needless(network: Network, taken: Bools, added: Bools) -> Bools:
    """Return the modules whose facts others form as well, or nobody waits for."""
    supply = np.zeros(len(network.required), dtype=np.int64)
    asked = network.required.copy()
    for o in range(len(taken)):
        if taken[o]:
            for at in range(network.forms_at[o], network.forms_at[o + 1]):
                supply[network.forms[at]] += 1
            for at in range(network.awaits_at[o], network.awaits_at[o + 1]):
                asked[network.awaits[at]] = True
    needless = np.zeros(len(added), dtype=np.bool_)
    for o in range(len(added)):
        spare = taken[o] and not added[o]
        for at in range(network.forms_at[o], network.forms_at[o + 1]):
            fact = network.forms[at]
            spare = spare and (supply[fact] > 1 or not asked[fact])
        needless[o] = spare
    return needless
