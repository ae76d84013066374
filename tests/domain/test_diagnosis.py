"""Diagnosis: aspects to levels exactly, recognition, what f adds and what a measurement refutes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectory_engine.domain.competence import (
    FormationMode,
    NodeRef,
    PedagogicalCompetence,
    ProfessionalElement,
    SubjectCompetence,
)
from trajectory_engine.domain.diagnosis import diagnose, measured_level
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.people import DiagnosisRule, Measurement, Recognition, Teacher
from trajectory_engine.domain.scenario import CompetenceModel

SCORES = st.none() | st.integers(0, 100)
CUTS = st.sets(st.integers(0, 100), min_size=5, max_size=5).map(lambda s: tuple(sorted(s)))
WEIGHTS = st.tuples(*[st.integers(0, 4)] * 3).filter(any)


@given(st.tuples(SCORES, SCORES, SCORES), WEIGHTS, CUTS)
def test_the_weighted_mean_meets_cut_points_exactly(
    scores: tuple[int | None, ...], weights: tuple[int, ...], cuts: tuple[int, ...]
) -> None:
    rule = DiagnosisRule(*weights, cuts)
    level = measured_level(Measurement("Sub[x]", None, *scores), rule)
    pairs = [(s, w) for s, w in zip(scores, weights, strict=True) if s is not None]
    if pairs and not any(w for _, w in pairs):
        pairs = [(s, 1) for s, _ in pairs]
    if not pairs:
        assert level == 0
        return
    mean = Fraction(sum(s * w for s, w in pairs), sum(w for _, w in pairs))
    assert level == len([cut for cut in cuts if mean >= cut])


@pytest.mark.parametrize(
    ("scores", "level"),
    [((60, 60, 60), 3), ((60, 60, 59), 2), ((90, 90, 90), 5), ((19, 19, 21), 0)],
)
def test_cut_points_of_the_default(scores: tuple[int, int, int], level: int) -> None:
    assert measured_level(Measurement("Sub[x]", None, *scores), DiagnosisRule()) == level


def test_a_level_given_by_the_instrument_stands() -> None:
    assert measured_level(Measurement("Sub[x]", level=4), DiagnosisRule()) == 4


MODEL = CompetenceModel(
    "m",
    "m",
    (SubjectCompetence("x", "x", (1, 3)),),
    (PedagogicalCompetence("p", "p"),),
    (),
    (ProfessionalElement("p", "x", (1, 2, 3), FormationMode.DERIVED),),
    FormationRule.weakest_link(),
)
CELL = "B[p,x]"


def teacher(*measurements: Measurement, recognised: tuple[Recognition, ...] = ()) -> Teacher:
    """Return a teacher with measurements."""
    return Teacher("t", (), measurements=measurements, recognised=recognised)


def test_measured_levels_round_down_with_a_warning_and_the_last_counts() -> None:
    found = diagnose(MODEL, teacher(Measurement("Sub[x]", 3), Measurement("Sub[x]", 2)))
    assert found.levels["Sub[x]"] == 1
    assert [w.code for w in found.warnings] == ["level_rounded"]
    assert found.knows(NodeRef("Sub[x]", 1))
    assert not found.knows(NodeRef("Sub[x]", 3))


def test_recognition_raises_and_never_lowers() -> None:
    person = teacher(Measurement("P[p]", 3), recognised=(Recognition("P[p]", 2),))
    assert diagnose(MODEL, person).levels["P[p]"] == 3
    raised = replace(person, recognised=(Recognition("P[p]", 5), Recognition("Sub[x]", 2)))
    levels = diagnose(MODEL, raised).levels
    assert (levels["P[p]"], levels["Sub[x]"]) == (5, 1)


def test_f_forms_what_was_not_measured() -> None:
    known = (Measurement("Sub[x]", 3), Measurement("P[p]", 2))
    found = diagnose(MODEL, teacher(*known))
    assert found.levels[CELL] == 2
    assert found.refuted == frozenset()
    taught = replace(MODEL.professional[0], formation=FormationMode.TAUGHT)
    assert (
        diagnose(replace(MODEL, professional=(taught,)), teacher(*known)).levels.get(CELL) is None
    )


def test_a_measurement_below_f_refutes_it_between() -> None:
    known = (Measurement("Sub[x]", 3), Measurement("P[p]", 3), Measurement(CELL, 1))
    found = diagnose(MODEL, teacher(*known))
    assert found.levels[CELL] == 1
    assert found.refuted == {NodeRef(CELL, 2), NodeRef(CELL, 3)}
    assert [w.code for w in found.warnings] == ["derived_refuted"]
    above = diagnose(MODEL, teacher(*known[:1], Measurement(CELL, 3)))
    assert above.levels[CELL] == 3
    assert above.refuted == frozenset()
