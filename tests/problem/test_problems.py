"""Earliest instants, evaluation, merging of nodes and serial schedules on random problems."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from oracle.strategies import TEACHER, scenario_of_seed
from oracle.tiny import goal, mode, module, need, node, tiny

import trajectory_engine as te
from problem.cases import choices_of, facts_of, problem_of, problem_of_seed
from trajectory_engine.checks.verify import verify_teacher
from trajectory_engine.domain.catalogue import Entry
from trajectory_engine.domain.competence import FormationMode
from trajectory_engine.domain.people import Measurement
from trajectory_engine.domain.plan import Status
from trajectory_engine.problem.evaluate import attain, is_plan, loads, objective_values
from trajectory_engine.problem.heads import Heads, compute_heads
from trajectory_engine.problem.teacher_problem import Choice, Group, NodeClass, TeacherProblem

SEEDS = range(30_000, 30_080)


def naive_heads(problem: TeacherProblem) -> Heads:
    """Return earliest instants by sweeping over everything until nothing changes."""
    far = 10**9
    formed = [far] * len(problem.classes)
    entry = [far] * len(problem.modules)
    ends = [far] * len(problem.modules)

    def group_time(group: Group) -> int:
        for instant in sorted({formed[c] for c, _ in group.members}):
            if sum(w for c, w in group.members if formed[c] <= instant) >= group.least:
                return instant
        return far

    changing = True
    while changing:
        before = (list(formed), list(entry), list(ends))
        for i, option in enumerate(problem.modules):
            times = [group_time(g) for g in option.entry]
            times += [min((ends[m] for m in ms), default=far) for ms in option.entry_modules]
            entry[i] = max(times, default=0)
            if entry[i] < far:
                possible = [s + k.duration for k in option.modes for s in k.starts if s >= entry[i]]
                ends[i] = min(possible, default=far)
            for c in option.attains:
                formed[c] = min(formed[c], ends[i])
        for c, node_class in enumerate(problem.classes):
            if node_class.rule_needs is not None:
                by_rule = max((formed[n] for n in node_class.rule_needs), default=0)
                formed[c] = min(formed[c], by_rule)
        changing = before != (formed, entry, ends)
    return Heads(
        tuple(None if t == far else t for t in formed),
        tuple(None if t == far else t for t in entry),
    )


def test_earliest_instants_equal_a_naive_fixpoint() -> None:
    later = 0
    for seed in SEEDS:
        problem = problem_of_seed(seed)
        heads = compute_heads(problem)
        assert heads == naive_heads(problem), seed
        later += any(t for t in heads.entry if t)
    assert 3 * later >= len(SEEDS)


def random_choices(problem: TeacherProblem, rng: Random) -> tuple[Choice, ...]:
    """Return modules, modes and starts at random."""
    found = []
    for m, option in enumerate(problem.modules):
        k = rng.randrange(len(option.modes))
        if rng.random() < 0.75:
            found.append(Choice(m, k, rng.choice(option.modes[k].starts[:3])))
    return tuple(found)


def test_earliest_instants_are_never_later_than_any_attainment() -> None:
    rng, seen = Random(7), 0
    for seed in SEEDS:
        problem = problem_of_seed(seed)
        heads = compute_heads(problem)
        for _ in range(20):
            choices = random_choices(problem, rng)
            state = attain(problem, choices)
            if state is None:
                continue
            seen += bool(choices)
            for c, at in enumerate(state.at):
                head = heads.formed[c]
                assert at is None or (head is not None and head <= at)
    assert seen > 100


def test_plans_of_the_engine_are_plans_with_the_values_they_claim() -> None:
    planned = 0
    for seed in SEEDS:
        scenario = scenario_of_seed(seed)
        plan = te.plan(scenario, [TEACHER], workers=1).plan_of(TEACHER)
        if not plan.status.has_plan:
            continue
        planned += 1
        problem = problem_of(scenario)
        choices = choices_of(problem, plan)
        assert is_plan(problem, choices)
        state = attain(problem, choices)
        assert state is not None
        values = objective_values(problem, choices, state)
        assert {o.name: o.value for o in plan.objectives} == {
            s.name: values[s.name] for s in scenario.objectives
        }
        # Merging nodes and leaving others away lost nothing of what the plan forms.
        assert verify_teacher(scenario, plan) == []
        for step in plan.steps:
            assert state.ended[choices_index(problem, step.module)] == step.end
    assert 4 * planned >= len(SEEDS)


def choices_index(problem: TeacherProblem, module_id: str) -> int:
    """Return the index of a module in the problem."""
    return [m.id for m in problem.modules].index(module_id)


def sequence() -> TeacherProblem:
    """Return a problem of A (x1), B (x2) that follows it, each 4 hours in one period."""
    return problem_of(tiny(module("A", "x1"), module("B", "x2"), goals=(goal("x2"),)))


@pytest.mark.parametrize(
    ("starts", "right"),
    [((0, 1), True), ((1, 2), True), ((0, 0), False), ((2, 1), False), ((5, 6), False)],
)
def test_order_and_calendar_make_a_plan(starts: Sequence[int], right: bool) -> None:
    choices = tuple(Choice(m, 0, s) for m, s in enumerate(starts))
    assert is_plan(sequence(), choices) is right


def test_a_plan_needs_its_hard_goals() -> None:
    problem = sequence()
    assert attain(problem, (Choice(0, 0, 0),)) is not None
    assert not is_plan(problem, (Choice(0, 0, 0),))
    assert not is_plan(problem, ())


def test_hours_of_parallel_steps_add_up() -> None:
    scenario = tiny(
        module("A", "x1", mode(hours=7, duration=2)),
        module("B", "y1", mode(hours=4)),
        goals=(goal("x1"), goal("y1")),
        hours=7,
    )
    problem = problem_of(scenario)
    choices = (Choice(0, 0, 0), Choice(1, 0, 1))
    assert loads(problem, choices) == [4, 7, 0, 0, 0, 0]
    assert is_plan(problem, choices)
    assert not is_plan(problem, (Choice(0, 0, 0), Choice(1, 0, 0)))


def test_steps_without_duration_need_an_order_inside_their_instant() -> None:
    free = mode(hours=0, duration=0)
    chain = [module("B", "x2", free), module("A", "x1", free)]
    problem = problem_of(tiny(*chain, goals=(goal("x2"),)))
    assert is_plan(problem, (Choice(0, 0, 0), Choice(1, 0, 0)))
    circle = [
        module("A", "x1", free, entry=Entry((node("y1"),))),
        module("B", "y1", free, entry=Entry((node("x1"),))),
        module("C", "x1", mode()),
    ]
    problem = problem_of(tiny(*circle, goals=(goal("y1"),)))
    assert attain(problem, (Choice(0, 0, 0), Choice(1, 0, 0))) is None
    assert is_plan(problem, (Choice(1, 0, 1), Choice(2, 0, 0)))


def test_nodes_of_the_same_modules_are_one_class() -> None:
    # y1 and y2 are both taught by A and B only; z1 by A only.
    scenario = tiny(
        module("A", "y1 y2 z1"), module("B", "y1 y2"), goals=(goal("y2"), goal("z1"), goal("y1"))
    )
    facts = facts_of(scenario)
    problem = problem_of(scenario)
    named = {
        frozenset(str(facts.index.node_ref(n)) for n in c.nodes): c.providers
        for c in problem.classes
    }
    assert named == {
        frozenset({"Sub[y]@1", "Sub[y]@2"}): (0, 1),
        frozenset({"Sub[z]@1"}): (0,),
    }
    result = te.plan(scenario)
    assert [s.module for s in result.teachers[0].steps] == ["A"]


def test_merged_members_of_an_alternative_keep_their_weight() -> None:
    # Two of x1, y1, z1: A forms two of them at once, B and C one each.
    scenario = tiny(
        module("A", "x1 y1", mode(hours=6)),
        module("C", "z1", mode(hours=4)),
        module("G", "B[p,x]@1", mode(hours=1)),
        goals=(goal("B[p,x]@1"),),
        needs=(need("B[p,x]@1", "x1", "y1", "z1", least=2),),
        teacher={"measurements": (Measurement("P[p]", 1),)},
    )
    (entry,) = [
        g for m in problem_of(scenario).modules if m.id == "G" for g in m.entry if g.least == 2
    ]
    assert sorted(w for _, w in entry.members) == [1, 2]
    assert [s.module for s in te.plan(scenario).teachers[0].steps] == ["A", "G"]


def test_derived_cells_form_in_a_cascade() -> None:
    scenario = tiny(
        module("A", "x1 x2"),
        module("P", "P[p]@1 P[p]@2", mode(duration=2)),
        goals=(goal("B[p,x]@2"),),
        formation=FormationMode.DERIVED,
    )
    problem = problem_of(scenario)
    assert max(t for t in compute_heads(problem).formed if t is not None) == 2
    plan = te.plan(scenario).teachers[0]
    assert plan.status is Status.OPTIMAL
    assert dict(plan.formed_by_rule)["B[p,x]@2"] == 2


def test_f_forms_nothing_of_nothing() -> None:
    with pytest.raises(ValueError, match="known from the start"):
        NodeClass((0,), (), ())
