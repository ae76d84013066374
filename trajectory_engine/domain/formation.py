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
from trajectory_engine.domain.levels import LEVEL_COUNT, next_lower, resolve_threshold


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

    def requirements(
        self, element: ProfessionalElement, level: int, levels: Mapping[str, tuple[int, ...]]
    ) -> tuple[NodeRef, ...]:
        """Return the nodes that f asks for before ``element`` is at ``level``.

        Parameters
        ----------
        element : ProfessionalElement
        level : int
            An existing level of the element.
        levels : mapping
            Existing levels by element key; thresholds resolve to existing levels.

        Returns
        -------
        tuple of NodeRef
            Without duplicates: Sub_j, P_i, then the S_k in the order of their ids.
        """
        wanted = self.at(level)
        asked = (
            (subject_key(element.subject), wanted.subject),
            (pedagogical_key(element.pedagogical), wanted.pedagogical),
            *[(social_key(k), threshold) for k, threshold in wanted.social],
        )
        found = []
        for key, threshold in asked:
            existing = levels[key]
            if threshold in existing:
                found.append(NodeRef(key, threshold))
            elif threshold:
                found.append(NodeRef(key, resolve_threshold(existing, threshold)))
        return tuple(found)

    def level(
        self,
        element: ProfessionalElement,
        state: Mapping[str, int],
        levels: Mapping[str, tuple[int, ...]],
    ) -> int:
        """Return the level of ``element`` that f gives for a state of the other elements.

        Parameters
        ----------
        state : mapping
            Level by element key; an element that is absent is not formed.
        levels : mapping
            Existing levels by element key.
        """
        reached = 0
        for level in element.levels:
            if next_lower(element.levels, level) != reached:
                break
            if any(
                state.get(n.element, 0) < n.level for n in self.requirements(element, level, levels)
            ):
                break
            reached = level
        return reached
