"""How much of one limit alone would do."""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.cpsat.elastic import cheapest
from trajectory_engine.cpsat.elastic_search import Within
from trajectory_engine.domain.explanation import Limit, Shortfall
from trajectory_engine.domain.plan import Status
from trajectory_engine.explain.by_choice import OF_TIME, by_choice
from trajectory_engine.explain.families import FAMILIES, Knob, given_way, without
from trajectory_engine.explain.ground import Ground
from trajectory_engine.explain.loosen import Loosened, Turned
from trajectory_engine.whatif import WhatIf

COUNTED = ("period", "hour-per-period", "level", "module", "unit")
"""Units of which a limit has so few that the least amount is found by trying."""


@dataclass(frozen=True, slots=True)
class _Least:
    """The least amounts of the knobs of one limit.

    Attributes
    ----------
    turned : Turned
        Empty if no amounts allow a plan, or if none were found.
    settled : bool
        Whether that is proven.
    verified : bool
        Whether the scenario so changed is known to have a plan that the judge accepts.
    """

    turned: Turned
    settled: bool
    verified: bool = False


def shortfall(ground: Ground, question: WhatIf, limit: Limit) -> tuple[Shortfall, Turned]:
    """Return the least change of one limit with which there is a plan, all others as they are.

    The scenario with that change is solved. Where no amount helps, the scenario without the limit
    is: what stands in the way is then something else, or what of the limit cannot give way.

    Returns
    -------
    Shortfall, and the same change as knobs; no knobs if there is none.
    """
    family = FAMILIES[limit.kind]
    knobs = sorted(family.knobs(ground, limit), key=lambda k: k.id)
    if len(knobs) == 1 and knobs[0].unit == "whole" and not knobs[0].name:
        turned = ((knobs[0], 1),)
        answer = question.any_plan(without(ground.scenario, ground, [limit]))
        if answer.status.has_plan:
            return _helps(ground, limit, turned, settled=True), turned
        return Shortfall(limit.id, (), answer.status is Status.INFEASIBLE), ()
    least = _least(ground, question, knobs) if knobs else _Least((), settled=True)
    if least.turned and not least.verified:
        changed = given_way(ground.scenario, ground, least.turned)
        if not question.any_plan(changed).status.has_plan:
            return Shortfall(limit.id, (), settled=False), ()
    if least.turned:
        return _helps(ground, limit, least.turned, settled=least.settled), least.turned
    answer = question.any_plan(without(ground.scenario, ground, [limit]))
    settled = least.settled or answer.status is Status.INFEASIBLE
    return Shortfall(limit.id, (), settled, removal_helps=answer.status.has_plan), ()


def _helps(ground: Ground, limit: Limit, turned: Turned, *, settled: bool) -> Shortfall:
    change = FAMILIES[limit.kind].change
    return Shortfall(limit.id, tuple(change(ground, *pair) for pair in turned), settled)


def _least(ground: Ground, question: WhatIf, knobs: list[Knob]) -> _Least:
    """Return the least amounts of the knobs of one limit: of those that have a price, if any."""
    knobs = [knob for knob in knobs if knob.price is not None] or knobs
    if len(knobs) == 1 and knobs[0].limit.kind in OF_TIME:
        return _by_trial(ground, question, knobs[0], 1)
    loosened = Loosened(ground, knobs, priced=len(knobs) > 1)
    if loosened.problem.obstacles:
        return _Least((), settled=True)
    if not loosened.elastic.is_exact:
        return _Least((), settled=False)
    quick = by_choice(loosened, question)
    if quick.infeasible or quick.turned:
        return _Least(quick.turned, settled=True, verified=True)
    if len(knobs) == 1 and knobs[0].unit in COUNTED:
        return _by_trial(ground, question, knobs[0], max(quick.least, 1))
    effort = question.effort
    within = Within(least=quick.least)
    found = cheapest(loosened.elastic, effort.session(), effort.seconds, within=within, ties=False)
    if found.amounts is None:
        return _Least((), settled=found.infeasible)
    return _Least(loosened.turned(found.amounts), found.proven)


def _by_trial(ground: Ground, question: WhatIf, knob: Knob, least: int) -> _Least:
    """Return the least amount of a knob by doubling and halving, from a proven least one on.

    An amount for which nothing is shown in the time given counts as too little; the least one
    is then not proven.
    """

    def answer(amount: int) -> Status:
        changed = given_way(ground.scenario, ground, [(knob, amount)])
        return question.feasibility(changed)

    low, high, last = least - 1, least, Status.INFEASIBLE
    while (found := answer(high)) is not Status.FEASIBLE:
        low, last = high, found
        if high == knob.most or question.effort.is_spent:
            return _Least((), settled=high == knob.most and found is Status.INFEASIBLE)
        high = min(2 * high, knob.most)
    while high - low > 1:
        middle = (low + high) // 2
        found = answer(middle)
        if found is Status.FEASIBLE:
            high = middle
        else:
            low, last = middle, found
    return _Least(((knob, high),), settled=last is Status.INFEASIBLE)
