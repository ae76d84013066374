"""The cheapest repairs, each verified by planning the repaired scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trajectory_engine.cpsat.elastic import amounts_for, cheapest
from trajectory_engine.cpsat.elastic_search import Relaxed, Within
from trajectory_engine.cpsat.session import SolverFault
from trajectory_engine.domain.explanation import Change, Limit, LimitKind, Repair
from trajectory_engine.domain.plan import Status, TeacherPlan
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.by_choice import OF_TIME, by_choice
from trajectory_engine.explain.families import FAMILIES, Knob, given_way, negotiable_knobs, without
from trajectory_engine.explain.ground import Ground
from trajectory_engine.explain.loosen import Loosened, Turned
from trajectory_engine.whatif import Steps, WhatIf


@dataclass(frozen=True, slots=True)
class Found:
    """A repair as knobs, with a plan to begin from and what planning the repair gave.

    Attributes
    ----------
    infeasible : bool
        There is no repair.
    plan : TeacherPlan or None
        A plan of the repaired scenario that the judge accepts; None: not verified yet.
    """

    turned: Turned = ()
    proven: bool = False
    start: Steps | None = None
    infeasible: bool = False
    plan: TeacherPlan | None = None

    @property
    def price(self) -> int:
        """Sum over the knobs."""
        return price_of(self.turned)

    @property
    def groups(self) -> frozenset[str]:
        """What is changed, to tell repairs apart."""
        return frozenset(group_of(knob) for knob, _ in self.turned)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What became of the search for repairs.

    Attributes
    ----------
    repairs : tuple of Found
    none_exists : bool
        Proven that no amounts of the negotiable limits allow a plan.
    complete : bool
        Whether the search ended by itself.
    """

    repairs: tuple[Found, ...]
    none_exists: bool
    complete: bool


