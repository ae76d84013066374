"""The cheapest repairs, each verified by planning the repaired scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trajectory_engine.cpsat.elastic import ElasticModel, Relaxed
from trajectory_engine.cpsat.session import Session, SolverFault
from trajectory_engine.domain.explanation import Change, Limit, LimitKind, Repair
from trajectory_engine.domain.plan import Status
from trajectory_engine.explain.families import FAMILIES, Knob, given_way, negotiable_knobs
from trajectory_engine.explain.ground import Ground
from trajectory_engine.explain.loosen import Loosened
from trajectory_engine.problem.rows import covering_rules
from trajectory_engine.whatif import WhatIf

LARGEST_SUM = 1 << 60
"""Largest sum of prices that the solver can be trusted with."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What became of the search for repairs.

    Attributes
    ----------
    repairs : tuple of Repair
    none_exists : bool
        Proven that no amounts of the negotiable limits allow a plan.
    complete : bool
        Whether the search ended by itself.
    """

    repairs: tuple[Repair, ...]
    none_exists: bool
    complete: bool


class Repairs:
    """Looks for repairs of one teacher's problem.

    Parameters
    ----------
    limits : sequence of Limit
        All limits of the teacher.
    """

    def __init__(self, ground: Ground, question: WhatIf, limits: Sequence[Limit]) -> None:
        self.ground = ground
        self.question = question
        new_source = Limit(LimitKind.NEW_SOURCE)
        self.knobs = negotiable_knobs(ground, dict.fromkeys((*limits, new_source)))
        self._excluded: list[tuple[int, ...]] = []
        self._covers_all = not covering_rules(ground.scenario)
        self._loosened, self._model = self._build()

    def _build(self) -> tuple[Loosened, ElasticModel]:
        loosened = Loosened(self.ground, self.knobs, covers_all=self._covers_all)
        model = ElasticModel(loosened.elastic)
        for used in self._excluded:
            model.exclude(used)
        return loosened, model

    def _cheapest(self) -> Relaxed:
        effort = self.question.effort
        session = Session(effort.seed, effort.seconds, effort.wall_deadline, effort.cancel)
        found = self._solve(session)
        if not self._covers_all and found.amounts is not None:
            if self._loosened.is_covered(found.choices):
                return found
            self._covers_all = True
            self._loosened, self._model = self._build()
            session = Session(effort.seed, effort.seconds, effort.wall_deadline, effort.cancel)
            found = self._solve(session)
        return found

    def _solve(self, session: Session) -> Relaxed:
        if self._loosened.problem.obstacles:
            return Relaxed(infeasible=True)
        knobs = self._loosened.elastic.knobs
        if sum(k.most * k.price for k in knobs) > LARGEST_SUM:
            return Relaxed(infeasible=False)
        return self._model.cheapest(session, session.effort_left)

    def ranked(self, count: int) -> Outlook:
        """Return up to ``count`` repairs, the cheapest first."""
        repairs: list[Repair] = []
        for found in self._each(count):
            if found.infeasible:
                return Outlook(tuple(repairs), none_exists=not repairs, complete=True)
            if found.amounts is None:
                return Outlook(tuple(repairs), none_exists=False, complete=False)
            repairs.append(self._repair(found))
        return Outlook(tuple(repairs), none_exists=False, complete=True)

    def _each(self, count: int) -> Iterator[Relaxed]:
        for _ in range(count):
            found = self._cheapest()
            yield found
            if found.amounts is None or not any(found.amounts):
                return
            used = tuple(i for i, amount in enumerate(found.amounts) if amount)
            self._excluded.append(used)
            self._model.exclude(used)

    def _repair(self, found: Relaxed) -> Repair:
        turned = [(k, a) for k, a in zip(self.knobs, found.amounts or (), strict=True) if a]
        changed = given_way(self.ground.scenario, self.ground, turned)
        plan = self.question.plan(changed, self._loosened.named(found.choices))
        if plan.status is Status.INFEASIBLE:
            names = ", ".join(f"{knob.id} by {amount}" for knob, amount in turned)
            raise SolverFault(f"a repair has no plan: {names}")
        changes = tuple(change_of(self.ground, knob, amount) for knob, amount in turned)
        price = sum(change.price for change in changes)
        return Repair(changes, price, found.proven, plan.status, plan.objectives)


def change_of(ground: Ground, knob: Knob, amount: int) -> Change:
    """Return an amount of a knob as a change in the planner's terms."""
    text = FAMILIES[knob.limit.kind].change(ground, knob, amount)
    return Change(knob.limit.id, knob.id, amount, knob.unit, amount * (knob.price or 0), text)
