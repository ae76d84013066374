"""The quick schedule by which a choice of modules is judged, compiled.

What a choice forms, and by when, is grown from nothing, each operator at its earliest; the chains
behind give the order of a serial schedule (Kolisch, 1996), and what each operator has waited for in
it the precedence with which it is moved to the right and back to the left (Li and Willis, 1992).
"""

from __future__ import annotations

import numpy as np

from trajectory_engine.heuristics.compiled import compiled, inner
from trajectory_engine.heuristics.generation import sort_by
from trajectory_engine.landmarks.network import Bools, Integers, Network, State

ROOM = 0.3
"""What a period of work counts, in periods at the end of the schedule."""
CHAIN = 0.05
"""What a period of the longest chain counts."""

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
    count = grow(network, state.taken, order, formed, waited_for, steps)
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
def grow(
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
def _has_taken(network: Network, room: Integers, operator: int, start: int) -> bool:
    """Take the room of a module from a start on; return whether it may start and there is some."""
    if not network.allowed[operator, start]:
        return False
    first, last = network.load_at[operator], network.load_at[operator + 1]
    for at in range(first, last):
        if room[start + at - first] < network.load[at]:
            return False
    for at in range(first, last):
        room[start + at - first] -= network.load[at]
    return True


@inner
def _early(network: Network, room: Integers, operator: int, begin: int) -> int:
    """Return the first start from ``begin`` on at which there is room, and take it; -1 if none."""
    modules, periods = network.allowed.shape
    if operator >= modules:
        return begin
    for start in range(begin, periods):
        if _has_taken(network, room, operator, start):
            return start
    return -1


@inner
def _late(network: Network, room: Integers, operator: int, latest: int) -> int:
    """Return the last start up to ``latest`` at which there is room, and take it; -1 if none."""
    modules, periods = network.allowed.shape
    if operator >= modules:
        return latest
    for start in range(min(latest, periods - 1), -1, -1):
        if _has_taken(network, room, operator, start):
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
