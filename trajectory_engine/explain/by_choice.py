"""The cheapest changes where the calendar does not matter: a bound, and often the answer.

The choice of modules alone gives a price that no repair undercuts, in a fraction of the time that
the whole problem takes.  If the scenario with the amounts it names has a plan, they are the
cheapest; money and rules on amounts are mostly settled so.
"""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.cpsat.elastic_choice import ElasticChoice
from trajectory_engine.cpsat.elastic_search import ANYTHING, Relaxed, Within
from trajectory_engine.domain.explanation import LimitKind
from trajectory_engine.domain.plan import TeacherPlan
from trajectory_engine.explain.families import given_way
from trajectory_engine.explain.loosen import Loosened, Turned
from trajectory_engine.whatif import WhatIf

OF_TIME = frozenset(
    (LimitKind.DEADLINE, LimitKind.HOURS, LimitKind.ABSENCES, LimitKind.BREAKS, LimitKind.DATES)
)
"""Limits about which the choice of modules says too little to be worth its time."""


@dataclass(frozen=True, slots=True)
class ByChoice:
    """What the choice of modules says of the cheapest change.

    Attributes
    ----------
    infeasible : bool
        No amounts allow a plan.
    least : int
        Proven: no change costs less.
    turned : Turned
        The cheapest change; empty if the calendar has to be asked.
    plan : TeacherPlan or None
        A judged plan of the scenario so changed, None without a change.
    """

    infeasible: bool
    least: int = 0
    turned: Turned = ()
    plan: TeacherPlan | None = None


def by_choice(loosened: Loosened, question: WhatIf, *, within: Within = ANYTHING) -> ByChoice:
    """Return what the choice of modules says of the cheapest change of some knobs.

    Of several of the same price it is the one that comes first, if that allows a plan.

    Parameters
    ----------
    loosened : Loosened
        With what covering rules ask for; its prices can be added up exactly.
    question : WhatIf
        Plans the changed scenario.
    """
    effort = question.effort
    model = ElasticChoice(loosened.elastic)
    found = model.cheapest(effort.session(), effort.seconds, within=within, ties=False)
    quick = _planned(loosened, found, question)
    if not quick.turned or len(loosened.knobs) == 1:
        return quick
    first = model.without_ties(found, effort.session(), effort.seconds)
    if not first.unique or first.amounts == found.amounts:
        return quick
    settled = _planned(loosened, first, question)
    return settled if settled.turned else quick


def _planned(loosened: Loosened, found: Relaxed, question: WhatIf) -> ByChoice:
    """Return the amounts found as a change if the scenario so changed has a plan."""
    turned = loosened.turned(found.amounts) if found.proven and found.amounts else ()
    if not turned or question.effort.is_spent:
        return ByChoice(found.infeasible, found.bound)
    changed = given_way(loosened.ground.scenario, loosened.ground, turned)
    plan = question.any_plan(changed, confirm=False)
    if not plan.status.has_plan:
        return ByChoice(infeasible=False, least=found.bound)
    return ByChoice(infeasible=False, least=found.bound, turned=turned, plan=plan)
