"""f, the rule by which a subject, a technique and an environment form an element of B."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trajectory_engine.domain.competence import (
    NodeRef,
    ProfessionalElement,
    pedagogical_key,
    social_key,
    subject_key,
)
from trajectory_engine.domain.levels import LEVEL_COUNT, resolve_threshold


@dataclass(frozen=True, slots=True)
class LevelThresholds:
    """What f asks for one level of B: least levels of Sub_j, of P_i and of every S_k.

    ``social`` holds pairs (id of S_k, least level); an S_k that is absent is not asked for.
    """

    subject: int
    pedagogical: int
    social: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class FormationRule:
    """f: ``B_ij`` is at level l iff Sub_j, P_i and every S_k reach the thresholds of l.

    The one object that both computes levels of B where B was not measured and derives the
    formation edges of the prerequisite graph.  It is monotone: thresholds never fall as the
    level rises.

    Attributes
    ----------
    thresholds : tuple of LevelThresholds
        Five entries, for levels 1 to 5.
    """

    thresholds: tuple[LevelThresholds, ...]

    @classmethod
    def weakest_link(cls, social: Mapping[str, int] | None = None) -> FormationRule:
        """Return the default f: Sub_j and P_i at least l, every S_k at its own threshold."""
        pairs = tuple(sorted((social or {}).items()))
        return cls(tuple(LevelThresholds(lv, lv, pairs) for lv in range(1, LEVEL_COUNT + 1)))

    def at(self, level: int) -> LevelThresholds:
        """Return the thresholds of ``level`` (1 to 5)."""
        return self.thresholds[level - 1]

    def over(self, levels: Mapping[str, tuple[int, ...]]) -> Formation:
        """Return f for elements of which these levels exist, by element key."""
        return Formation(self, levels)


class Formation:
    """f over existing levels, to which thresholds resolve; each is resolved once.

    Parameters
    ----------
    rule : FormationRule
    levels : mapping
        Existing levels by element key.
    """

    def __init__(self, rule: FormationRule, levels: Mapping[str, tuple[int, ...]]) -> None:
        self._rule = rule
        self._levels = levels
        self._of_subject: dict[tuple[str, int], tuple[NodeRef, ...]] = {}
        self._of_technique: dict[tuple[str, int], tuple[NodeRef, ...]] = {}
        self._of_environment: dict[int, tuple[NodeRef, ...]] = {}

    def requirements(self, element: ProfessionalElement, level: int) -> tuple[NodeRef, ...]:
        """Return the nodes that f asks for before ``element`` is at ``level``, one it can have.

        Returns
        -------
        tuple of NodeRef
            Without duplicates: Sub_j, P_i, then the S_k in the order of their ids.
        """
        subject = self._of_subject.get((element.subject, level))
        if subject is None:
            subject = self._resolved(subject_key(element.subject), self._rule.at(level).subject)
            self._of_subject[element.subject, level] = subject
        technique = self._of_technique.get((element.pedagogical, level))
        if technique is None:
            least = self._rule.at(level).pedagogical
            technique = self._resolved(pedagogical_key(element.pedagogical), least)
            self._of_technique[element.pedagogical, level] = technique
        environment = self._of_environment.get(level)
        if environment is None:
            asked = self._rule.at(level).social
            environment = tuple(
                node for k, least in asked for node in self._resolved(social_key(k), least)
            )
            self._of_environment[level] = environment
        return (*subject, *technique, *environment)

    def _resolved(self, key: str, threshold: int) -> tuple[NodeRef, ...]:
        """Return the node that a threshold asks for; nothing if it asks for nothing."""
        level = resolve_threshold(self._levels[key], threshold)
        return (NodeRef(key, level),) if level else ()

    def level(self, element: ProfessionalElement, state: Mapping[str, int]) -> int:
        """Return the level of ``element`` that f gives for a state of the other elements.

        Parameters
        ----------
        state : mapping
            Level by element key; an element that is absent is not formed.
        """
        reached = 0
        for level in element.levels:
            asked = self.requirements(element, level)
            if any(state.get(node.element, 0) < node.level for node in asked):
                break
            reached = level
        return reached
