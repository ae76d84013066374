"""A walk over choices of modules, each judged by a quick schedule, compiled.

What a choice forms, and by when, is grown from nothing, each operator at its earliest; the chains
behind give the order of a serial schedule (Kolisch, 1996), and what each operator has waited for in
it the precedence with which it is moved to the right and back to the left (Li and Willis, 1992).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trajectory_engine.heuristics.compiled import RandomState, compiled, draw, draw_below, inner
from trajectory_engine.heuristics.generation import copy_to, sort_by

Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

CHAINED = 0.4
"""Part of the moves that take out a module of the chain that ends last."""
ADDED = 7
"""Modules added at most to form what is missing after one is taken out."""
DEARER = 6.0
"""Periods of work by which a choice may exceed the last one while that is done."""
TRIMMED = 4
"""Needless modules that are tried to be left out after that, at most."""
ROOM = 0.3
"""What a period of work counts, in periods at the end of the schedule."""
CHAIN = 0.05
"""What a period of the longest chain counts."""
UNFORMED = 2.0
"""Periods that a module counts as dearer for everything that it waits for in vain."""


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
        _grow(network, taken, order, formed, waited_for, steps)
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


# ---- what a choice forms, and by when ------------------------------------------------------------


@compiled
def judge(network: Network, state: State, steps: Integers) -> None:
    """Schedule what a state takes, in place; what can not be entered is taken out.

    Parameters
    ----------
    state : State
        All but ``taken`` is filled in.
    steps : ndarray of int64, shape (1,)
        Counted up.
    """
    size, modules, facts = len(state.taken), len(network.allowed), len(network.required)
    order, waited_for = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    formed = np.empty(facts, dtype=np.bool_)
    state.worth[0] = np.inf
    count = _grow(network, state.taken, order, formed, waited_for, steps)
    for fact in range(facts):
        if network.required[fact] and not formed[fact]:
            return
    longest, work = 0, 0.0
    for o in range(size):
        state.starts[o] = -1
        state.chained[o] = False
        if o < modules:
            state.taken[o] = False
    for at in range(count):
        o = order[at]
        state.taken[o] = True
        work += network.work[o]
    if count:
        last = order[count - 1]
        while last >= 0:
            state.chained[last] = True
            longest += network.duration[last]
            last = waited_for[last]
    end = _schedule(network, state, order[:count], steps)
    if end >= 0:
        state.worth[0] = end + ROOM * work + CHAIN * longest


@inner
def _grow(
    network: Network,
    taken: Bools,
    order: Integers,
    formed: Bools,
    waited_for: Integers,
    steps: Integers,
) -> int:
    """Form what a choice forms, each operator at its earliest, hours left aside.

    Parameters
    ----------
    order : ndarray of int64, shape (o,)
        Filled in with the operators that can be entered, by their ends.
    formed : ndarray of bool, shape (f,)
        Filled in.
    waited_for : ndarray of int64, shape (o,)
        The operator after which another one could begin at last, -1 without one.

    Returns
    -------
    int
        How many operators can be entered.
    """
    size = len(taken)
    still_open, least = network.open.copy(), network.least.copy()
    heap, held, count = np.empty(size, dtype=np.int64), 0, 0
    woken = np.empty(size, dtype=np.int64)
    for fact in range(len(formed)):
        formed[fact] = False
    for o in range(size):
        waited_for[o] = -1
        if taken[o] and not still_open[o]:
            held = _push(heap, held, network.duration[o] * size + o)
    while held:
        key = heap[0]
        held = _pop(heap, held)
        now, operator = key // size, key % size
        order[count] = operator
        count += 1
        for at in range(network.forms_at[operator], network.forms_at[operator + 1]):
            fact = network.forms[at]
            if formed[fact]:
                continue
            formed[fact] = True
            for at_woken in range(_woken(network, taken, still_open, least, fact, woken)):
                waiting = woken[at_woken]
                waited_for[waiting] = operator
                held = _push(heap, held, (now + network.duration[waiting]) * size + waiting)
    steps[0] += 1 + count
    return count


@inner
def _woken(
    network: Network,
    taken: Bools,
    still_open: Integers,
    least: Integers,
    fact: int,
    woken: Integers,
) -> int:
    """Note the operators that wait for nothing more once a fact is formed; return how many."""
    count = 0
    for at in range(network.alone_at[fact], network.alone_at[fact + 1]):
        operator = network.alone[at]
        if taken[operator]:
            still_open[operator] -= 1
            if not still_open[operator]:
                woken[count] = operator
                count += 1
    for at in range(network.summed_at[fact], network.summed_at[fact + 1]):
        group = network.summed[at]
        operator = network.owner[group]
        if taken[operator] and least[group] > 0:
            least[group] -= network.weights[at]
            if least[group] <= 0:
                still_open[operator] -= 1
                if not still_open[operator]:
                    woken[count] = operator
                    count += 1
    return count


@inner
def _push(heap: Integers, held: int, key: int) -> int:
    """Put a key into a heap; return how many it holds."""
    at = held
    while at > 0 and heap[(at - 1) // 2] > key:
        heap[at] = heap[(at - 1) // 2]
        at = (at - 1) // 2
    heap[at] = key
    return held + 1


@inner
def _pop(heap: Integers, held: int) -> int:
    """Take the least key out of a heap; return how many it holds."""
    held -= 1
    key, at = heap[held], 0
    while 2 * at + 1 < held:
        child = 2 * at + 1
        if child + 1 < held and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = key
    return held


# ---- schedules -----------------------------------------------------------------------------------


@inner
def _schedule(network: Network, state: State, entered: Integers, steps: Integers) -> int:
    """Schedule the operators that can be entered; return the end, -1 if one finds no room.

    Of what waits for nothing, that with the longest chain behind it is put on the calendar next.
    Then all is moved to the right and to the left.
    """
    size, facts = len(state.taken), len(network.required)
    tails = _tails(network, entered, size)
    still_open, least = network.open.copy(), network.least.copy()
    formed = np.full(facts, -1, dtype=np.int64)
    former = np.full(facts, -1, dtype=np.int64)
    order, count = np.empty(len(entered), dtype=np.int64), 0
    room = network.room.copy()
    heap, held = np.empty(len(entered) + 1, dtype=np.int64), 0
    woken = np.empty(size, dtype=np.int64)
    highest = 0
    for o in entered:
        highest = max(highest, tails[o])
    for o in entered:
        if not network.open[o]:
            held = _push(heap, held, (highest - tails[o]) * size + o)
    end = 0
    while held:
        operator = heap[0] % size
        held = _pop(heap, held)
        begin = 0
        for at in range(network.awaits_at[operator], network.awaits_at[operator + 1]):
            begin = max(begin, formed[network.awaits[at]])
        start = _early(network, room, operator, begin)
        if start < 0:
            return -1
        state.starts[operator] = start
        order[count] = operator
        count += 1
        own = start + network.duration[operator]
        end = max(end, own)
        for at in range(network.forms_at[operator], network.forms_at[operator + 1]):
            fact = network.forms[at]
            if formed[fact] >= 0:
                if own < formed[fact]:
                    formed[fact], former[fact] = own, operator
                continue
            formed[fact], former[fact] = own, operator
            for at_woken in range(_woken(network, state.taken, still_open, least, fact, woken)):
                waiting = woken[at_woken]
                held = _push(heap, held, (highest - tails[waiting]) * size + waiting)
    steps[0] += 1 + count
    return _to_and_fro(network, state.starts, order[:count], former, end, steps)


@inner
def _tails(network: Network, entered: Integers, size: int) -> Integers:
    """Return by operator the longest chain from its start, 0 for those not entered."""
    tails = np.zeros(size, dtype=np.int64)
    for at in range(len(entered) - 1, -1, -1):
        operator, behind = entered[at], 0
        for form in range(network.forms_at[operator], network.forms_at[operator + 1]):
            fact = network.forms[form]
            for i in range(network.alone_at[fact], network.alone_at[fact + 1]):
                behind = max(behind, tails[network.alone[i]])
            for i in range(network.summed_at[fact], network.summed_at[fact + 1]):
                behind = max(behind, tails[network.owner[network.summed[i]]])
        tails[operator] = behind + network.duration[operator]
    return tails


@inner
def _early(network: Network, room: Integers, operator: int, begin: int) -> int:
    """Return the first start from ``begin`` on at which there is room, and take it; -1 if none."""
    modules, periods = network.allowed.shape
    if operator >= modules:
        return begin
    first, last = network.load_at[operator], network.load_at[operator + 1]
    for start in range(begin, periods):
        if network.allowed[operator, start]:
            fits = True
            for at in range(first, last):
                if room[start + at - first] < network.load[at]:
                    fits = False
                    break
            if fits:
                for at in range(first, last):
                    room[start + at - first] -= network.load[at]
                return start
    return -1


@inner
def _late(network: Network, room: Integers, operator: int, latest: int) -> int:
    """Return the last start up to ``latest`` at which there is room, and take it; -1 if none."""
    modules, periods = network.allowed.shape
    if operator >= modules:
        return latest
    first, last = network.load_at[operator], network.load_at[operator + 1]
    for start in range(min(latest, periods - 1), -1, -1):
        if network.allowed[operator, start]:
            fits = True
            for at in range(first, last):
                if room[start + at - first] < network.load[at]:
                    fits = False
                    break
            if fits:
                for at in range(first, last):
                    room[start + at - first] -= network.load[at]
                return start
    return -1


@inner
def _to_and_fro(
    network: Network,
    starts: Integers,
    order: Integers,
    former: Integers,
    end: int,
    steps: Integers,
) -> int:
    """Move a schedule to the right and to the left in place; return its end, never a later one.

    Parameters
    ----------
    order : ndarray of int64
        The operators, none before one that it waits for.
    former : ndarray of int64, shape (f,)
        The operator that forms a fact first.
    """
    size = len(order)
    moved = starts.copy()
    latest = np.full(len(starts), end, dtype=np.int64)
    keys, turns = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    for at in range(size):
        own = starts[order[at]] + network.duration[order[at]]
        keys[at] = -(own * size + at)
    sort_by(keys, turns)
    room = network.room.copy()
    for turn in turns:
        o = order[turn]
        start = _late(network, room, o, latest[o] - network.duration[o])
        if start < 0:
            return end
        moved[o] = start
        for i in range(network.awaits_at[o], network.awaits_at[o + 1]):
            before = former[network.awaits[i]]
            if before >= 0 and starts[before] + network.duration[before] <= starts[o]:
                latest[before] = min(latest[before], start)
    for at in range(size):
        keys[at] = moved[order[at]] * size + at
    sort_by(keys, turns)
    room = network.room.copy()
    reached = 0
    for turn in turns:
        o, begin = order[turn], 0
        for i in range(network.awaits_at[o], network.awaits_at[o + 1]):
            before = former[network.awaits[i]]
            if before >= 0 and starts[before] + network.duration[before] <= starts[o]:
                begin = max(begin, latest[before])
        start = _early(network, room, o, begin)
        if start < 0:
            return end
        moved[o] = start
        latest[o] = start + network.duration[o]
        reached = max(reached, latest[o])
    steps[0] += 2 * size
    if reached > end:
        return end
    for o in order:
        starts[o] = moved[o]
    return reached
