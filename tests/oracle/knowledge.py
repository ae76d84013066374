"""What a teacher knows and how nodes come to be formed, worked out from the semantics alone.

Sets of nodes are integers used as bit sets, one bit a node of the model.
"""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.domain.competence import FormationMode, NodeRef
from trajectory_engine.domain.people import DiagnosisRule, Measurement, Teacher
from trajectory_engine.domain.scenario import CompetenceModel

Need = tuple[int, int]
"""At least ``second`` of the nodes in the bit set ``first``."""


def at_or_below(levels: tuple[int, ...], level: int) -> int:
    """Return the highest existing level that does not exceed ``level``, 0 if there is none."""
    return max((lv for lv in levels if lv <= level), default=0)


def at_least(levels: tuple[int, ...], threshold: int) -> int:
    """Return the level a threshold of f means, 0 where it asks for nothing."""
    if threshold == 0:
        return 0
    return min((lv for lv in levels if lv >= threshold), default=max(levels))


def level_measured(measurement: Measurement, rule: DiagnosisRule) -> int:
    """Return the level of a measurement, from its scores where it has no level."""
    if measurement.level is not None:
        return measurement.level
    aspects = [
        (measurement.content, rule.content_weight),
        (measurement.activity, rule.activity_weight),
        (measurement.communicative, rule.communicative_weight),
    ]
    seen = [(score, weight) for score, weight in aspects if score is not None]
    if all(weight == 0 for _, weight in seen):
        seen = [(score, 1) for score, _ in seen]
    total = sum(score * weight for score, weight in seen)
    weights = sum(weight for _, weight in seen)
    reached = [lv for lv, cut in enumerate(rule.cut_points, 1) if seen and total >= cut * weights]
    return max(reached, default=0)


@dataclass(frozen=True)
class Knowledge:
    """The nodes of a model as one teacher meets them.

    Attributes
    ----------
    bit : dict
        Bit of every node.
    needs : dict
        Requirements of every node: all of them must hold.
    known : int
        Nodes formed at time 0.
    by_rule : tuple of NodeRef
        Derived nodes that f may form: those that no measurement has refuted.
    refuted : tuple of NodeRef
    """

    bit: dict[NodeRef, int]
    needs: dict[NodeRef, tuple[Need, ...]]
    known: int
    by_rule: tuple[NodeRef, ...]
    refuted: tuple[NodeRef, ...]
    levels: dict[str, tuple[int, ...]]

    def mask(self, nodes: tuple[NodeRef, ...]) -> int:
        """Return the bit set of some nodes."""
        result = 0
        for node in nodes:
            result |= self.bit[node]
        return result

    def with_lower(self, nodes: tuple[NodeRef, ...]) -> int:
        """Return the bit set of some nodes and every lower level of their elements."""
        result = 0
        for node in nodes:
            for level in self.levels[node.element]:
                if level <= node.level:
                    result |= self.bit[NodeRef(node.element, level)]
        return result

    def settle(self, formed: int) -> int:
        """Return ``formed`` with everything that f forms from it."""
        changed = True
        while changed:
            changed = False
            for node in self.by_rule:
                if not formed & self.bit[node] and holds(self.needs[node], formed):
                    formed |= self.bit[node]
                    changed = True
        return formed


def holds(needs: tuple[Need, ...], formed: int) -> bool:
    """Return whether every need is satisfied by the formed nodes."""
    return all((nodes & formed).bit_count() >= least for nodes, least in needs)


def _asked_by_f(
    model: CompetenceModel, levels: dict[str, tuple[int, ...]], cell: tuple[str, str], level: int
) -> list[NodeRef]:
    """Return the nodes that f asks for before the cell (P id, Sub id) is at ``level``."""
    asked = model.formation.thresholds[level - 1]
    pairs = [(f"Sub[{cell[1]}]", asked.subject), (f"P[{cell[0]}]", asked.pedagogical)]
    pairs += [(f"S[{identifier}]", threshold) for identifier, threshold in asked.social]
    nodes = [NodeRef(key, at_least(levels[key], threshold)) for key, threshold in pairs]
    return [node for node in nodes if node.level > 0]


def requirements(model: CompetenceModel) -> dict[NodeRef, list[tuple[list[NodeRef], int]]]:
    """Return ladder, formation and authored requirements of every node of a model."""
    levels = _levels(model)
    result: dict[NodeRef, list[tuple[list[NodeRef], int]]] = {}
    for key, existing in levels.items():
        for lower, level in zip((0, *existing), existing, strict=False):
            result[NodeRef(key, level)] = [([NodeRef(key, lower)], 1)] if lower else []
    for cell in model.professional:
        for level in cell.levels:
            asked = _asked_by_f(model, levels, (cell.pedagogical, cell.subject), level)
            result[NodeRef(f"B[{cell.pedagogical},{cell.subject}]", level)] += [
                ([node], 1) for node in asked
            ]
    for authored in model.prerequisites:
        result[authored.node].append((list(authored.needs), authored.least))
    return result


def _levels(model: CompetenceModel) -> dict[str, tuple[int, ...]]:
    """Return the existing levels of every element by key."""
    return {
        **{f"Sub[{e.id}]": e.levels for e in model.subject},
        **{f"P[{e.id}]": e.levels for e in model.pedagogical},
        **{f"S[{e.id}]": e.levels for e in model.social},
        **{f"B[{e.pedagogical},{e.subject}]": e.levels for e in model.professional},
    }


def knowledge_of(model: CompetenceModel, teacher: Teacher) -> Knowledge:
    """Return what a teacher knows and how the other nodes can be formed."""
    levels = _levels(model)
    all_needs = requirements(model)
    bit = {node: 1 << i for i, node in enumerate(all_needs)}
    level: dict[str, int] = {}
    for measurement in teacher.measurements:
        measured = level_measured(measurement, model.diagnosis)
        level[measurement.element] = at_or_below(levels[measurement.element], measured)
    for recognition in teacher.recognised:
        recognised = at_or_below(levels[recognition.element], recognition.level)
        level[recognition.element] = max(recognised, level.get(recognition.element, 0))
    measured_elements = {m.element for m in teacher.measurements}
    derived: list[NodeRef] = []
    refuted: list[NodeRef] = []
    by_f: dict[str, int] = {}
    for cell in model.professional:
        if cell.formation is not FormationMode.DERIVED:
            continue
        key = f"B[{cell.pedagogical},{cell.subject}]"
        given = 0
        for lv in cell.levels:
            asked = _asked_by_f(model, levels, (cell.pedagogical, cell.subject), lv)
            if any(level.get(node.element, 0) < node.level for node in asked):
                break
            given = lv
        known = level.get(key, 0)
        for lv in cell.levels:
            is_refuted = key in measured_elements and known < lv <= given
            (refuted if is_refuted else derived).append(NodeRef(key, lv))
        if key not in measured_elements:
            by_f[key] = max(given, known)
    level.update(by_f)
    known_nodes = 0
    for node, value in bit.items():
        if level.get(node.element, 0) >= node.level:
            known_nodes |= value
    needs = {
        node: tuple((sum(bit[n] for n in set(nodes)), least) for nodes, least in groups)
        for node, groups in all_needs.items()
    }
    return Knowledge(bit, needs, known_nodes, tuple(derived), tuple(refuted), levels)
