"""Hard goals: a node is asked for at a lower level, a task is given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.people import Goal
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.base import Family, Knob, LooseView
from trajectory_engine.explain.ground import Ground, with_teacher
from trajectory_engine.problem.elastic import ElasticConstraint, ElasticNeed
from trajectory_engine.problem.facts import Wanted


class Goals(Family):
    """Every hard goal of the teacher, of the profile or the teacher's own."""

    kind = LimitKind.GOAL

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per hard goal."""
        goals = ground.scenario.goals_of(ground.teacher)
        return [Limit(self.kind, str(goal)) for goal in goals if goal.hard]

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the goal."""
        return Message.of("limit_goal", goal=limit.subject)

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the goal is no goal of the teacher any more."""
        return self._put(scenario, ground, limit, None)

    def all_removed(self, scenario: Scenario, ground: Ground, limits: Sequence[Limit]) -> Scenario:
        """Return the scenario where several goals are no goals of the teacher any more."""
        subjects = {limit.subject for limit in limits}
        if not subjects:
            return scenario
        teacher = scenario.teacher_by_id[ground.teacher.id]
        kept = tuple(g for g in scenario.goals_of(teacher) if str(g) not in subjects)
        return with_teacher(scenario, teacher.id, profile="", goals=kept)

    def _put(
        self, scenario: Scenario, ground: Ground, limit: Limit, instead: Goal | None
    ) -> Scenario:
        teacher = scenario.teacher_by_id[ground.teacher.id]
        merged: dict[str, Goal] = {}
        for goal in scenario.goals_of(teacher):
            put = instead if str(goal) == limit.subject else goal
            if put is not None and not (str(put) in merged and merged[str(put)].hard):
                merged[str(put)] = put
        return with_teacher(scenario, teacher.id, profile="", goals=tuple(merged.values()))

    def _goal(self, ground: Ground, limit: Limit) -> Goal:
        goals = ground.scenario.goals_of(ground.teacher)
        return next(g for g in goals if str(g) == limit.subject)

    def _ladder(self, ground: Ground, node: NodeRef) -> list[NodeRef]:
        """Return the node and the lower existing levels of its element, falling."""
        levels = ground.scenario.model.elements.levels[node.element]
        return [NodeRef(node.element, lv) for lv in reversed(levels) if lv <= node.level]

    def _lower(self, ground: Ground, goal: Goal, amount: int) -> NodeRef | None:
        """Return the node so many existing levels lower, None where the goal is dropped."""
        ladder = [] if goal.node is None else self._ladder(ground, goal.node)
        return ladder[amount] if amount < len(ladder) else None

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return levels for a node, the whole goal for a task."""
        goal = self._goal(ground, limit)
        if goal.node is None:
            return [Knob(limit, "whole", 1, ground.prices.task)]
        return [Knob(limit, "level", len(self._ladder(ground, goal.node)), ground.prices.level)]

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return the scenario with the goal so many existing levels lower."""
        goal = self._goal(ground, knob.limit)
        lower = self._lower(ground, goal, amount)
        if lower is None:
            return self.removed(scenario, ground, knob.limit)
        return self._put(scenario, ground, knob.limit, Goal(lower, weight=goal.weight))

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the level asked for instead."""
        goal = self._goal(ground, knob.limit)
        lower = self._lower(ground, goal, amount)
        if lower is None:
            return Message.of("change_goal_dropped", goal=goal)
        return Message.of("change_goal_lower", goal=goal, lower=lower, levels=amount)

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return one need per level that is not known yet."""
        goal = self._goal(view.ground, limit)
        knob = knobs[""]
        graph, known = view.ground.index.graph, view.ground.facts.knowledge.known
        if goal.node is None:
            loose = path_knob(view, str(goal.task)) is not None
            wanted = self._wanted(view.ground, limit)
            nodes = task_ways(view.ground, str(goal.task)) if loose else ()
            ways = [w.ways for w in wanted] if not nodes else [nodes] if () not in nodes else []
            return [ElasticNeed(view.ways(w), ((knob, 1),)) for w in ways]
        ladder = [graph.index(n) for n in self._ladder(view.ground, goal.node)]
        return [
            ElasticNeed(view.ways([(n,)]), ((knob, i + 1),))
            for i, n in enumerate(ladder)
            if not known[n]
        ]

    def _wanted(self, ground: Ground, limit: Limit) -> list[Wanted]:
        goal = self._goal(ground, limit)
        name = f"goal:{goal.node}" if goal.node is not None else str(goal)
        return [w for w in ground.facts.wanted if w.goal == name]

    def seeds(self, ground: Ground, limit: Limit) -> tuple[list[Wanted], set[str]]:
        """Return the goal itself and its lower levels."""
        goal = self._goal(ground, limit)
        if goal.node is None:
            return self._wanted(ground, limit), set()
        graph, known = ground.index.graph, ground.facts.knowledge.known
        nodes = [graph.index(n) for n in self._ladder(ground, goal.node)]
        return [Wanted(limit.id, False, 0, ((n,),)) for n in nodes if not known[n]], set()


def task_ways(ground: Ground, task: str) -> tuple[tuple[int, ...], ...]:
    """Return what is not known yet of every path of a task."""
    graph, known = ground.index.graph, ground.facts.knowledge.known
    paths = ground.scenario.model.task_by_id[task].paths
    return tuple(tuple(n for n in map(graph.index, p.links) if not known[n]) for p in paths)


def path_knob(view: LooseView, task: str) -> int | None:
    """Return the knob of a decision for one path of a task, None if there is none."""
    prefix = f"{LimitKind.DECISION.value}:path:{task}="
    return next((i for name, i in view.knobs.items() if name.startswith(prefix)), None)
