"""Pedagogical tasks: alternative chains of nodes, any one of which solves the task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trajectory_engine.domain.competence import NodeRef


@dataclass(frozen=True, slots=True)
class TaskPath:
    """One way to solve a task: an ordered chain of nodes, in the order of their use."""

    id: str
    links: tuple[NodeRef, ...]


@dataclass(frozen=True, slots=True)
class PedagogicalTask:
    """PT_x: solvable iff every link of at least one path is formed.

    Attributes
    ----------
    paths : tuple of TaskPath
        The alternatives, in the planner's order; not empty.
    free : bool
        True when consecutive links need not be connected in the prerequisite graph.
    """

    id: str
    name: str
    paths: tuple[TaskPath, ...]
    free: bool = False

    def solved_by(self, formed: Callable[[NodeRef], bool]) -> str | None:
        """Return the id of the first path whose links are all formed, None if there is none."""
        return next((p.id for p in self.paths if all(map(formed, p.links))), None)

    def missing(self, formed: Callable[[NodeRef], bool]) -> dict[str, tuple[NodeRef, ...]]:
        """Return, for every path by id, its links that are not formed, in their order."""
        return {p.id: tuple(n for n in p.links if not formed(n)) for p in self.paths}
