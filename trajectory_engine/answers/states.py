"""The best plan that is valid in several states of knowledge, found from few of them.

A plan that is best for some of the states and valid in all is best for all: leaving states out
only adds plans.  So states are taken into the search as plans break them (column-and-constraint
generation, Zeng and Zhao, 2013, with states of knowledge for scenarios); of dozens, few decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from trajectory_engine.answers.ask import Steps, figures, steps_of
from trajectory_engine.answers.uncertain import lowered
from trajectory_engine.domain.plan import Objective, TeacherPlan
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.planner import StatesPlanner, plan_in
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.states import is_valid_in
from trajectory_engine.stopwatch import Stopwatch
from trajectory_engine.whatif import WhatIf, judged

ADDED = 2
"""States that join a search at once, of those that its plan breaks."""

State = frozenset[str]
"""Elements that are one lower than diagnosed."""
AS_DIAGNOSED: State = frozenset()

Figures = Mapping[ObjectiveName, int]


@dataclass(frozen=True, slots=True)
class Found:
    """The best plan that is valid in a first state, where what is soft counts, and in others.

    Attributes
    ----------
    plan : TeacherPlan
        As it works out in the first state.
    deciding : tuple of frozenset of str
        States, the first one leading, for which alone the answer is the same.
    """

    plan: TeacherPlan
    deciding: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """What a search can start from.

    Attributes
    ----------
    steps : tuple of (module, mode, start)
        They need not be a plan of the states asked about.
    bounds : mapping
        A lower bound of the first objective that holds for the states asked about.
    deciding : tuple of frozenset of str
        States that probably decide.
    """

    steps: Steps = ()
    bounds: Mapping[ObjectiveName, int | None] = field(default_factory=dict)
    deciding: tuple[State, ...] = ()


NO_HINT = Hint()


class StatesOfKnowledge:
    """Plans of one teacher that are valid in chosen states of knowledge.

    Parameters
    ----------
    question : WhatIf
        The teacher as diagnosed.
    break_ties : bool
        Whether plans are the unique ones; where only figures matter, they need not be.
    """

    def __init__(self, question: WhatIf, *, break_ties: bool = True) -> None:
        self._question = question
        self._break_ties = break_ties
        person = question.teacher
        self._facts = {AS_DIAGNOSED: TeacherFacts(question.index, person, alone=question.alone)}
        self._judged: dict[tuple[State, Steps], Figures] = {}
        self._solved: list[tuple[StatesPlanner, TeacherPlan]] = []

    def facts(self, state: State) -> TeacherFacts:
        """Return the facts of a state; they share what does not depend on what is known."""
        found = self._facts.get(state)
        if found is None:
            ground = self._facts[AS_DIAGNOSED]
            record = lowered(self._question.scenario, ground.teacher, sorted(state))
            found = self._facts[state] = ground.with_record(record)
        return found

    def forget(self, states: Iterable[State]) -> None:
        """Give up the facts of states that are not asked about again."""
        for state in set(states) - {AS_DIAGNOSED}:
            self._facts.pop(state, None)

    def scenario(self, state: State) -> Scenario:
        """Return the scenario with the teacher's record of a state."""
        return self._question.changed(self.facts(state).teacher)

    def best(self, first: State, others: Iterable[State], hint: Hint = NO_HINT) -> Found:
        """Return the best plan that is valid in a first state and in others."""
        states = tuple(dict.fromkeys((first, *others)))
        likely = frozenset((first, *hint.deciding))
        tolerant = any(spec.tolerance for spec in self._question.scenario.objectives)
        # A tolerance could hold later objectives to too narrow a limit if states are left out.
        active = states if tolerant else tuple(s for s in states if s in likely)
        while True:
            plan = self._solve(active, hint)
            broken = self._broken(plan, [s for s in states if s not in active])
            if not broken:
                return Found(plan, active)
            active = (*active, *broken)

    def _broken(self, plan: TeacherPlan, states: Sequence[State]) -> Sequence[State]:
        """Return states that must join because a plan breaks them, none if it breaks none.

        Steps of duration 0 in one instant need one order that suits all states: all join then.
        """
        if not plan.status.has_plan:
            return ()
        instants = [s.start for s in plan.steps if s.start == s.end]
        if len(set(instants)) < len(instants):
            return states
        broken = (s for s in states if not self.holds(plan, s))
        return list(islice(broken, ADDED))

    def holds(self, plan: TeacherPlan, state: State) -> bool:
        """Return whether the steps of a plan are a plan in a state."""
        return is_valid_in(self.facts(state), steps_of(plan))

    def _solve(self, states: Sequence[State], hint: Hint) -> TeacherPlan:
        """Return the best plan valid in all states, judged in the first; equal problems once."""
        facts = [self.facts(s) for s in states]
        planner = StatesPlanner(
            self._question.index,
            facts,
            watch=Stopwatch(),
            report=lambda *_: None,
            break_ties=self._break_ties,
        )
        for earlier, plan in self._solved:
            if planner.asks_the_same(earlier):
                return self._moved(plan, states[0])
        if hint.steps:
            planner.start_at(hint.steps, hint.bounds)
        effort = self._question.effort
        planner.search(effort.seed, effort.seconds, effort.wall_deadline, effort.cancel)
        plan = judged(self.scenario(states[0]), planner.teacher_plan())
        self._solved.append((planner, plan))
        return plan

    def _moved(self, plan: TeacherPlan, state: State) -> TeacherPlan:
        """Return the answer to an equal problem as it works out in another first state."""
        if not plan.status.has_plan:
            return plan
        shown = plan_in(self.facts(state), steps_of(plan))
        return replace(shown, status=plan.status, objectives=plan.objectives)

    def figures(self, plan: TeacherPlan, state: State) -> Figures:
        """Return the objectives of a plan in a state if the judge accepts it there.

        Raises
        ------
        PlanRejected
            If the judge objects: a fault of the engine.
        """
        key = (state, steps_of(plan))
        if key not in self._judged:
            scenario = self.scenario(state)
            shown = plan_in(self.facts(state), key[1])
            values = figures(scenario, shown)
            objectives = tuple(
                Objective(s.name.value, values[s.name], None, s.tolerance)
                for s in scenario.objectives
            )
            judged(scenario, replace(shown, objectives=objectives))
            self._judged[key] = values
        return self._judged[key]

    def is_harder(self, state: State, than: State) -> bool:
        """Return whether every plan of a state is one of another, and no better there.

        What forms a node stays enough for it if more is known; only a rule on balance can suffer
        from more knowledge, or a measurement that refutes f in the other state alone.
        """
        if self._facts[AS_DIAGNOSED].balances:
            return False
        less, more = self.facts(state).knowledge, self.facts(than).knowledge
        known = np.asarray(more.known)
        formed = known | np.asarray(more.by_rule)
        return not np.any(np.asarray(less.known) & ~known | np.asarray(less.by_rule) & ~formed)
