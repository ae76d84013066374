"""From measurements and recognised learning to what a teacher knows at time 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trajectory_engine.domain.competence import FormationMode, NodeRef, ProfessionalElement
from trajectory_engine.domain.levels import round_down
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.people import DiagnosisRule, Measurement, Teacher
from trajectory_engine.domain.plan import RecognisedLearning
from trajectory_engine.domain.recognition import Claim, claims_of, plain_claims
from trajectory_engine.domain.scenario import CompetenceModel, Scenario


def measured_level(measurement: Measurement, rule: DiagnosisRule) -> int:
    """Return the level, 0 to 5, that a measurement stands for.

    Aspects that were not measured are left out of the weighted mean; if no measured aspect has
    a weight, all measured aspects weigh the same.
    """
    if measurement.level is not None:
        return measurement.level
    scores = [
        (measurement.content, rule.content_weight),
        (measurement.activity, rule.activity_weight),
        (measurement.communicative, rule.communicative_weight),
    ]
    present = [(s, w) for s, w in scores if s is not None]
    if not any(w for _, w in present):
        present = [(s, 1) for s, _ in present]
    weight = sum(w for _, w in present)
    total = sum(s * w for s, w in present)
    return sum(total >= cut * weight for cut in rule.cut_points) if weight else 0


@dataclass(frozen=True)
class Diagnosis:
    """What a teacher knows at time 0.

    Attributes
    ----------
    levels : mapping
        Level by element key; an element that is absent is not formed.
    refuted : frozenset of NodeRef
        Derived nodes above a measured level whose thresholds were all known already: the
        measurement has shown that f does not hold there, so only a module forms them.
    warnings : tuple of Message
    recognised : tuple of RecognisedLearning
        Prior learning that counted, with the nodes that are known by it.
    """

    levels: Mapping[str, int]
    refuted: frozenset[NodeRef]
    warnings: tuple[Message, ...]
    recognised: tuple[RecognisedLearning, ...] = ()

    def knows(self, node: NodeRef) -> bool:
        """Return whether the node is formed at time 0."""
        return self.levels.get(node.element, 0) >= node.level


def diagnosis_of(scenario: Scenario, teacher: Teacher) -> Diagnosis:
    """Return what a teacher knows at time 0 by the dates and the policies of a scenario."""
    claims, warnings = claims_of(scenario, teacher)
    found = diagnose(scenario.model, teacher, claims)
    return replace(found, warnings=(*found.warnings, *warnings))


def diagnose(
    model: CompetenceModel, teacher: Teacher, claims: Sequence[Claim] | None = None
) -> Diagnosis:
    """Return what ``teacher`` knows at time 0.

    Measured levels round down to existing ones; recognised levels raise them; elements of B
    that were not measured and are derived follow from f.  Of several measurements of one
    element the last counts.

    Parameters
    ----------
    model : CompetenceModel
    teacher : Teacher
    claims : sequence of Claim, optional
        Prior learning that counts; default: the recognised levels, dates left aside.

    See Also
    --------
    diagnosis_of : with dates, policies and past modules.
    """
    existing = model.elements.levels
    warnings: list[Message] = []
    state: dict[str, int] = {}
    for measurement in teacher.measurements:
        level = measured_level(measurement, model.diagnosis)
        rounded = round_down(existing[measurement.element], level)
        if rounded != level:
            warnings.append(
                Message.of(
                    "level_rounded", element=measurement.element, level=level, rounded=rounded
                )
            )
        state[measurement.element] = rounded
    claims = plain_claims(model, teacher) if claims is None else claims
    recognised = tuple(_recognise(claim, state, existing) for claim in claims)
    measured = {m.element for m in teacher.measurements}
    refuted: set[NodeRef] = set()
    formed: dict[str, int] = {}
    for element in model.professional:
        if element.formation is not FormationMode.DERIVED:
            continue
        by_rule = model.f.level(element, state)
        known = state.get(element.key, 0)
        if element.key not in measured:
            formed[element.key] = max(by_rule, known)
        elif known < by_rule:
            refuted.update(
                NodeRef(element.key, lv) for lv in element.levels if known < lv <= by_rule
            )
            warnings.append(
                Message.of("derived_refuted", element=element.key, level=known, formed=by_rule)
            )
    return Diagnosis({**state, **formed}, frozenset(refuted), tuple(warnings), recognised)


def _recognise(
    claim: Claim, state: dict[str, int], existing: Mapping[str, tuple[int, ...]]
) -> RecognisedLearning:
    """Raise the state by a claim; return it with the nodes that are new."""
    new: list[str] = []
    for node in sorted(claim.nodes):
        before = state.get(node.element, 0)
        new += [
            str(NodeRef(node.element, lv))
            for lv in existing[node.element]
            if before < lv <= node.level
        ]
        state[node.element] = max(before, node.level)
    return RecognisedLearning(claim.id, claim.evidence, tuple(new))


def is_derived(element: object) -> bool:
    """Return whether an element is a cell of B that f alone forms."""
    return isinstance(element, ProfessionalElement) and element.formation is FormationMode.DERIVED
