"""What a plan forms and when: f, ladders, alternatives, entries, order in one instant."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from trajectory_engine.domain.catalogue import Entry
from trajectory_engine.domain.competence import FormationMode, ProfessionalElement
from trajectory_engine.domain.people import Measurement, Recognition, Teacher
from trajectory_engine.domain.requirements import Requirement

from .builders import mode, module, node, nodes
from .tiny import HORIZON, judged, scenario_of, simple

DERIVED = ProfessionalElement("t", "x", (1, 2, 3), FormationMode.DERIVED)
TAUGHT = ProfessionalElement("t", "x", (1, 2, 3), FormationMode.TAUGHT)
X12 = module("x12", nodes("Sub[x]@1", "Sub[x]@2"), mode("f", 2, 1))
T12 = module("t12", nodes("P[t]@1", "P[t]@2"), mode("f", 2, 1))
B1 = module("b1", nodes("B[t,x]@1"), mode("f", 1, 1))


def teacher(*measured: tuple[str, int], recognised: tuple[Recognition, ...] = ()) -> Teacher:
    """Return the teacher with measured levels."""
    return Teacher(
        "T",
        hours=(10,) * HORIZON,
        measurements=tuple(Measurement(e, level=lv) for e, lv in measured),
        recognised=recognised,
    )


def test_f_forms_when_the_last_threshold_is_reached() -> None:
    scenario = scenario_of((X12, T12), cells=(DERIVED,))
    formed = (("B[t,x]@1", 3), ("B[t,x]@2", 3))
    assert judged(scenario, {"x12": 0, "t12": 2}, formed=formed) == []


def test_f_forms_nothing_that_is_taught() -> None:
    assert judged(scenario_of((X12, T12), cells=(TAUGHT,)), {"x12": 0, "t12": 2}) == []


def test_taught_cell_needs_the_thresholds_of_f() -> None:
    scenario = scenario_of((X12, T12, B1), cells=(TAUGHT,))
    assert judged(scenario, {"x12": 0, "t12": 1, "b1": 2}) == []
    assert judged(scenario, {"x12": 0, "t12": 1, "b1": 1}) == [("entry", "b1")]


def test_a_node_taught_and_formed_in_one_instant_is_the_steps() -> None:
    """Both B[t,x]@1 and @2 are formed at 2: the first by b1 as well as by f."""
    taught_early = replace(B1, entry=Entry())
    scenario = scenario_of((X12, T12, taught_early), cells=(DERIVED,))
    starts = {"x12": 0, "t12": 1, "b1": 1}
    assert judged(scenario, starts, formed=(("B[t,x]@2", 2),)) == []


def test_f_first_then_a_module_has_nothing_left_to_form() -> None:
    scenario = scenario_of((X12, T12, B1), cells=(DERIVED,))
    starts = {"x12": 0, "t12": 1, "b1": 2}
    formed = (("B[t,x]@1", 2), ("B[t,x]@2", 2))
    assert judged(scenario, starts, {"b1": ()}, formed) == []
    assert judged(scenario, starts, {"b1": ("B[t,x]@1",)}, formed) == [("false_attainment", "b1")]


def test_refuted_level_is_formed_by_a_module_only_and_blocks_f_above() -> None:
    """Measured 0 against f's 1; f's way to level 2 opens when a module has taught level 1."""
    knows = teacher(("Sub[x]", 2), ("P[t]", 1), ("B[t,x]", 0))
    scenario = scenario_of((T12, B1), cells=(DERIVED,), teacher=knows)
    raised = {"t12": ("P[t]@2",)}
    assert judged(scenario, {"t12": 0}, raised) == []
    formed = (("B[t,x]@2", 4),)
    assert judged(scenario, {"t12": 0, "b1": 3}, raised, formed) == []


def test_recognised_level_raises_what_f_gives() -> None:
    knows = teacher(("Sub[x]", 3), ("P[t]", 1), recognised=(Recognition("B[t,x]", 2),))
    t3 = module("t3", nodes("P[t]@2", "P[t]@3"), mode("f", 1, 1))
    scenario = scenario_of((t3,), cells=(DERIVED,), teacher=knows)
    assert judged(scenario, {"t3": 0}, formed=(("B[t,x]@3", 1),)) == []


def test_lower_levels_come_with_a_higher_one() -> None:
    """An explicit entry may skip a level; having level 2 means having level 1."""
    skip = module("skip", nodes("Sub[x]@2"), mode("f", 1, 1), entry=Entry())
    scenario = scenario_of((skip,))
    assert judged(scenario, {"skip": 0}, {"skip": ("Sub[x]@1", "Sub[x]@2")}) == []
    assert judged(scenario, {"skip": 0}) == [("missing_attainment", "skip")]


def test_a_higher_level_of_the_same_module_does_not_stand_in_for_a_lower_one() -> None:
    jump = module("jump", nodes("Sub[x]@2", "Sub[x]@3"), mode("f", 1, 1))
    attains = {"jump": ("Sub[x]@1", "Sub[x]@2", "Sub[x]@3")}
    assert judged(scenario_of((jump,)), {"jump": 0}, attains) == [("entry", "jump")]


def test_requirements_of_known_nodes_do_not_matter() -> None:
    needs = (Requirement(node("Sub[x]@1"), nodes("Sub[y]@1"), 1),)
    scenario = scenario_of((X12,), needs=needs, teacher=teacher(("Sub[x]", 1)))
    assert judged(scenario, {"x12": 0}, {"x12": ("Sub[x]@2",)}) == []


@pytest.mark.parametrize(
    ("least", "known", "satisfied"),
    [(1, 1, True), (2, 1, False), (2, 2, True), (3, 2, False), (3, 3, True), (1, 0, False)],
)
def test_k_of_n(least: int, known: int, satisfied: bool) -> None:
    parts = ("Sub[y]", "Sub[z]", "P[t]")
    needs = (Requirement(node("Sub[x]@1"), tuple(node(f"{p}@2") for p in parts), least),)
    knows = teacher(*((p, 2) for p in parts[:known]))
    found = judged(scenario_of((simple("a", "x"),), needs=needs, teacher=knows), {"a": 0})
    assert found == ([] if satisfied else [("entry", "a")])


def test_every_authored_requirement_must_hold() -> None:
    needs = tuple(Requirement(node("Sub[x]@1"), nodes(n), 1) for n in ("Sub[y]@1", "Sub[z]@1"))
    modules = (simple("a", "x"), simple("b", "y"), simple("c", "z"))
    scenario = scenario_of(modules, needs=needs)
    assert judged(scenario, {"b": 0, "c": 0, "a": 1}) == []
    assert judged(scenario, {"b": 0, "a": 1}) == [("entry", "a")]
    assert judged(scenario, {"b": 0, "c": 1, "a": 1}) == [("entry", "a")]


@pytest.mark.parametrize("names", list(permutations("abc")))
def test_chain_of_modules_in_one_instant(names: tuple[str, str, str]) -> None:
    """Sub[x] needs Sub[y] needs Sub[z]; ids are in every order, steps should stand as needed."""
    needs = (
        Requirement(node("Sub[x]@1"), nodes("Sub[y]@1"), 1),
        Requirement(node("Sub[y]@1"), nodes("Sub[z]@1"), 1),
    )
    modules = [simple(n, t, hours=0) for n, t in zip(names, "xyz", strict=True)]
    scenario = scenario_of(modules, needs=needs)
    assert judged(scenario, dict.fromkeys(reversed(names), HORIZON)) == []
    wrong = judged(scenario, dict.fromkeys(names, HORIZON))
    assert wrong == [("step_order", names[1]), ("step_order", names[0])]
    cut = dict.fromkeys(names[:2], HORIZON)
    assert sorted(judged(scenario, cut)) == sorted(("entry", n) for n in names[:2])


def test_entry_modules_end_before_the_start() -> None:
    asks = replace(simple("a", "x"), entry=Entry(modules=("b",)))
    scenario = scenario_of((asks, simple("b", "y"), replace(simple("c", "z"), replaces=("b",))))
    assert judged(scenario, {"b": 0, "a": 1}) == []
    assert judged(scenario, {"c": 0, "a": 1}) == []
    assert judged(scenario, {"b": 0, "a": 0}) == [("entry", "a")]
    assert judged(scenario, {"a": 0}) == [("entry", "a")]


def test_modules_of_no_duration_that_ask_for_each_other() -> None:
    first = replace(simple("a", "x", hours=0), entry=Entry(modules=("b",)))
    second = replace(simple("b", "y", hours=0), entry=Entry(modules=("a",)))
    scenario = scenario_of((first, second))
    assert judged(scenario, {"a": 1, "b": 1}) == [("entry", "a"), ("entry", "b")]


def test_second_module_on_the_same_node_forms_nothing() -> None:
    """Both end in period 2; the credit goes to the first in the order of the plan."""
    long = module("z-long", nodes("Sub[x]@1"), mode("f", 2, 2))
    scenario = scenario_of((simple("a", "x"), long))
    assert judged(scenario, {"z-long": 0, "a": 1}, {"a": ()}) == []
    assert judged(scenario, {"z-long": 0, "a": 0}, {"z-long": ()}) == []
