"""How little others must pay: the judge's own computation of what sources can cover together.

The least that the teacher pays is the price that everybody else cannot cover, and the least sum
of amount times position is the sum, over the positions, of what the sources up to there cannot
cover.  What sources can cover is a maximum flow, found here by blocking flows along shortest ways
(Dinic, 1970).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case
from trajectory_engine.domain.funding import SELF, Fund

_Network = dict[Hashable, dict[Hashable, int]]
_FROM, _TO = "from", "to"


def most_of_one(fund: Fund, taken: Taken) -> int:
    """Return the most that a fund may pay for a step, if it is eligible."""
    share = fund.share.numerator * taken.mode.price // fund.share.denominator
    return share if fund.module_ceiling is None else min(share, fund.module_ceiling)


def is_eligible(case: Case, fund: Fund, taken: Taken) -> bool:
    """Return whether a fund serves the teacher and covers the module in its mode."""
    teacher = case.teacher
    return fund.serves(teacher.id, teacher.group) and fund.covers(taken.module, taken.mode)


def least_own_cost(case: Case) -> int:
    """Return the least that the teacher pays, 0 if the teacher is not a source."""
    funds = case.scenario.funds
    if SELF not in case.facts.funds:
        return 0
    return _uncovered(case, [f for f in funds if f.id != SELF]) - _uncovered(case, funds)


def least_funding_order(case: Case) -> int:
    """Return the least sum of amount times position."""
    order = case.scenario.preferred_funds
    return sum(_uncovered(case, order[:count]) for count in range(1, len(order)))


def _uncovered(case: Case, funds: Sequence[Fund]) -> int:
    """Return what some funds together leave to pay of the plan's prices."""
    return sum(t.mode.price for t in case.taken) - _flow(_network(case, funds))


def _network(case: Case, funds: Sequence[Fund]) -> _Network:
    """Return the pipes from the steps over the funds' years to the funds' purses."""
    pipes: _Network = defaultdict(dict)
    plenty = sum(t.mode.price for t in case.taken)
    scenario = case.scenario
    for i, taken in enumerate(case.taken):
        pipes[_FROM]["step", i] = taken.mode.price
        for fund in funds:
            if is_eligible(case, fund, taken):
                year = scenario.year_of(min(max(taken.start, 0), case.facts.horizon))
                most = most_of_one(fund, taken)
                pipes["step", i]["year", fund.id, year] = most
    for fund in funds:
        limits = [x for x in (fund.ceiling, fund.budget) if x is not None]
        pipes["purse", fund.id][_TO] = min([plenty, *limits])
        years = sorted(set(scenario.years))
        filled = 0
        for k, year in enumerate(years):
            granted = sum(y.budget for y in fund.yearly if y.year == year)
            filled = granted + (filled if fund.carry_over else 0)
            later = k + 1 < len(years) and fund.carry_over
            above = ("year", fund.id, years[k + 1]) if later else ("purse", fund.id)
            pipes["year", fund.id, year][above] = filled if fund.yearly else plenty
    return pipes


def _flow(pipes: _Network) -> int:
    """Return the maximum flow through a network; uses the network up."""
    total = 0
    while _TO in (level := _levels(pipes)):
        total += _blocking_flow(pipes, level)
    return total


def _levels(pipes: _Network) -> dict[Hashable, int]:
    """Return how many pipes with room are on the shortest way to every place that has one."""
    level: dict[Hashable, int] = {_FROM: 0}
    waiting: deque[Hashable] = deque([_FROM])
    while waiting:
        here = waiting.popleft()
        for there, free in pipes[here].items():
            if free and there not in level:
                level[there] = level[here] + 1
                waiting.append(there)
    return level


def _blocking_flow(pipes: _Network, level: Mapping[Hashable, int]) -> int:
    """Send as much as goes along shortest ways, in place; return how much."""
    total = 0
    left: dict[Hashable, list[Hashable]] = {}
    way: list[Hashable] = [_FROM]
    while way:
        here = way[-1]
        if here == _TO:
            steps = list(pairwise(way))
            sent = min(pipes[a][b] for a, b in steps)
            total += sent
            for a, b in steps:
                pipes[a][b] -= sent
                pipes[b][a] = pipes[b].get(a, 0) + sent
            del way[next(k for k, (a, b) in enumerate(steps) if not pipes[a][b]) + 1 :]
            continue
        ahead = left.setdefault(here, list(pipes[here]))
        while ahead and not (pipes[here][ahead[-1]] and level.get(ahead[-1], 0) == level[here] + 1):
            ahead.pop()
        if ahead:
            way.append(ahead[-1])
            continue
        way.pop()
        if way:
            left[way[-1]].pop()
    return total
