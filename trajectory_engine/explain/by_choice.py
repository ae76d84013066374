"""The cheapest changes where the calendar does not matter: a bound, and often the answer.

The choice of modules alone gives a price that no repair undercuts, in a fraction of the time that
the whole problem takes.  If the scenario with the amounts it names has a plan, they are the
cheapest; money and rules on amounts are mostly settled so.
"""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.cpsat.elastic_choice import ElasticChoice
from trajectory_engine.cpsat.elastic_search import ANYTHING, Within
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.plan import TeacherPlan
from trajectory_engine.explain.families import given_way
from trajectory_engine.explain.loosen import Loosened, Turned
from trajectory_engine.whatif import WhatIf


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
        The cheapest change that comes first; empty if the calendar has to be asked.
    plan : TeacherPlan or None
        A judged plan of the scenario so changed, None without a change.
    """

    infeasible: bool
    least: int = 0
    turned: Turned = ()
    plan: TeacherPlan | None = None


def by_choice(
    loosened: Loosened, question: WhatIf, *, within: Within = ANYTHING, ties: bool = True
) -> ByChoice:
    """Return what the choice of modules says of the cheapest change of some knobs.

    Parameters
    ----------
    loosened : Loosened
        With what covering rules ask for; its prices can be added up exactly.
    question : WhatIf
        Plans the changed scenario.
    ties : bool
        Whether the ties between changes of the same price are broken.
    """
    effort = question.effort
    session = Session(effort.seed, effort.seconds, effort.wall_deadline, effort.cancel)
    model = ElasticChoice(loosened.elastic)
    found = model.cheapest(session, effort.seconds, within=within, ties=ties)
    turned = loosened.turned(found.amounts) if found.proven and found.amounts else ()
    if not turned or effort.is_spent:
        return ByChoice(found.infeasible, found.bound)
    changed = given_way(loosened.ground.scenario, loosened.ground, turned)
    plan = question.any_plan(changed, confirm=False)
    if not plan.status.has_plan:
        return ByChoice(infeasible=False, least=found.bound)
    return ByChoice(infeasible=False, least=found.bound, turned=turned, plan=plan)
