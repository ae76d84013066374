"""Which uncertain level to assess first, and the hours that the answer could save."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trajectory_engine.answers.ask import TIME_LIMIT, ask, steps_of
from trajectory_engine.answers.states import (
    AS_DIAGNOSED,
    Found,
    Hint,
    State,
    StatesOfKnowledge,
)
from trajectory_engine.answers.uncertain import CERTAIN, THRESHOLD, uncertain_levels
from trajectory_engine.arguments import whole
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.robustness import Advice, Assessment, UncertainLevel
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.domain.serial import input_hash

Values = tuple[int, ...]


def assess_first(
    scenario: Scenario,
    teacher: str,
    *,
    threshold: int = THRESHOLD,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    cancel: threading.Event | None = None,
) -> Assessment:
    """Return the uncertain levels, the one whose assessment could save most hours first.

    Without an answer the plan has to stay valid for every uncertain level alone.  An assessment
    has one of two answers: the level is right, or it is one lower; the plan then has to stay
    valid for the other levels.  What each answer saves is the difference of two solves.

    Parameters
    ----------
    scenario, teacher, threshold, time_limit, seed, cancel
        As for :func:`trajectory_engine.robust`.

    Raises
    ------
    InputError, KeyError, PlanRejected
        As for :func:`trajectory_engine.plan`.
    """
    whole("threshold", threshold, most=CERTAIN)
    question = ask(scenario, teacher, time_limit, seed, cancel)
    uncertain = uncertain_levels(scenario, question.teacher, threshold)
    assessor = _Assessor(
        StatesOfKnowledge(question, break_ties=False), scenario, [u.element for u in uncertain]
    )
    ground = assessor.ground
    advice = [assessor.advice(level) for level in uncertain if not question.effort.is_spent]
    examined = {a.element.element for a in advice}
    return Assessment(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        teacher=teacher,
        threshold=threshold,
        over=tuple(spec.name for spec in scenario.objectives),
        status=ground.status,
        values=ground.values,
        advice=tuple(sorted(advice, key=lambda a: _urgency(a, ground.values))),
        left_out=tuple(u.element for u in uncertain if u.element not in examined),
        reproducible=not question.effort.is_spent,
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The best plan under some answer: its status, and its objectives in the first state."""

    status: Status
    values: Values = ()
    hours: int | None = None


class _Assessor:
    """Finds what both answers about each element lead to, and searches only where it must.

    The plan that stays valid as things are rests on few deciding states.  An element that is in
    none of them can be found right without any other answer.  Found one lower, it leads to no
    better plan where less knowledge is never of use, so if the plan stays valid it is the answer.
    """

    def __init__(
        self, knowledge: StatesOfKnowledge, scenario: Scenario, elements: Sequence[str]
    ) -> None:
        self._knowledge = knowledge
        self._objectives = scenario.objectives
        self._elements = elements
        self._ground = knowledge.best(AS_DIAGNOSED, [frozenset((e,)) for e in elements])
        self.ground = self._outcome(self._ground, AS_DIAGNOSED, self._others(None))

    def _others(self, element: str | None) -> list[State]:
        """Return the states of what stays uncertain once an element is assessed, one by one."""
        return [frozenset((e,)) for e in self._elements if e != element]

    def advice(self, level: UncertainLevel) -> Advice:
        """Return what assessing an element could save."""
        confirmed, lower = self._confirmed(level.element), self._lowered(level.element)
        before = self.ground.hours
        saved = [
            before - outcome.hours
            for outcome in (confirmed, lower)
            if before is not None and outcome.hours is not None
        ]
        return Advice(
            element=level,
            confirmed=confirmed.values,
            confirmed_status=confirmed.status,
            lowered=lower.values,
            lowered_status=lower.status,
            hours=max(saved, default=None),
        )

    def _confirmed(self, element: str) -> _Outcome:
        """Return what finding the level right leads to."""
        state = frozenset((element,))
        if state not in self._ground.deciding:
            return self.ground
        deciding = tuple(s for s in self._ground.deciding if s != state)
        hint = Hint(steps_of(self._ground.plan), deciding=deciding)
        others = self._others(element)
        return self._outcome(self._knowledge.best(AS_DIAGNOSED, others, hint), AS_DIAGNOSED, others)

    def _lowered(self, element: str) -> _Outcome:
        """Return what finding the level one lower leads to."""
        first = frozenset((element,))
        others = [first | state for state in self._others(element)]
        try:
            return self._known(first, others) or self._searched(first, others)
        finally:
            self._knowledge.forget(others)

    def _no_better(self, first: State) -> bool:
        """Return whether no plan valid once ``first`` is found can be better than the ground's."""
        return all(self._knowledge.is_harder(first | s, s) for s in self._ground.deciding)

    def _known(self, first: State, others: Sequence[State]) -> _Outcome | None:
        """Return the outcome if it is what it is as things are, None if it need not be."""
        tolerant = any(spec.tolerance for spec in self._objectives)
        settled = self.ground.status in (Status.OPTIMAL, Status.INFEASIBLE)
        if tolerant or not settled or not self._no_better(first):
            return None
        plan = self._ground.plan
        if not plan.status.has_plan:
            return self.ground
        if not all(self._knowledge.holds(plan, s) for s in (first, *others)):
            return None
        outcome = self._outcome(self._ground, first, others)
        return outcome if outcome.values == self.ground.values else None

    def _searched(self, first: State, others: Sequence[State]) -> _Outcome:
        deciding = tuple(first | s for s in self._ground.deciding)
        hint = Hint(steps_of(self._ground.plan), self._bounds(first), deciding)
        return self._outcome(self._knowledge.best(first, others, hint), first, others)

    def _bounds(self, first: State) -> Mapping[ObjectiveName, int | None]:
        """Return a bound of the first objective, if one is known."""
        bounds = {ObjectiveName(o.name): o.bound for o in self._ground.plan.objectives[:1]}
        return bounds if self._no_better(first) else {}

    def _outcome(self, found: Found, first: State, others: Sequence[State]) -> _Outcome:
        """Return a plan's objectives in the first state, once the judge accepts it in all."""
        plan = found.plan
        if not plan.status.has_plan:
            return _Outcome(plan.status)
        for state in others:
            self._knowledge.figures(plan, state)
        figures = self._knowledge.figures(plan, first)
        values = tuple(figures[spec.name] for spec in self._objectives)
        return _Outcome(plan.status, values, figures[ObjectiveName.STUDY_HOURS])


def _urgency(advice: Advice, before: Values) -> tuple[object, ...]:
    """Return a key: most hours first, then the best plan that an answer could lead to.

    Where no plan stays valid as things are, an answer that leads to one comes first.
    """
    outcomes = [values for values in (advice.confirmed, advice.lowered) if values]
    rescued = bool(outcomes) and not before
    hours = 0 if advice.hours is None else advice.hours
    unknown = Status.UNKNOWN in (advice.confirmed_status, advice.lowered_status)
    best = min(outcomes, default=())
    return (not rescued, unknown, -hours, best, advice.element.element)