class Repairs:
    """Looks for repairs of one teacher's problem.

    Parameters
    ----------
    limits : sequence of Limit
        All limits of the teacher.
    conflicts : sequence of sequence of Limit
        Conflicts: a repair by their limits alone gives the first bound on the price.
    known : sequence of Turned
        Repairs known already; they bound the price too.
    before : sequence of Found
        Repairs listed already: further ones leave something alone that these change.
    """

    def __init__(
        self,
        ground: Ground,
        question: WhatIf,
        limits: Sequence[Limit],
        conflicts: Sequence[Sequence[Limit]] = (),
        known: Sequence[Turned] = (),
        before: Sequence[Found] = (),
    ) -> None:
        self.ground = ground
        self.question = question
        new_source = Limit(LimitKind.NEW_SOURCE)
        self.knobs = negotiable_knobs(ground, dict.fromkeys((*limits, new_source)))
        self._conflicts = conflicts
        self._suspects = {limit for conflict in conflicts for limit in conflict}
        self._known = [turned for turned in known if all(k.price is not None for k, _ in turned)]
        self._excluded = [found.groups for found in before]
        self._covering = bool(ground.facts.rules.covering())
        self._least = 0

    def ranked(self, count: int) -> Outlook:
        """Return up to ``count`` repairs more, the cheapest first, each verified by a plan."""
        repairs: list[Found] = []
        for _ in range(count):
            found = self._cheapest()
            if found.infeasible:
                none_exists = not self._excluded
                return Outlook(tuple(repairs), none_exists, complete=True)
            verified = self._verified(found) if found.turned else None
            if verified is None:
                return Outlook(tuple(repairs), none_exists=False, complete=False)
            repairs.append(verified)
            self._excluded.append(verified.groups)
        return Outlook(tuple(repairs), none_exists=False, complete=True)

    def _cheapest(self) -> Found:
        """Return the cheapest repair.

        If the choice of modules does not name it: a bound on its price, then within that price.
        """
        quick = self._by_choice()
        if quick.infeasible or quick.turned:
            return quick
        bound = self._bound()
        if bound is None:
            return self._solve(self.knobs, None)
        if bound.price == self._least:
            return replace(bound, proven=True)
        if not (bound.proven or self._known or self._excluded):
            return bound  # it was hard enough to find; others have a turn before it is improved
        price = bound.price
        knobs = [
            replace(knob, most=min(knob.most, price // (knob.price or 1)))
            for knob in self.knobs
            if (knob.price or 1) <= price
        ]
        found = self._solve(knobs, price)
        if found.infeasible:
            raise SolverFault("a known repair is refuted")
        return found if found.turned else bound

    def _by_choice(self) -> Found:
        """Return the cheapest repair if the choice of modules names it; remember its bound."""
        self._least = 0
        if any(limit.kind in OF_TIME for limit in self._suspects):
            return Found()
        loosened = Loosened(self.ground, self.knobs)
        if loosened.problem.obstacles:
            return Found(infeasible=True)
        if not loosened.elastic.is_exact:
            return Found()
        quick = by_choice(loosened, self.question, within=self._within(loosened, None))
        self._least = quick.least
        if quick.plan is None:
            return Found(infeasible=quick.infeasible)
        return Found(quick.turned, True, steps_of(quick.plan), plan=quick.plan)

    def _bound(self) -> Found | None:
        """Return a repair that need not be the cheapest, None if none is at hand.

        Proven says that there is no cheaper one of its kind.
        """
        open_ones = [turned for turned in self._known if self._is_new(turned)]
        if open_ones:
            return Found(min(open_ones, key=price_of))
        knobs = [knob for knob in self.knobs if knob.limit in self._suspects]
        if not knobs or len(knobs) == len(self.knobs):
            return None
        found = self._solve(knobs, None, ties=False)
        if found.turned or found.infeasible or self._excluded:
            return found if found.turned else None
        return self._obvious()

    def _obvious(self) -> Found | None:
        """Return what it takes to allow a plan that leaves a limit of every conflict aside.

        One limit of every conflict is left aside at a time, goals last; with the first plan that
        is found so, the price of allowing just this plan is sought.
        """
        for limits in self._ways_out():
            if self.question.effort.is_spent:
                return None
            plan = self.question.any_plan(without(self.ground.scenario, self.ground, limits))
            if plan.status.has_plan:
                return self._allowing(steps_of(plan))
        return None

    def _ways_out(self) -> Iterator[tuple[Limit, ...]]:
        """Yield limits that can give way, one of every conflict; none if a conflict has none."""
        able = {knob.limit for knob in self.knobs}
        options = [
            sorted(
                (limit for limit in conflict if limit in able),
                key=lambda limit: limit.kind is LimitKind.GOAL,
            )
            for conflict in self._conflicts
        ]
        if all(options):
            for i in range(max(map(len, options))):
                yield tuple(some[min(i, len(some) - 1)] for some in options)

    def _allowing(self, steps: Steps) -> Found | None:
        """Return the cheapest repair that allows one plan."""
        loosened = Loosened(self.ground, self.knobs)
        choices = loosened.located(steps)
        if choices is None or not loosened.elastic.is_exact:
            return None
        relaxed = amounts_for(loosened.elastic, choices, self.question.effort.session())
        turned = loosened.turned(relaxed.amounts) if relaxed.amounts else ()
        return Found(turned, start=steps) if turned else None

    def _is_new(self, turned: Turned) -> bool:
        used = {group_of(knob) for knob, _ in turned}
        return not any(excluded <= used for excluded in self._excluded)

    def _solve(self, knobs: Sequence[Knob], price: int | None, *, ties: bool = True) -> Found:
        """Return the cheapest repair by some knobs; what covering rules ask for comes last."""
        for covers_all in (False, True) if self._covering else (True,):
            loosened = Loosened(self.ground, knobs, covers_all=covers_all)
            if loosened.problem.obstacles:
                return Found(infeasible=True)
            relaxed = self._relax(loosened, price, ties=ties)
            if relaxed.amounts is None:
                return Found(infeasible=relaxed.infeasible)
            turned = loosened.turned(relaxed.amounts)
            if covers_all or loosened.is_covered(relaxed.choices):
                break
        if not turned:
            raise SolverFault("a problem without a plan needs no repair")
        return Found(turned, relaxed.proven, loosened.named(relaxed.choices))

    def _relax(self, loosened: Loosened, price: int | None, *, ties: bool) -> Relaxed:
        if not loosened.elastic.is_exact:
            return Relaxed(infeasible=False)
        within, session = self._within(loosened, price), self.question.effort.session()
        seconds = self.question.effort.seconds
        return cheapest(loosened.elastic, session, seconds, within=within, ties=ties)

    def _within(self, loosened: Loosened, price: int | None) -> Within:
        """Return what amounts must keep to: a price, and to leave something of others alone."""
        groups: dict[str, list[int]] = {}
        for i, knob in enumerate(loosened.knobs):
            groups.setdefault(group_of(knob), []).append(i)
        excluded = tuple(
            tuple(tuple(groups[name]) for name in sorted(names))
            for names in self._excluded
            if names <= groups.keys()
        )
        return Within(price, excluded, self._least)

    def _verified(self, found: Found) -> Found | None:
        """Return a repair with the first plan of the repaired scenario, None if none was found."""
        if found.plan is not None:
            return found
        if found.start is not None:
            self.question.guess(found.start)
        plan = self.question.any_plan(self._repaired(found))
        _require_no_proof(found, plan)
        return replace(found, plan=plan) if plan.status.has_plan else None

    def planned(self, found: Found) -> Found:
        """Return a repair with the best plan of the repaired scenario that is found in time."""
        plan = self.question.plan(self._repaired(found), found.start)
        _require_no_proof(found, plan)
        return replace(found, plan=plan) if plan.status.has_plan else found

    def _repaired(self, found: Found) -> Scenario:
        return given_way(self.ground.scenario, self.ground, found.turned)


def steps_of(plan: TeacherPlan) -> Steps:
    """Return a plan as (module, mode, start)."""
    return tuple((step.module, step.mode, step.start) for step in plan.steps)


def _require_no_proof(found: Found, plan: TeacherPlan) -> None:
    if plan.status is Status.INFEASIBLE:
        names = ", ".join(f"{knob.id} by {amount}" for knob, amount in found.turned)
        raise SolverFault(f"a repair has no plan: {names}")


def shown_repair(ground: Ground, found: Found) -> Repair:
    """Return a verified repair in the planner's terms."""
    changes = tuple(change_of(ground, knob, amount) for knob, amount in found.turned)
    if found.plan is None:
        raise RuntimeError("a repair is shown before it is verified")
    return Repair(changes, found.price, found.proven, found.plan.status, found.plan.objectives)


def group_of(knob: Knob) -> str:
    """Return what a knob is for telling repairs apart: all sources of money are one."""
    kind = knob.limit.kind
    return "money" if kind in (LimitKind.FUND, LimitKind.NEW_SOURCE) else knob.id


def price_of(turned: Turned) -> int:
    """Return the price of knobs that have one."""
    return sum((knob.price or 0) * amount for knob, amount in turned)


def change_of(ground: Ground, knob: Knob, amount: int) -> Change:
    """Return an amount of a knob as a change in the planner's terms."""
    text = FAMILIES[knob.limit.kind].change(ground, knob, amount)
    return Change(knob.limit.id, knob.id, amount, knob.unit, amount * (knob.price or 0), text)
