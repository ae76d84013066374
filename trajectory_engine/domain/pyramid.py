"""The competence pyramid: whether the sides of a teacher's competence are in balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from trajectory_engine.domain.competence import (
    Component,
    PedagogicalCompetence,
    SocialCompetence,
    SubjectCompetence,
)
from trajectory_engine.domain.scenario import CompetenceModel

PER_CENT = 100

_Weighted = SubjectCompetence | PedagogicalCompetence | SocialCompetence


class Distortion(StrEnum):
    """A named way in which a pyramid departs from its balanced form."""

    WEAK_SUBJECT = "weak_subject"
    WEAK_PEDAGOGICAL = "weak_pedagogical"
    WEAK_SOCIAL = "weak_social"


@dataclass(frozen=True, slots=True)
class CompetencePyramid:
    """Shares of subject, pedagogical and social competence.

    The balanced form is an isosceles triangle on the social base:
    ``|d_subject - d_pedagogical| <= tolerance`` and
    ``d_social >= max(d_subject, d_pedagogical) - tolerance``.

    Attributes
    ----------
    subject, pedagogical, social : Fraction or None
        d_c, the weighted level over the weighted highest existing level of the elements of a
        component, 0 to 1; None for a component without elements, which is compared with nothing.
    tolerance : int
        Per cent by which sides may differ.

    Examples
    --------
    >>> CompetencePyramid(Fraction(1, 2), Fraction(1, 5), Fraction(3, 5), 20).distortions
    (<Distortion.WEAK_PEDAGOGICAL: 'weak_pedagogical'>,)
    """

    subject: Fraction | None
    pedagogical: Fraction | None
    social: Fraction | None
    tolerance: int

    @classmethod
    def of(cls, model: CompetenceModel, levels: Mapping[str, int]) -> CompetencePyramid:
        """Return the pyramid of a state.

        Parameters
        ----------
        model : CompetenceModel
        levels : mapping
            Level by element key; an element that is absent is not formed.
        """
        shares = component_shares(model, levels)
        return cls(
            shares.get(Component.SUBJECT),
            shares.get(Component.PEDAGOGICAL),
            shares.get(Component.SOCIAL),
            model.balance_tolerance,
        )

    @property
    def distortions(self) -> tuple[Distortion, ...]:
        """What is out of balance; empty for the balanced form."""
        tolerance = Fraction(self.tolerance, PER_CENT)
        found = []
        if self.subject is not None and self.pedagogical is not None:
            if self.pedagogical - self.subject > tolerance:
                found.append(Distortion.WEAK_SUBJECT)
            if self.subject - self.pedagogical > tolerance:
                found.append(Distortion.WEAK_PEDAGOGICAL)
        sides = [d for d in (self.subject, self.pedagogical) if d is not None]
        if self.social is not None and sides and self.social < max(sides) - tolerance:
            found.append(Distortion.WEAK_SOCIAL)
        return tuple(found)

    @property
    def balanced(self) -> bool:
        """Whether no side is weak."""
        return not self.distortions


def component_shares(
    model: CompetenceModel, levels: Mapping[str, int]
) -> dict[Component, Fraction]:
    """Return d_c for every component that has elements, exactly."""
    reached: dict[Component, int] = {}
    highest: dict[Component, int] = {}
    families: tuple[tuple[Component, Sequence[_Weighted]], ...] = (
        (Component.SUBJECT, model.subject),
        (Component.PEDAGOGICAL, model.pedagogical),
        (Component.SOCIAL, model.social),
    )
    for component, elements in families:
        if elements:
            reached[component] = sum(e.weight * levels.get(e.key, 0) for e in elements)
            highest[component] = sum(e.weight * e.levels[-1] for e in elements)
    return {c: Fraction(reached[c], highest[c]) for c in highest}
