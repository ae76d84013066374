"""How much of one limit alone would do."""

from __future__ import annotations

from trajectory_engine.cpsat.elastic import cheapest
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.explanation import Limit, Shortfall
from trajectory_engine.domain.plan import Status
from trajectory_engine.explain.families import FAMILIES, Knob, given_way, without
from trajectory_engine.explain.ground import Ground
from trajectory_engine.explain.loosen import Loosened
from trajectory_engine.whatif import WhatIf

COUNTED = ("period", "hour-per-period", "level", "module", "unit")
"""Units of which a limit has so few that the least amount is found by trying."""

Turned = tuple[tuple[Knob, int], ...]
"""Knobs with amounts, each at least 1."""


def shortfall(ground: Ground, question: WhatIf, limit: Limit) -> tuple[Shortfall, Turned]:
    """Return the least change of one limit with which there is a plan, all others as they are.

    First the scenario without the limit is solved: without a plan there, no amount helps.  A limit
    that can only be given up as a whole needs nothing more; else the least amount is found and the
    scenario with that amount is solved.

    Returns
    -------
    Shortfall, and the same change as knobs; no knobs if there is none.
    """
    family = FAMILIES[limit.kind]
    answer = question.any_plan(without(ground.scenario, ground, [limit]))
    if not answer.status.has_plan:
        return Shortfall(limit.id, (), answer.status is Status.INFEASIBLE), ()
    knobs = sorted(family.knobs(ground, limit), key=lambda k: k.id)
    if len(knobs) == 1 and knobs[0].unit == "whole" and not knobs[0].name:
        return Shortfall(limit.id, (family.change(ground, knobs[0], 1),), True), ((knobs[0], 1),)
    amounts, proven = _least(ground, question, knobs) if knobs else ([], True)
    turned = tuple((knob, amount) for knob, amount in amounts if amount)
    if not turned:
        return Shortfall(limit.id, (), proven), ()
    changed = given_way(ground.scenario, ground, turned)
    if not question.any_plan(changed).status.has_plan:
        return Shortfall(limit.id, (), False), ()
    changes = tuple(family.change(ground, knob, amount) for knob, amount in turned)
    return Shortfall(limit.id, changes, proven), turned


def _least(
    ground: Ground, question: WhatIf, knobs: list[Knob]
) -> tuple[list[tuple[Knob, int]], bool]:
    """Return the least amounts of the knobs of one limit, and whether they are proven."""
    if len(knobs) == 1 and knobs[0].unit in COUNTED:
        amount, proven = _by_trial(ground, question, knobs[0])
        return [(knobs[0], amount)], proven
    knobs = [knob for knob in knobs if knob.price is not None] or knobs
    loosened = Loosened(ground, knobs, priced=len(knobs) > 1)
    if loosened.problem.obstacles:
        return [], True
    if not loosened.elastic.is_exact:
        return [], False
    effort = question.effort
    session = Session(effort.seed, effort.seconds, effort.wall_deadline, effort.cancel)
    found = cheapest(loosened.elastic, session, effort.seconds, ties=False)
    if found.amounts is None:
        return [], found.infeasible
    return list(zip(knobs, found.amounts, strict=True)), found.proven


def _by_trial(ground: Ground, question: WhatIf, knob: Knob) -> tuple[int, bool]:
    """Return the least amount of a knob by doubling and halving, 0 if none was found.

    An amount for which nothing is shown in the time given counts as too little; the least one
    is then not proven.
    """

    def answer(amount: int) -> Status:
        changed = given_way(ground.scenario, ground, [(knob, amount)])
        return question.feasibility(changed)

    low, high, last = 0, 1, Status.INFEASIBLE
    while (found := answer(high)) is not Status.FEASIBLE:
        low, last = high, found
        if high == knob.most or question.effort.is_spent:
            return 0, False
        high = min(2 * high, knob.most)
    while high - low > 1:
        middle = (low + high) // 2
        found = answer(middle)
        if found is Status.FEASIBLE:
            high = middle
        else:
            low, last = middle, found
    return high, last is Status.INFEASIBLE
