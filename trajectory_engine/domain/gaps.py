"""What a teacher lacks: goals and paths of tasks against the levels that are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trajectory_engine.domain.competence import NodeRef, parse_node
from trajectory_engine.domain.diagnosis import diagnosis_of
from trajectory_engine.domain.people import DecisionKind, Goal, Teacher
from trajectory_engine.domain.plan import TeacherPlan
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.tasks import TaskPath


@dataclass(frozen=True, slots=True)
class NodeGap:
    """A node that is not formed: ``known`` is the level of its element, below ``node.level``."""

    node: NodeRef
    known: int


@dataclass(frozen=True, slots=True)
class PathGap:
    """What one path of a task lacks, in the order of its links; nothing if it is formed.

    ``path`` is the id of the path, empty for a goal that is a node.
    """

    path: str
    links: tuple[NodeRef, ...]
    missing: tuple[NodeGap, ...]

    @property
    def formed(self) -> bool:
        """Whether every link is formed."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class GoalGap:
    """What a goal lacks.

    Attributes
    ----------
    goal : Goal
    paths : tuple of PathGap
        The alternatives: one for a node, the admitted paths for a task.
    """

    goal: Goal
    paths: tuple[PathGap, ...]

    @property
    def met(self) -> bool:
        """Whether at least one alternative is formed."""
        return any(path.formed for path in self.paths)

    @property
    def nearest(self) -> PathGap:
        """The alternative with the fewest missing links, the first one of several."""
        return min(self.paths, key=lambda path: len(path.missing))


def path_gap(path: TaskPath, levels: Mapping[str, int]) -> PathGap:
    """Return what a path lacks when ``levels`` (by element key) are known."""
    missing = tuple(
        NodeGap(link, levels.get(link.element, 0))
        for link in path.links
        if levels.get(link.element, 0) < link.level
    )
    return PathGap(path.id, path.links, missing)


def goal_gap(
    scenario: Scenario, teacher: Teacher, goal: Goal, levels: Mapping[str, int]
) -> GoalGap:
    """Return what a goal lacks; a decision on the task's path narrows it to that path."""
    if goal.node is not None:
        return GoalGap(goal, (path_gap(TaskPath("", (goal.node,)), levels),))
    paths = scenario.model.task_by_id[goal.task or ""].paths
    pinned = {
        d.value
        for d in scenario.decisions
        if d.kind is DecisionKind.PATH and d.subject == goal.task and d.teacher in (teacher.id, "*")
    }
    admitted = [p for p in paths if not pinned or p.id in pinned]
    return GoalGap(goal, tuple(path_gap(p, levels) for p in admitted))


def teacher_gaps(
    scenario: Scenario, teacher: Teacher, levels: Mapping[str, int] | None = None
) -> tuple[GoalGap, ...]:
    """Return the gap of every goal of a teacher, met goals included.

    Parameters
    ----------
    scenario : Scenario
    teacher : Teacher
    levels : mapping, optional
        Level by element key; by default what the teacher knows at time 0.
    """
    state = diagnosis_of(scenario, teacher).levels if levels is None else levels
    return tuple(goal_gap(scenario, teacher, g, state) for g in scenario.goals_of(teacher))


def missing_nodes(gaps: Iterable[GoalGap]) -> tuple[NodeRef, ...]:
    """Return the distinct nodes that unmet goals lack, over all their alternatives."""
    return tuple(
        dict.fromkeys(m.node for g in gaps if not g.met for path in g.paths for m in path.missing)
    )


def attainment(plan: TeacherPlan) -> dict[NodeRef, int]:
    """Return the period by which a plan forms each node, by what the plan says of itself."""
    named = [(text, step.end) for step in plan.steps for text in step.attains]
    periods: dict[NodeRef, int] = {}
    for text, period in (*named, *plan.formed_by_rule):
        node = parse_node(text)
        if node is not None:
            periods[node] = min(period, periods.get(node, period))
    return periods


def levels_after(levels: Mapping[str, int], plan: TeacherPlan) -> dict[str, int]:
    """Return the levels by element key at the end of a plan that starts from ``levels``."""
    after = dict(levels)
    for node in attainment(plan):
        after[node.element] = max(node.level, after.get(node.element, 0))
    return after
