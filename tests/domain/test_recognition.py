"""Prior learning: which documents count, and what they give by either policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from oracle.priors import in_every_way
from oracle.strategies import scenario_of_seed
from oracle.tiny import goal, module, need, node, tiny

from trajectory_engine.domain.diagnosis import diagnosis_of
from trajectory_engine.domain.people import CompletionRecord, Measurement, Recognition
from trajectory_engine.domain.plan import RecognisedLearning
from trajectory_engine.domain.recognition import claims_of, recognition_names, without_recognition
from trajectory_engine.domain.scenario import PastModules, RecognitionPolicy, Scenario

FIRST_DAY = date(2027, 1, 4)
NEEDS = (need("z1", "x2"), need("z2", "y1", "x3", least=1), need("z3", "y2", "y3", "x1", least=2))


def scenario(*recognised: Recognition, teacher: dict[str, Any] | None = None) -> Scenario:
    """Return a scenario in which z needs x, and y or x."""
    facts = {"recognised": recognised, **(teacher or {})}
    return tiny(
        module("M", "y1 y2"), module("N", "x1"), goals=(goal("z3"),), needs=NEEDS, teacher=facts
    )


def known(of: Scenario) -> dict[str, int]:
    """Return the levels that the teacher knows at time 0, those not formed left out."""
    levels = diagnosis_of(of, of.teachers[0]).levels
    return {element: level for element, level in levels.items() if level}


def listed(of: Scenario) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is listed of prior learning."""
    return [(r.id, r.nodes) for r in diagnosis_of(of, of.teachers[0]).recognised]


@pytest.mark.parametrize(
    ("expires", "counts"),
    [(None, True), (FIRST_DAY, True), (date(2027, 1, 3), False)],
)
def test_a_document_is_valid_on_its_last_day(expires: date | None, counts: bool) -> None:
    of = scenario(Recognition("Sub[x]", 2, "paper", "D", expires=expires))
    assert known(of) == ({"Sub[x]": 2} if counts else {})
    warnings = [m.code for m in diagnosis_of(of, of.teachers[0]).warnings]
    assert warnings == ([] if counts else ["recognition_expired"])


def test_only_what_every_way_needs_is_recognised_with_it() -> None:
    of = scenario(Recognition("Sub[z]", 3, "paper", "D"))
    assert known(of) == {"Sub[z]": 3}
    wide = replace(of, recognition=RecognitionPolicy.PREREQUISITES)
    # z@1 needs x@2. z@2 needs y@1 or x@3: neither in every way. Of y@2, y@3, x@1 two: y@2 is needed
    # for y@3 too, so by any two of them except none: {y2,y3}, {y2,x1}, {y3,x1} all go through y@2.
    assert known(wide) == {"Sub[z]": 3, "Sub[x]": 2, "Sub[y]": 2}


def test_needed_nodes_agree_with_taking_every_node_away() -> None:
    for seed in range(60):
        of = replace(scenario_of_seed(seed), recognition=RecognitionPolicy.PREREQUISITES)
        for target in in_every_way_targets(of):
            document = Recognition(target.element, target.level)
            holder = replace(of.teachers[0], recognised=(document,))
            (claim,), _ = claims_of(of, holder)
            assert set(claim.nodes) == in_every_way(of, target), (seed, target)


def in_every_way_targets(of: Scenario) -> list[Any]:
    """Return all nodes of a model."""
    levels = of.model.elements.levels
    return [node(f"{element}@{lv}") for element, existing in levels.items() for lv in existing]


def test_each_document_lists_what_nothing_before_it_gave() -> None:
    of = scenario(
        Recognition("Sub[x]", 2, "a", "A"),
        Recognition("Sub[x]", 3, "b"),
        Recognition("Sub[y]", 1, "c", "C", use=False),
        teacher={"measurements": (Measurement("Sub[x]", 1),)},
    )
    assert listed(of) == [("A", ("Sub[x]@2",)), ("Sub[x]@3", ("Sub[x]@3",))]


def test_past_modules_count_by_policy_and_are_offered_again_when_switched_off() -> None:
    records = (CompletionRecord("M", date(2026, 5, 1)), CompletionRecord("N"))
    past = {"completed": ("M", "N"), "records": records}
    of = scenario(Recognition("Sub[z]", 1, "paper", "D"), teacher=past)
    assert known(of) == {"Sub[z]": 1}
    assert recognition_names(of) == ("D",)
    wide = replace(of, past_modules=PastModules.RECOGNISE)
    assert known(wide) == {"Sub[z]": 1, "Sub[y]": 2, "Sub[x]": 1}
    assert diagnosis_of(wide, wide.teachers[0]).recognised[1:] == (
        RecognisedLearning("M", "completed 2026-05-01", ("Sub[y]@1", "Sub[y]@2")),
        RecognisedLearning("N", "completed", ("Sub[x]@1",)),
    )
    assert recognition_names(wide) == ("D", "M", "N")
    without = without_recognition(wide, ["M"])
    assert without.teachers[0].completed == ("N",)
    assert known(without) == {"Sub[z]": 1, "Sub[x]": 1}
    assert known(without_recognition(wide, ["all"])) == {}


def test_a_lapsed_record_is_warned_of() -> None:
    records = (CompletionRecord("M", date(2020, 5, 1), expires=date(2021, 5, 1)),)
    of = scenario(teacher={"records": records})
    wide = replace(of, past_modules=PastModules.RECOGNISE)
    assert diagnosis_of(of, of.teachers[0]).warnings == ()
    (warning,) = diagnosis_of(wide, wide.teachers[0]).warnings
    assert warning.code == "recognition_expired"
