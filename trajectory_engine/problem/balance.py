"""Balance of the pyramid as linear rows over the nodes formed by the end of the plan.

With d_c = n_c / N_c, n_c linear in the nodes that are formed, ``d_a - d_b <= t / 100`` is
``100 n_a N_b - 100 n_b N_a <= t N_a N_b``: integers on both sides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.pyramid import PER_CENT
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.graph.prerequisites import PrerequisiteGraph


@dataclass(frozen=True, slots=True)
class NodeRow:
    """``sum of coefficient x node formed >= least``."""

    coefficients: Mapping[int, int]
    least: int

    def holds(self, formed: Collection[int]) -> bool:
        """Return whether it holds if these nodes are formed."""
        return sum(v for n, v in self.coefficients.items() if n in formed) >= self.least


@dataclass(frozen=True, slots=True)
class _Side:
    """A component: what each node adds to the weighted level, and the highest weighted level."""

    nodes: Mapping[int, int]
    highest: int


def _sides(model: CompetenceModel, graph: PrerequisiteGraph) -> list[_Side | None]:
    """Return subject, pedagogical and social; None for a component without elements."""
    found: list[_Side | None] = []
    families: Sequence[Sequence[tuple[str, tuple[int, ...], int]]] = (
        [(e.key, e.levels, e.weight) for e in model.subject],
        [(e.key, e.levels, e.weight) for e in model.pedagogical],
        [(e.key, e.levels, e.weight) for e in model.social],
    )
    for elements in families:
        nodes: dict[int, int] = {}
        for key, levels, weight in elements:
            for below, level in zip((0, *levels), levels, strict=False):
                nodes[graph.index(NodeRef(key, level))] = weight * (level - below)
        highest = sum(levels[-1] * weight for _, levels, weight in elements)
        found.append(_Side(nodes, highest) if elements else None)
    return found


def balance_nodes(model: CompetenceModel, graph: PrerequisiteGraph) -> set[int]:
    """Return the nodes that the pyramid looks at."""
    return {node for side in _sides(model, graph) if side for node in side.nodes}


def balance_rows(
    model: CompetenceModel, graph: PrerequisiteGraph, tolerance: int
) -> Iterator[NodeRow]:
    """Yield the rows of a balanced pyramid; the tolerance is in per cent."""
    subject, pedagogical, social = _sides(model, graph)
    for larger, smaller in (
        (pedagogical, subject),
        (subject, pedagogical),
        (subject, social),
        (pedagogical, social),
    ):
        if larger and smaller:
            coefficients = {n: -PER_CENT * v * smaller.highest for n, v in larger.nodes.items()}
            for node, value in smaller.nodes.items():
                coefficients[node] = PER_CENT * value * larger.highest
            yield NodeRow(coefficients, -tolerance * larger.highest * smaller.highest)
