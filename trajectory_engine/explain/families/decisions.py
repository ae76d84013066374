"""Decisions of people: each may be dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.people import Decision, DecisionKind
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.base import Family, Knob, LooseView, without_starts
from trajectory_engine.explain.families.goals import task_ways
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.elastic import (
    ElasticClause,
    ElasticConstraint,
    ElasticNeed,
    ElasticStarts,
)
from trajectory_engine.problem.facts import Wanted
from trajectory_engine.problem.teacher_problem import ModeOption


class Decisions(Family):
    """Every decision on the teacher."""

    kind = LimitKind.DECISION

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per decision; the same decision given twice is one."""
        found = map(decision_limit, ground.facts.decisions)
        return tuple(dict.fromkeys(found))

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the decision."""
        return Message.of("limit_decision", decision=limit.subject.replace(":", " "))

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario without the decision."""
        mine = ground.facts.decisions
        kept = tuple(d for d in scenario.decisions if d not in mine or name(d) != limit.subject)
        return replace(scenario, decisions=kept)

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return the whole decision."""
        return [Knob(limit, "whole", 1, ground.prices.decision)]

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return that the decision is dropped."""
        return Message.of("change_decision", decision=knob.limit.subject.replace(":", " "))

    def _decision(self, ground: Ground, limit: Limit) -> Decision:
        return next(d for d in ground.facts.decisions if name(d) == limit.subject)

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return what the decision demands or forbids."""
        decision, knob = self._decision(view.ground, limit), knobs[""]
        found: list[ElasticConstraint] = []
        if decision.kind is DecisionKind.PATH:
            return self._path(view, decision, knob)
        if decision.kind is not DecisionKind.FORBID:
            position = view.position.get(decision.subject)
            modules = () if position is None else (position,)
            found.append(ElasticClause(modules, ((knob, 1),)))
        if self._is_dated_elsewhere(view, decision):
            return found
        for m, k, option in view.modes_of([decision.subject]):
            found += self._starts(view.ground, decision, (m, k), option, knob)
        return found

    def _is_dated_elsewhere(self, view: LooseView, decision: Decision) -> bool:
        """Return whether the starts of a run are stated with the dates of the module."""
        dates = Limit(LimitKind.DATES, decision.subject)
        return decision.kind is DecisionKind.RUN and dates.id in view.knobs

    def _starts(
        self,
        ground: Ground,
        decision: Decision,
        literal: tuple[int, int],
        option: ModeOption,
        knob: int,
    ) -> Sequence[ElasticStarts]:
        """Return the starts of a mode that the decision rules out."""
        allowed: set[int] = set()
        match decision.kind:
            case DecisionKind.TAKE:
                return []
            case DecisionKind.MODE if option.id == decision.value:
                return []
            case DecisionKind.START if decision.period is not None:
                allowed = {decision.period}
            case DecisionKind.RUN:
                allowed = run_starts(ground, decision, option)
        return without_starts(*literal, set(option.starts) - allowed, knob)

    def _path(self, view: LooseView, decision: Decision, knob: int) -> list[ElasticConstraint]:
        """Return the need of the one path, where the task is a hard goal."""
        ground = view.ground
        goals = [g for g in ground.scenario.goals_of(ground.teacher) if g.task == decision.subject]
        if not any(goal.hard for goal in goals):
            return []
        paths = ground.scenario.model.task_by_id[decision.subject].paths
        ways = zip(paths, task_ways(ground, decision.subject), strict=True)
        way = next(nodes for path, nodes in ways if path.id == decision.value)
        unless = [knob]
        goal = view.knobs.get(Limit(LimitKind.GOAL, f"task:{decision.subject}").id)
        if goal is not None:
            unless.append(goal)
        needs = ElasticNeed(view.ways([way]), tuple((k, 1) for k in unless))
        return [needs] if way else []

    def seeds(self, ground: Ground, limit: Limit) -> tuple[list[Wanted], set[str]]:
        """Return the module, or the other paths of the task."""
        decision = self._decision(ground, limit)
        if decision.kind is not DecisionKind.PATH:
            return [], {decision.subject}
        ways = tuple(way for way in task_ways(ground, decision.subject) if way)
        return [Wanted(limit.id, False, 0, ways)], set()


def name(decision: Decision) -> str:
    """Return a decision as one word: ``run:M1=r2``."""
    value = decision.value if decision.period is None else f"period {decision.period}"
    return f"{decision.kind.value}:{decision.subject}" + (f"={value}" if value else "")


def decision_limit(decision: Decision) -> Limit:
    """Return the limit that a decision is."""
    return Limit(LimitKind.DECISION, name(decision))


def run_starts(ground: Ground, decision: Decision, option: ModeOption) -> set[int]:
    """Return the starts of the run that a decision names, in one mode."""
    runs = ground.index.runs.get((decision.subject, option.id), ())
    return {r.start for r in runs if r.id == decision.value}
