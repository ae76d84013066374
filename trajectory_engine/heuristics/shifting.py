"""Activities shifted about on a calendar that they overdraw, compiled.

A state has a way and a start for every activity, and all end in time.  It costs what periods and
budgets are overdrawn by, and how far activities start before what they wait for has ended; at no
cost it is a schedule.  A step gives one activity another start, and maybe another way; most steps
move what runs in an overdrawn period (focused search: Seitz, Alava and Orponen, 2005).  Where it
costs too much, one that runs beside it may get another place at the same time: where periods or
budgets are full, nothing comes in unless something else gives way (ejection chains of two: Glover,
1996).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trajectory_engine.heuristics.compiled import RandomState, compiled, draw, draw_below, inner
from trajectory_engine.heuristics.project_arrays import Integers, ProjectArrays

SCALE = 1000
"""Cost of as much as an activity takes on average of a field or a budget."""
EARLY = SCALE
"""Cost of a period by which an activity starts too early."""
HOT, COLD = 0.4 * SCALE, 0.08 * SCALE
"""Temperatures between which a cycle cools."""
OTHER_WAY = 0.2
"""Part of the steps that try another way, where there are several."""
BETWEEN, NEAR = 0.5, 0.4
"""Part of the starts drawn from those between the neighbours, and near the present one."""
FOCUS = 0.8
"""Part of the steps that move what runs in an overdrawn period, if there is one."""
BOLD = 0.2
"""Part of the steps that, if they cost too much, may be made up for by another one at once."""
MARGIN = SCALE
"""By how much these may cost too much."""
LOOKED_AT = 8
"""Activities looked at for one that runs where something has to go."""
COOLED = 1000
"""Steps at the same temperature."""
LOOKS = 4
"""Entries of periods looked at that cost as much as the rest of a step."""

NOBODY = NOWHERE = -1
OVER, REST, EFFORT, DONE, LENGTH, COUNTERS = 0, 1, 2, 3, 4, 5


class Bounds(NamedTuple):
    """What a project asks for, in the form that steps need.

    Attributes
    ----------
    demand : ndarray of int64, shape (total of durations, fields)
        What a way takes, by period.
    offers : ndarray of int64, shape (periods, fields)
    heads, tails : ndarray of int64, shape (n,)
        Earliest start of an activity; longest chain after its end.
    reach : ndarray of int64, shape (n,)
        Periods within which another start is near.
    """

    demand: Integers
    offers: Integers
    heads: Integers
    tails: Integers
    reach: Integers


class State(NamedTuple):
    """Where activities are, and what that costs.

    Attributes
    ----------
    picks, starts : ndarray of int64, shape (n,)
        Way and start by activity.
    slack : ndarray of int64, shape (periods, fields)
        What is left of what periods offer; negative where they are overdrawn.
    room : ndarray of int64, shape (budgets,)
        The same of the budgets.
    field_weights : ndarray of int64, shape (fields,)
    budget_weights : ndarray of int64, shape (budgets,)
        Cost of every unit overdrawn.
    counters : ndarray of int64, shape (5,)
        Cost of overdrawn periods; all other cost; effort so far; steps of this cycle so far, and
        of the whole cycle.
    """

    picks: Integers
    starts: Integers
    slack: Integers
    room: Integers
    field_weights: Integers
    budget_weights: Integers
    counters: Integers


@compiled
def settle(project: ProjectArrays, bounds: Bounds, state: State, end: int) -> bool:
    """Move every activity to where it ends in time, and count the cost.

    Returns
    -------
    bool
        Whether each of them can.
    """
    counters = state.counters
    for period in range(len(state.slack)):
        for field in range(state.slack.shape[1]):
            state.slack[period, field] = bounds.offers[period, field]
    for budget in range(len(state.room)):
        state.room[budget] = project.budgets[budget]
    for activity in range(len(state.picks)):
        if not _in_time(project, bounds, state, activity, end):
            return False
        way = project.way_at[activity] + state.picks[activity]
        start, row = state.starts[activity], project.demand_at[way]
        _add(state.slack, start, bounds.demand, row, project.duration[way], -1)
        for budget in range(len(state.room)):
            state.room[budget] -= project.uses[way, budget]
    counters[OVER] = counters[REST] = 0
    for period in range(len(state.slack)):
        for field in range(state.slack.shape[1]):
            counters[OVER] -= state.field_weights[field] * min(0, state.slack[period, field])
    for budget in range(len(state.room)):
        counters[REST] -= state.budget_weights[budget] * min(0, state.room[budget])
    for activity in range(len(state.picks)):
        way = project.way_at[activity] + state.picks[activity]
        over = state.starts[activity] + project.duration[way]
        for at in range(project.after_at[activity], project.after_at[activity + 1]):
            counters[REST] += EARLY * max(0, over - state.starts[project.after[at]])
    return True


@inner
def _in_time(project: ProjectArrays, bounds: Bounds, state: State, activity: int, end: int) -> bool:
    """Move an activity to the start nearest to its present one at which it ends in time.

    It keeps its way if that can end in time at all.
    """
    base = project.way_at[activity]
    count = project.way_at[activity + 1] - base
    for step in range(count):
        pick = (state.picks[activity] + step) % count
        way = base + pick
        least = max(bounds.heads[activity], project.first[way])
        most = min(project.last[way], end - bounds.tails[activity] - project.duration[way])
        nearest, gap = -1, len(project.free) + 1
        for start in range(least, most + 1):
            if _is_start(project, way, start) and abs(start - state.starts[activity]) < gap:
                nearest, gap = start, abs(start - state.starts[activity])
        if nearest >= 0:
            state.picks[activity], state.starts[activity] = pick, nearest
            return True
    return False


@inner
def _is_start(project: ProjectArrays, way: int, start: int) -> bool:
    """Return whether a way may start in a period from its earliest to its latest start."""
    at = project.allowed_at[way]
    return bool(at < 0 or project.allowed[at + start - project.first[way]])


@compiled
def walk(
    project: ProjectArrays,
    bounds: Bounds,
    state: State,
    end: int,
    effort: int,
    random: RandomState,
) -> bool:
    """Go on with a cycle until nothing is overdrawn, the cycle is over, or the effort is spent.

    One function on arrays of its own: parts of it that get tuples of arrays take ten times as long,
    for every array that they look up in one is counted as used, and as no longer used afterwards.

    Parameters
    ----------
    end : int
        By when all activities end.
    effort : int
        Effort, counted from the first call, after which to return.

    Returns
    -------
    bool
        Whether the state is a schedule.
    """
    counters, size = state.counters, len(state.picks)
    picks, starts, slack, room = state.picks, state.starts, state.slack, state.room
    field_weights, budget_weights = state.field_weights, state.budget_weights
    demand, heads, tails, reach = bounds.demand, bounds.heads, bounds.tails, bounds.reach
    way_at, duration, demand_at = project.way_at, project.duration, project.demand_at
    first, last, even, uses = project.first, project.last, project.even, project.uses
    allowed_at, allowed = project.allowed_at, project.allowed
    before_at, before = project.before_at, project.before
    after_at, after = project.after_at, project.after
    fields, budgets = slack.shape[1], len(room)
    over, rest, done = counters[OVER], counters[REST], counters[DONE]
    length, spent = counters[LENGTH], counters[EFFORT]
    heat = HOT * (COLD / HOT) ** (done / length)
    stops = np.empty(size, dtype=np.int64)
    for activity in range(size):
        stops[activity] = starts[activity] + duration[way_at[activity] + picks[activity]]
    # Periods that are overdrawn, in any order, and where in it each of them is.
    crowded, place = np.empty(len(slack), dtype=np.int64), np.full(len(slack), NOWHERE)
    crowds = _compare(slack, 0, len(slack), crowded, place, 0)
    # A step that costs too much, made all the same until another one has been tried.
    ahead, tried, credit = NOBODY, False, 0
    ahead_old = ahead_new = ahead_was = ahead_start = ahead_more = ahead_cost = 0
    while ahead >= 0 or (over + rest > 0 and done < length and spent < effort):
        if tried:  # in vain
            _add(slack, ahead_start, demand, demand_at[ahead_new], duration[ahead_new], 1)
            _add(slack, ahead_was, demand, demand_at[ahead_old], duration[ahead_old], -1)
            for budget in range(budgets):
                room[budget] += uses[ahead_new, budget] - uses[ahead_old, budget]
            starts[ahead], picks[ahead] = ahead_was, ahead_old - way_at[ahead]
            stops[ahead] = ahead_was + duration[ahead_old]
            crowds = _compare(slack, ahead_start, duration[ahead_new], crowded, place, crowds)
            crowds = _compare(slack, ahead_was, duration[ahead_old], crowded, place, crowds)
            over -= ahead_more
            rest -= ahead_cost
            ahead, tried = NOBODY, False
            continue
        if done % COOLED == 0:
            heat = HOT * (COLD / HOT) ** (done / length)
        done += 1
        spent += 1
        # An activity: one that runs where something has to go, if that is soon found, or any.
        activity, since, until = draw_below(random, size), 0, 0
        if ahead >= 0:
            tried, since, until = True, ahead_start, ahead_start + duration[ahead_new]
        elif crowds > 0 and draw(random) < FOCUS:
            since = crowded[draw_below(random, crowds)]
            until = since + 1
        if until > since:
            stride = 1 + draw_below(random, size - 1)
            for _ in range(LOOKED_AT):
                if starts[activity] < until and since < stops[activity] and activity != ahead:
                    break
                activity += stride
                if activity >= size:
                    activity -= size
            if activity == ahead:
                continue
        # Another way, now and then.
        base, was = way_at[activity], starts[activity]
        old = base + picks[activity]
        new = old
        ways = way_at[activity + 1] - base
        if ways > 1 and draw(random) < OTHER_WAY:
            new = base + draw_below(random, ways - 1)
            if new >= old:
                new += 1
        # Another start: one between the neighbours, one near the present one, or any.
        least = max(heads[activity], first[new])
        most = min(last[new], end - tails[activity] - duration[new])
        if least > most:
            continue
        start, kind = -1, draw(random)
        if kind < BETWEEN:
            low, high = least, most
            for at in range(before_at[activity], before_at[activity + 1]):
                low = max(low, stops[before[at]])
            for at in range(after_at[activity], after_at[activity + 1]):
                high = min(high, starts[after[at]] - duration[new])
            if low <= high:
                start = low + draw_below(random, high - low + 1)
        if start < 0:
            if kind < BETWEEN + NEAR:
                start = was + draw_below(random, 2 * reach[activity] + 1) - reach[activity]
                start = min(max(start, least), most)
            else:
                start = least + draw_below(random, most - least + 1)
        if start == was and new == old:
            continue
        at = allowed_at[new]
        if at >= 0 and not allowed[at + start - first[new]]:
            continue
        # What the step may cost.  Nearly all cost more, and most of them are soon found out: no
        # more can be saved than all overdrawn periods cost now.
        margin = MARGIN if ahead < 0 and draw(random) < BOLD else 0
        limit = int(-heat * np.log(1.0 - draw(random))) if ahead < 0 else credit
        stop, stopped = start + duration[new], stops[activity]
        early = 0
        for at in range(before_at[activity], before_at[activity + 1]):
            sooner = stops[before[at]]
            early += max(0, sooner - start) - max(0, sooner - was)
        for at in range(after_at[activity], after_at[activity + 1]):
            later = starts[after[at]]
            early += max(0, stop - later) - max(0, stopped - later)
        cost = EARLY * early
        if new != old:
            for budget in range(budgets):
                left = room[budget] + uses[old, budget] - uses[new, budget]
                cost += budget_weights[budget] * (min(0, room[budget]) - min(0, left))
        most = limit + margin - cost + over
        if most < 0:
            continue
        row, gone = demand_at[new] - start, demand_at[old] - was
        same = new == old and even[old]
        more = looks = 0
        for period in range(start, stop):
            stays = was <= period < stopped
            if stays and same:
                continue
            looks += 1
            for field in range(fields):
                now = slack[period, field]
                left = now - demand[row + period, field]
                if stays:
                    left += demand[gone + period, field]
                more += field_weights[field] * (min(0, now) - min(0, left))
            if more > most:
                break
        if more <= most:
            for period in range(was, stopped):
                if start <= period < stop:
                    continue
                looks += 1
                for field in range(fields):
                    now = slack[period, field]
                    if now < 0:
                        left = min(0, now + demand[gone + period, field])
                        more += field_weights[field] * (now - left)
        spent += looks * fields // LOOKS
        if cost + more > limit + margin:
            continue
        if ahead >= 0:
            ahead, tried = NOBODY, False
        elif cost + more > limit:
            ahead, credit = activity, limit - cost - more
            ahead_old, ahead_new, ahead_was, ahead_start = old, new, was, start
            ahead_more, ahead_cost = more, cost
        over += more
        rest += cost
        _add(slack, was, demand, demand_at[old], duration[old], 1)
        _add(slack, start, demand, demand_at[new], duration[new], -1)
        for budget in range(budgets):
            room[budget] += uses[old, budget] - uses[new, budget]
        starts[activity], picks[activity], stops[activity] = start, new - base, stop
        crowds = _compare(slack, was, duration[old], crowded, place, crowds)
        crowds = _compare(slack, start, duration[new], crowded, place, crowds)
    counters[OVER], counters[REST], counters[DONE] = over, rest, done
    counters[EFFORT] = spent
    return bool(over + rest == 0)


@inner
def _add(slack: Integers, start: int, demand: Integers, row: int, periods: int, sign: int) -> None:
    """Add what a way takes to what is left, or take it away."""
    for offset in range(periods):
        for field in range(slack.shape[1]):
            slack[start + offset, field] += sign * demand[row + offset, field]


@inner
def _compare(
    slack: Integers, start: int, periods: int, crowded: Integers, place: Integers, crowds: int
) -> int:
    """Find out which of some periods are overdrawn now; return how many are, of all.

    Parameters
    ----------
    crowded, place : ndarray of int64, shape (periods,)
        Overdrawn periods, as many as there are, in any order; where in it a period is, NOWHERE if
        it is not overdrawn.  Changed in place.
    crowds : int
        How many periods were overdrawn before.
    """
    for period in range(start, start + periods):
        over = False
        for field in range(slack.shape[1]):
            over |= slack[period, field] < 0
        if over and place[period] < 0:
            crowded[crowds], place[period] = period, crowds
            crowds += 1
        elif not over and place[period] >= 0:
            crowds -= 1
            crowded[place[period]] = crowded[crowds]
            place[crowded[crowds]] = place[period]
            place[period] = NOWHERE
    return crowds
