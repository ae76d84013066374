"""Each step where it must bite, and near misses in which it must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reduce.cases import after, ids, mode, mode_ids, module, problem
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec
from trajectory_engine.problem.teacher_problem import (
    Clause,
    Group,
    HardGoal,
    NodeClass,
    Ordering,
    Parallel,
    Row,
    SoftGoal,
    SoftRule,
    StartWindow,
    StateRow,
    TeacherProblem,
)
from trajectory_engine.reduce import reduced_costs
from trajectory_engine.reduce.arrays import Arrays
from trajectory_engine.reduce.components import component_labels

A, B = module("A", 0, modes=(mode(hours=4),)), module("B", 0, modes=(mode(hours=6),))


def test_reach_leaves_out_what_justifies_itself_in_a_circle() -> None:
    circle = problem(module("A", 0, needs=(1,)), module("B", 1, needs=(0,)), module("C", 2))
    assert ids(after("reach", circle)) == ["C"]
    either = Group(1, ((1, 1), (2, 1)))
    entered = problem(module("A", 0, groups=(either,)), module("B", 1, needs=(0,)), module("C", 2))
    assert ids(after("reach", entered)) == ["A", "B", "C"]


def test_reach_follows_f_and_entry_modules() -> None:
    formed = problem(module("A", 0), module("B", 2, needs=(1,)), rules={1: (0,)})
    assert ids(after("reach", formed)) == ["A", "B"]
    waits = problem(module("A", 0, needs=(1,)), module("B", 1, after=((0,),)), module("C", 2))
    assert ids(after("reach", waits)) == ["C"]


def test_closure_leaves_out_what_no_goal_needs() -> None:
    found = problem(module("A", 0, needs=(1,)), module("B", 1), module("C", 2), goals=(0,))
    left = after("closure", found)
    assert ids(left) == ["A", "B"]
    assert len(left.classes) == 2


@pytest.mark.parametrize("what", ["clause", "row", "most", "balance", "soft goal", "co", "after"])
def test_closure_keeps_what_something_else_needs(what: str) -> None:
    found = problem(module("A", 0), module("C", 1), goals=(0,))
    keeps = {
        "clause": {"clauses": (Clause("rule:R", (1,)),)},
        "row": {"rows": (Row("rule:R", (((1, 0), 1),), 1, None, covering=True),)},
        "most": {"rows": (Row("rule:R", (((0, 0), 2), ((1, 0), -1)), None, 1, covering=True),)},
        "balance": {"state_rows": (StateRow("rule:R", ((1, 1),), 1),)},
        "soft goal": {"soft_goals": (SoftGoal("goal:1", 3, ((1,),)),)},
        "co": {"modules": (replace(found.modules[0], co=((1,),)), found.modules[1])},
        "after": {"modules": (replace(found.modules[0], entry_modules=((1,),)), found.modules[1])},
    }
    assert ids(after("closure", replace(found, **keeps[what]))) == ["A", "C"]  # type: ignore[arg-type]


def test_modes_without_room_go_and_those_with_just_enough_stay() -> None:
    # The forced F uses 3 of 5: there is no room for 3 more, there is for 2.
    found = problem(module("F", 0), module("A", 1, modes=(mode("x", 0), mode("y", 1))), goals=(0,))
    row = Row("fund:S", (((0, 0), 3), ((1, 0), 3), ((1, 1), 2)), None, 5, covering=False)
    assert mode_ids(after("non-executable modes", replace(found, rows=(row,))))["A"] == ["y"]
    guarded = replace(row, guard=0)
    soft = replace(found, rows=(guarded,), soft_rules=(SoftRule("R", 1),))
    assert mode_ids(after("non-executable modes", soft))["A"] == ["x", "y"]
    relieved = replace(row, terms=(*row.terms[:2], ((1, 1), -2)))
    assert mode_ids(after("non-executable modes", replace(found, rows=(relieved,))))["A"] == [
        "x",
        "y",
    ]


def test_a_mode_that_overdraws_a_resource_goes_unless_it_occupies_no_period() -> None:
    greedy = mode("x", 0, renewable=((0, 3),))
    instant = mode("y", 1, hours=0, duration=0, renewable=((0, 3),))
    found = problem(module("A", 0, modes=(greedy, instant)), renewable_capacity={0: 2})
    assert mode_ids(after("non-executable modes", found))["A"] == ["y"]


def test_horizon_trims_starts_by_heads_and_by_tails_of_forced_modules() -> None:
    long = mode(duration=2, hours=4)
    found = problem(module("A", 0, modes=(long,)), module("B", 1, needs=(0,)), goals=(1,))
    first, second = (m.modes[0].starts for m in after("horizon", found).modules)
    assert first == (0, 1, 2, 3)
    assert second == (2, 3, 4, 5)
    # Not forced: A may also be taken late, for its own sake.
    free = replace(found, hard_goals=())
    assert after("horizon", free).modules[0].modes[0].starts == (0, 1, 2, 3, 4)


def test_horizon_ends_where_modules_wait_for_each_other_for_ever() -> None:
    circle = problem(module("A", 0, needs=(1,)), module("B", 1, needs=(0,)), module("C", 2))
    assert ids(after("horizon", circle)) == ["C"]
    dead = problem(module("A", 0), module("B", 1, modes=(mode(starts=()),), needs=(0,)), goals=(1,))
    assert ids(after("horizon", dead)) == []


def test_forced_modules_are_said_to_be_taken() -> None:
    found = problem(module("A", 0, needs=(1,)), module("B", 1), module("C", 2), goals=(0,))
    assert {c.modules for c in after("forced modules", found).clauses} == {(0,), (1,)}
    choice = problem(A, B, goals=(0,))
    assert after("forced modules", choice).clauses == ()
    by_rule = problem(module("A", 0), module("B", 1), goals=(0,), rules={0: (1,)})
    assert after("forced modules", by_rule).clauses == ()
    soft = replace(problem(A, goals=(0,)), hard_goals=(HardGoal("g", ((0,),), 0),))
    soft = replace(soft, soft_rules=(SoftRule("R", 1),))
    assert after("forced modules", soft).clauses == ()


def test_merging_joins_classes_of_the_same_providers_and_adds_up_their_weights() -> None:
    two_of_three = Group(2, ((0, 1), (1, 1), (2, 1)))
    found = problem(
        module("A", 0, 1), module("B", 2), module("C", 3, groups=(two_of_three,)), goals=(3,)
    )
    left = after("merging", found)
    assert len(left.classes) == 3
    assert left.classes[0] == NodeClass((0, 1), (0,))
    assert left.modules[2].entry == (Group(2, ((0, 2), (1, 1))),)
    also_by_rule = problem(module("A", 0, 1), module("B", 2), rules={1: (2,)})
    assert after("merging", also_by_rule) == also_by_rule


def test_row_dominance_asks_only_for_what_nothing_else_entails() -> None:
    # Whoever teaches 0 teaches 1, too; whoever teaches 2 cannot start without 0.
    found = problem(module("A", 0, 1), module("B", 1), module("C", 2, needs=(0,)), goals=(0, 1, 2))
    assert [g.ways for g in after("row dominance", found).hard_goals] == [((2,),)]
    by_rule = problem(
        module("A", 0, 1), module("B", 1), module("C", 2), goals=(0, 1), rules={0: (2,)}
    )
    assert len(after("row dominance", by_rule).hard_goals) == 2


def test_row_dominance_keeps_one_of_each_that_entail_each_other() -> None:
    twins = problem(module("A", 0, 1), module("B", 0, 1), goals=(0, 1))
    assert [g.ways for g in after("row dominance", twins).hard_goals] == [((0,),)]


def test_rows_that_always_hold_go() -> None:
    loose = Row("fund:S", (((0, 0), 3), ((1, 0), 2)), None, 5, covering=False)
    found = problem(A, B, goals=(0,), rows=(loose,))
    assert after("row dominance", found).rows == ()
    tight = replace(loose, most=4)
    assert after("row dominance", replace(found, rows=(tight,))).rows == (tight,)


def test_transitive_reduction_leaves_out_what_is_behind() -> None:
    chain = (module("A", 0), module("B", 1, needs=(0,)))
    found = problem(*chain, module("C", 2, needs=(0, 1)), goals=(2,))
    assert after("transitive reduction", found).modules[2].entry == (Group(1, ((1, 1),)),)
    other_way = problem(*chain, module("C", 2, needs=(0, 1)), module("D", 1), goals=(2,))
    assert after("transitive reduction", other_way) == other_way
    by_rule = problem(*chain, module("C", 3, needs=(0, 1)), goals=(3,), rules={1: (2,)})
    assert after("transitive reduction", by_rule) == by_rule


def two_modes(**changes: object) -> TeacherProblem:
    """Return a problem in which the mode x of A is as good as y in everything."""
    modes = (mode("x", 0), mode("y", 1, hours=8, duration=2, price=5))
    return problem(module("A", 0, modes=modes), goals=(0,), **changes)


def test_an_inefficient_mode_goes() -> None:
    assert mode_ids(after("inefficient modes", two_modes())) == {"A": ["x"]}


@pytest.mark.parametrize(
    "near_miss",
    [
        {"rows": (Row("rule:R", (((0, 1), 1),), 1, None, covering=True),)},
        {"rows": (Row("rule:R", (((0, 0), 1),), None, 0, covering=False),)},
        {"rows": (Row("r", (), None, 3, False, timed=((StartWindow((0, 0), 0, 9), 1),)),)},
        {"orderings": (Ordering("rule:R", ((0, 0),), ()),)},
        {"parallels": (Parallel("rule:R", ((0, 0),), 1),)},
    ],
)
def test_a_mode_stays_that_a_rule_may_need(near_miss: dict[str, object]) -> None:
    assert mode_ids(after("inefficient modes", two_modes(**near_miss))) == {"A": ["x", "y"]}


def test_modes_stay_that_are_better_in_anything() -> None:
    x = mode("x", 0)
    for y in (
        mode("y", 1, hours=3, price=5),
        mode("y", 1, hours=0, duration=2, price=5),
        mode("y", 1, hours=0, duration=0, price=5),
    ):
        found = problem(module("A", 0, modes=(x, y)), goals=(0,))
        assert mode_ids(after("inefficient modes", found)) == {"A": ["x", "y"]}
    early = mode("y", 1, starts=(0, 1))
    late = replace(x, starts=(2, 3))
    found = problem(module("A", 0, modes=(late, early)), goals=(0,))
    assert mode_ids(after("inefficient modes", found)) == {"A": ["x", "y"]}


def test_a_later_mode_wins_only_by_a_sum_without_tolerance() -> None:
    found = two_modes()
    later_first = module("A", 0, modes=(found.modules[0].modes[1], found.modules[0].modes[0]))
    swapped = replace(found.modules[0], modes=later_first.modes)
    ranked = replace(swapped, modes=tuple(replace(k, rank=i) for i, k in enumerate(swapped.modes)))
    cheaper = replace(found, modules=(ranked,))
    assert mode_ids(after("inefficient modes", cheaper)) == {"A": ["x"]}
    tolerant = tuple(ObjectiveSpec(s.name, 9) for s in cheaper.objectives)
    kept = replace(cheaper, objectives=tolerant)
    assert mode_ids(after("inefficient modes", kept)) == {"A": ["y", "x"]}


def test_a_shorter_mode_does_not_replace_one_that_a_partner_must_end_within() -> None:
    found = two_modes()
    partner = replace(found.modules[0], co=((1,),))
    related = problem(partner, module("P", 1), goals=(0,))
    assert mode_ids(after("inefficient modes", related))["A"] == ["x", "y"]


def test_a_dominated_module_goes() -> None:
    assert ids(after("module dominance", problem(A, B, goals=(0,)))) == ["A"]
    more = problem(module("A", 0, 1), module("B", 0), goals=(0, 1))
    assert ids(after("module dominance", more)) == ["A"]


def test_of_twins_the_id_decides() -> None:
    twins = problem(module("Z", 0), module("A", 0), goals=(0,))
    assert ids(after("module dominance", twins)) == ["A"]
    cheaper = problem(module("A", 0, modes=(mode(hours=6),)), module("Z", 0), goals=(0,))
    assert ids(after("module dominance", cheaper)) == ["Z"]
    only_completion = replace(cheaper, objectives=(ObjectiveSpec(ObjectiveName.COMPLETION),))
    assert ids(after("module dominance", only_completion)) == ["A", "Z"]


@pytest.mark.parametrize(
    "near_miss",
    [
        {"clauses": (Clause("decision:B", (1,)),)},
        {"rows": (Row("rule:R", (((1, 0), 1),), 1, None, covering=True),)},
        {"rows": (Row("excludes:A", (((0, 0), 1), ((2, 0), 1)), None, 1, covering=False),)},
        {"rows": (Row("demand", (((0, 0), 1),), None, 0, covering=False),)},
        {"orderings": (Ordering("rule:R", ((0, 0),), ((2, 0),)),)},
        {"parallels": (Parallel("rule:R", ((0, 0), (2, 0)), 1),)},
        {"state_rows": (StateRow("rule:balance", ((1, -1),), -1),)},
        {"soft_goals": (SoftGoal("goal:2", 1, ((2,),)),)},
    ],
    ids=["pin", "minimum", "exclusion", "demand", "order", "parallel", "balance", "soft goal"],
)
def test_a_module_stays_that_something_may_need(near_miss: dict[str, object]) -> None:
    first = module("A", 0, 1) if "state_rows" in near_miss else A
    second = module("B", 0, 2, modes=(mode(hours=6),)) if "soft_goals" in near_miss else B
    found = problem(first, second, module("C", 3), goals=(0, 3))
    assert "B" in ids(after("module dominance", replace(found, **near_miss)))  # type: ignore[arg-type]


def test_a_module_stays_that_enters_earlier_or_that_others_wait_for() -> None:
    harder = problem(module("A", 0, needs=(1,)), B, module("C", 1), goals=(0,))
    assert "B" in ids(after("module dominance", harder))
    waited = problem(A, B, module("C", 1, after=((1,),)), goals=(0, 1))
    assert "B" in ids(after("module dominance", waited))
    either = problem(A, B, module("C", 1, after=((0, 1),)), goals=(0, 1))
    assert ids(after("module dominance", either)) == ["A", "C"]
    together = problem(A, B, replace(module("C", 1), strict_co=((0, 1),)), goals=(0, 1))
    assert "B" in ids(after("module dominance", together))


@pytest.fixture
def always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reduced_costs, "FEWEST", 0)


@pytest.mark.usefixtures("always_worth_it")
def test_reduced_costs_leave_out_what_only_worse_plans_take() -> None:
    hours = (ObjectiveName.STUDY_HOURS, ObjectiveName.COMPLETION)
    found = problem(A, B, module("C", 1), goals=(0, 1), objectives=hours)
    assert ids(after("reduced costs", found)) == ["A", "C"]
    tolerant = replace(found, objectives=(ObjectiveSpec(hours[0], 2), ObjectiveSpec(hours[1])))
    assert ids(after("reduced costs", tolerant)) == ["A", "B", "C"]
    equal = problem(A, module("B", 0), goals=(0,), objectives=hours)
    assert ids(after("reduced costs", equal)) == ["A", "B"]
    completion_first = replace(found, objectives=found.objectives[::-1])
    assert ids(after("reduced costs", completion_first)) == ["A", "B", "C"]


def parts(found: TeacherProblem) -> list[int]:
    """Return the independent part of every module."""
    return component_labels(Arrays(found)).tolist()


def test_parts_are_independent_if_nothing_names_both() -> None:
    found = problem(A, B, module("C", 1), module("D", 2, needs=(1,)), goals=(0, 2))
    assert parts(found) == [0, 0, 1, 1]
    assert parts(replace(found, clauses=(Clause("r", (0, 3)),))) == [0, 0, 0, 0]
    assert parts(problem(*found.modules, goals=(0, 2), capacity=8)) == [0, 0, 0, 0]
