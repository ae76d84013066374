"""The pyramid: exact shares, the balanced form, its named distortions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectory_engine.domain.competence import (
    Component,
    PedagogicalCompetence,
    SocialCompetence,
    SubjectCompetence,
)
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.pyramid import CompetencePyramid, Distortion, component_shares
from trajectory_engine.domain.scenario import CompetenceModel

MODEL = CompetenceModel(
    "m",
    "m",
    (
        SubjectCompetence("a", "a", (1, 2, 4), weight=3),
        SubjectCompetence("b", "b", (3, 5)),
    ),
    (PedagogicalCompetence("p", "p"),),
    (SocialCompetence("s", "s", (1, 2)),),
    (),
    FormationRule.weakest_link(),
)


def test_share_is_weighted_level_over_weighted_highest_existing_level() -> None:
    shares = component_shares(MODEL, {"Sub[a]": 2, "Sub[b]": 5, "P[p]": 1})
    # (3 x 2 + 1 x 5) / (3 x 4 + 1 x 5), 1 / 5, 0 / 2
    assert shares == {
        Component.SUBJECT: Fraction(11, 17),
        Component.PEDAGOGICAL: Fraction(1, 5),
        Component.SOCIAL: Fraction(0),
    }


def test_professional_elements_do_not_count() -> None:
    assert component_shares(MODEL, {"B[p,a]": 4})[Component.SUBJECT] == 0


def test_component_without_elements_is_compared_with_nothing() -> None:
    bare = CompetenceModel("m", "m", MODEL.subject, (), (), (), FormationRule.weakest_link())
    pyramid = CompetencePyramid.of(bare, {"Sub[a]": 4, "Sub[b]": 5})
    assert (pyramid.subject, pyramid.pedagogical, pyramid.social) == (1, None, None)
    assert pyramid.balanced


@pytest.mark.parametrize(
    ("subject", "pedagogical", "social", "expected"),
    [
        (50, 50, 50, ()),
        (50, 70, 70, ()),
        (49, 70, 70, (Distortion.WEAK_SUBJECT,)),
        (70, 49, 70, (Distortion.WEAK_PEDAGOGICAL,)),
        (70, 50, 50, ()),
        (70, 50, 49, (Distortion.WEAK_SOCIAL,)),
        (90, 10, 0, (Distortion.WEAK_PEDAGOGICAL, Distortion.WEAK_SOCIAL)),
        (10, 10, 100, ()),
    ],
)
def test_distortions_at_their_edges(
    subject: int, pedagogical: int, social: int, expected: tuple[Distortion, ...]
) -> None:
    sides = [Fraction(x, 100) for x in (subject, pedagogical, social)]
    pyramid = CompetencePyramid(*sides, tolerance=20)
    assert pyramid.distortions == expected
    assert pyramid.balanced is (not expected)


def test_a_third_is_exact() -> None:
    # In floating point 1/3 + 0.2 - 8/15 is not 0.
    edge = CompetencePyramid(Fraction(1, 3), Fraction(8, 15), Fraction(1), 20)
    assert edge.balanced


percent = st.fractions(min_value=0, max_value=1)


@given(percent, percent, percent, st.integers(0, 100))
def test_distortions_agree_with_their_definition(
    subject: Fraction, pedagogical: Fraction, social: Fraction, tolerance: int
) -> None:
    pyramid = CompetencePyramid(subject, pedagogical, social, tolerance)
    tol = Fraction(tolerance, 100)
    balanced = abs(subject - pedagogical) <= tol and social >= max(subject, pedagogical) - tol
    assert pyramid.balanced is balanced
    mirrored = CompetencePyramid(pedagogical, subject, social, tolerance)
    swap = {
        Distortion.WEAK_SUBJECT: Distortion.WEAK_PEDAGOGICAL,
        Distortion.WEAK_PEDAGOGICAL: Distortion.WEAK_SUBJECT,
    }
    assert {swap.get(d, d) for d in pyramid.distortions} == set(mirrored.distortions)
