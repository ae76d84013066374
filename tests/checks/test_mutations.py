"""Every way in which the hand-made plan can be spoilt is rejected, under the right code.

Each case states all the codes that the fault must raise, so that a check that objects too much
fails as well as one that stays silent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from trajectory_engine.checks import Code, verify
from trajectory_engine.domain.funding import YearBudget
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.people import Decision, DecisionKind, Goal
from trajectory_engine.domain.plan import (
    FundBalance,
    Objective,
    RecognisedLearning,
    Result,
    Status,
    TeacherPlan,
)
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario

from .builders import step
from .world import (
    FORMED_T1,
    PLAN_T1,
    PLAN_T2,
    RESULT,
    SCENARIO,
    STEPS_T1,
    adding,
    moved,
    objectives,
    result_for,
    with_step,
    without,
)


def codes(scenario: Scenario, result: Result) -> set[str]:
    """Return the codes of all violations."""
    return {v.rule for v in verify(scenario, result)}


def payment(module_id: str, **amounts: int) -> TeacherPlan:
    """Return T1's plan with other payments for one step."""
    return with_step(PLAN_T1, module_id, paid_by=tuple(amounts.items()))


def objective(index: int, **changes: Any) -> TeacherPlan:
    """Return T1's plan with one objective changed."""
    changed = list(PLAN_T1.objectives)
    changed[index] = replace(changed[index], **changes)
    return replace(PLAN_T1, objectives=tuple(changed))


def shifted_dates(plan: TeacherPlan) -> TeacherPlan:
    """Return the plan with the last day of one step a day late."""
    late = plan.steps[0].end_date + timedelta(days=1)
    return with_step(plan, plan.steps[0].module, end_date=late)


def scored(plan: TeacherPlan, *values: int) -> TeacherPlan:
    """Return the plan with other values, all claimed proven."""
    return replace(plan, objectives=objectives(*values))


def rescheduled(module_id: str, start: int) -> TeacherPlan:
    """Return T1's plan with one step moved, and the steps put in order again."""
    plan = moved(PLAN_T1, module_id, start)
    return adding(replace(plan, steps=()), *plan.steps)


RING_ZERO = (
    step(
        "M-ring1", "self-paced", (4, 4), attains=("Sub[ring-a]@1", "Sub[ring-b]@1", "Sub[ring-b]@2")
    ),
    step("M-ring2", "self-paced", (4, 4), attains=("Sub[ring-a]@2",)),
)
RING_LONG = (
    step(
        "M-arc1",
        "full-time",
        (8, 9),
        (1, 0, 0),
        attains=("Sub[ring-a]@1", "Sub[ring-b]@1", "Sub[ring-b]@2"),
    ),
    step("M-arc2", "full-time", (8, 9), (1, 0, 0), attains=("Sub[ring-a]@2",)),
)
WITHOUT_VIDEO = replace(
    without(PLAN_T1, "M-bvid"),
    tasks_solvable=("PT-err",),
    objectives=objectives(3, 7, 26, 2100, 7),
)

PLAN_MUTATIONS: dict[str, tuple[TeacherPlan, set[str]]] = {
    "start before an authored prerequisite": (
        moved(PLAN_T1, "M-z2", 4),
        {Code.ENTRY, Code.STEP_ORDER},
    ),
    "start before f's thresholds": (
        scored(moved(PLAN_T1, "M-bvid", 3), 3, 7, 31, 2500, 7),
        {Code.ENTRY, Code.WINDOW, Code.DECISION, Code.STEP_ORDER, "R-ORDER"},
    ),
    "start before an explicit entry": (moved(PLAN_T1, "M-z1", 4), {Code.ENTRY}),
    "module dropped that others need": (
        without(PLAN_T1, "M-z1"),
        {Code.ENTRY},
    ),
    "module dropped that a goal and a task need": (WITHOUT_VIDEO, {Code.GOAL, Code.DECISION}),
    "a soft rule claimed to be broken": (
        replace(PLAN_T1, broken_rules=("R-ORDER",)),
        {Code.BROKEN_RULES},
    ),
    "invariant module dropped": (
        scored(without(PLAN_T1, "M-fix"), 3, 8, 29, 2500, 7),
        {Code.INVARIANT},
    ),
    "study hours over the limit": (
        scored(moved(PLAN_T1, "M-fix", 1), 3, 8, 31, 2500, 9),
        {Code.STUDY_HOURS, Code.STEP_ORDER},
    ),
    "wrong payer: not a source": (
        payment("M-err", state=400, uncle=100),
        {Code.PAYMENT_SOURCE},
    ),
    "wrong payer: serves another teacher": (
        payment("M-err", state=400, grant=100),
        {Code.PAYMENT_ELIGIBILITY},
    ),
    "wrong payer: does not cover the module": (
        payment("M-num", state=800, employer=100, self=100),
        {Code.PAYMENT_ELIGIBILITY},
    ),
    "payments do not sum to the price": (payment("M-err", state=400), {Code.PAYMENT_SUM}),
    "a payment of nothing": (
        payment("M-err", state=400, employer=100, self=0),
        {Code.PAYMENT_AMOUNT},
    ),
    "a payment backwards": (
        payment("M-err", state=400, employer=101, self=-1),
        {Code.PAYMENT_AMOUNT, Code.PAYMENT_CEILING},
    ),
    "payments out of order": (
        payment("M-err", employer=100, state=400),
        {Code.PAYMENT_ORDER},
    ),
    "a source named twice": (
        with_step(PLAN_T1, "M-err", paid_by=(("state", 300), ("state", 100), ("employer", 100))),
        {Code.PAYMENT_ORDER},
    ),
    "over a source's share": (
        payment("M-err", state=401, employer=99),
        {Code.PAYMENT_SHARE, Code.PAYMENT_CEILING},
    ),
    "over a ceiling": (
        payment("M-bvid", employer=301, self=99),
        {Code.PAYMENT_CEILING},
    ),
    "changed price": (with_step(PLAN_T1, "M-err", cost=499), {Code.STEP_COST}),
    "wrong credits": (with_step(PLAN_T1, "M-err", credits=21), {Code.STEP_CREDITS}),
    "wrong hours": (with_step(PLAN_T1, "M-err", hours=5), {Code.STEP_HOURS}),
    "wrong end": (with_step(PLAN_T1, "M-vid", end=4), {Code.STEP_END}),
    "wrong last day": (shifted_dates(PLAN_T1), {Code.STEP_DATES}),
    "wrong first day": (
        with_step(PLAN_T1, "M-z1", start_date=PLAN_T1.steps[0].start_date),
        {Code.STEP_DATES},
    ),
    "wrong objective value": (objective(1, value=7, bound=7), {Code.OBJECTIVE_VALUE}),
    "value withheld": (
        objective(1, value=None),
        {Code.OBJECTIVE_VALUE, Code.STATUS},
    ),
    "bound above the value": (objective(1, bound=9), {Code.OBJECTIVE_BOUND}),
    "a tolerance that nobody gave": (
        objective(2, bound=30, tolerance=1),
        {Code.OBJECTIVE_TOLERANCE},
    ),
    "optimal without proof": (objective(2, bound=30), {Code.STATUS}),
    "optimal without a bound": (objective(2, bound=None), {Code.STATUS}),
    "proven but called feasible": (replace(PLAN_T1, status=Status.FEASIBLE), {Code.STATUS}),
    "infeasible with a plan": (
        replace(PLAN_T1, status=Status.INFEASIBLE),
        {Code.CONTENT_WITHOUT_PLAN},
    ),
    "objectives reordered": (
        replace(PLAN_T1, objectives=PLAN_T1.objectives[::-1]),
        {Code.OBJECTIVE_NAMES, Code.SCENARIO_OBJECTIVES},
    ),
    "an objective left out": (
        replace(PLAN_T1, objectives=PLAN_T1.objectives[:-1]),
        {Code.OBJECTIVE_NAMES},
    ),
    "an objective made up": (
        replace(PLAN_T1, objectives=(*PLAN_T1.objectives, Objective("beauty", 1, 1))),
        {Code.OBJECTIVE_NAMES},
    ),
    "claims what the module does not teach": (
        with_step(PLAN_T1, "M-err", attains=("P[err]@3", "P[err]@4")),
        {Code.FALSE_ATTAINMENT},
    ),
    "claims what was known": (
        with_step(PLAN_T1, "M-num", attains=("Sub[num]@1", "Sub[num]@2", "Sub[num]@3")),
        {Code.FALSE_ATTAINMENT},
    ),
    "claims what does not exist": (
        with_step(PLAN_T1, "M-z1", attains=("S[group]@2", "nonsense")),
        {Code.FALSE_ATTAINMENT},
    ),
    "conceals what is formed": (
        with_step(PLAN_T1, "M-num", attains=("Sub[num]@3",)),
        {Code.MISSING_ATTAINMENT},
    ),
    "attainments out of order": (
        with_step(PLAN_T1, "M-num", attains=("Sub[num]@3", "Sub[num]@2")),
        {Code.ATTAINS_ORDER},
    ),
    "an attainment twice": (
        with_step(PLAN_T1, "M-err", attains=("P[err]@3", "P[err]@3")),
        {Code.ATTAINS_ORDER},
    ),
    "conceals what f forms": (
        replace(PLAN_T1, formed_by_rule=FORMED_T1[:1]),
        {Code.MISSING_FORMATION},
    ),
    "what f forms in the wrong period": (
        replace(PLAN_T1, formed_by_rule=(("B[err,num]@2", 2), FORMED_T1[1])),
        {Code.MISSING_FORMATION, Code.FALSE_FORMATION},
    ),
    "f said to form a refuted cell": (
        replace(PLAN_T1, formed_by_rule=(*FORMED_T1, ("B[err,charts]@2", 0))),
        {Code.FALSE_FORMATION},
    ),
    "what f forms said twice": (
        replace(PLAN_T1, formed_by_rule=(*FORMED_T1, FORMED_T1[0])),
        {Code.FALSE_FORMATION},
    ),
    "unmet goal concealed": (replace(PLAN_T1, unmet=()), {Code.UNMET}),
    "met goal called unmet": (
        replace(PLAN_T1, unmet=("Sub[charts]@4", "Sub[extra]@1")),
        {Code.UNMET},
    ),
    "task wrongly called solvable": (
        replace(PLAN_T1, tasks_solvable=("PT-err", "PT-hard", "PT-vid")),
        {Code.TASKS_SOLVABLE},
    ),
    "solvable task concealed": (
        replace(PLAN_T1, tasks_solvable=("PT-err",)),
        {Code.TASKS_SOLVABLE},
    ),
    "solvable tasks out of order": (
        replace(PLAN_T1, tasks_solvable=("PT-vid", "PT-err")),
        {Code.TASKS_SOLVABLE},
    ),
    "another run": (with_step(PLAN_T1, "M-vid", run="summer"), {Code.RUN_START, Code.DECISION}),
    "a run that does not exist": (
        with_step(PLAN_T1, "M-vid", run="winter"),
        {Code.UNKNOWN_RUN, Code.DECISION},
    ),
    "a run where there is none": (with_step(PLAN_T1, "M-fix", run="spring"), {Code.UNKNOWN_RUN}),
    "no run where there are some": (
        with_step(PLAN_T1, "M-vid", run=None),
        {Code.RUN_MISSING, Code.DECISION},
    ),
    "outside the window, against the pinned start": (
        scored(moved(PLAN_T1, "M-bvid", 10), 3, 12, 31, 2500, 7),
        {Code.WINDOW, Code.DECISION, Code.DEADLINE},
    ),
    "blocked period crossed": (
        scored(moved(PLAN_T1, "M-fix", 5), 3, 8, 31, 2500, 7),
        {Code.BLOCKED_PERIOD},
    ),
    "absence crossed": (
        scored(rescheduled("M-fix", 9), 3, 10, 31, 2500, 7),
        {Code.BLOCKED_PERIOD},
    ),
    "past the deadline": (
        scored(rescheduled("M-fix", 10), 3, 11, 31, 2500, 7),
        {Code.DEADLINE},
    ),
    "steps out of order": (
        replace(PLAN_T1, steps=(STEPS_T1[1], STEPS_T1[0], *STEPS_T1[2:])),
        {Code.STEP_ORDER},
    ),
    "forbidden, excluded module taken": (
        scored(adding(PLAN_T1, step("M-alt", "full-time", (7, 8), (2, 0, 0))), 3, 8, 33, 2500, 7),
        {Code.DECISION, Code.EXCLUDES, "R-HOURS"},
    ),
    "module of an exclusive group added": (
        scored(adding(PLAN_T1, step("M-twin", "blended", (7, 8), (1, 0, 0))), 3, 8, 32, 2500, 7),
        {"R-EXCLUSION", "R-HOURS"},
    ),
    "module taken twice": (
        adding(PLAN_T1, step("M-z1", "self-paced", (7, 7))),
        {Code.MODULE_TWICE},
    ),
    "completed module taken": (
        scored(adding(PLAN_T1, step("M-new", "full-time", (7, 8), (1, 0, 0))), 3, 8, 32, 2500, 7),
        {Code.MODULE_COMPLETED, "R-HOURS"},
    ),
    "mode not open, and not the one decided": (
        replace(
            with_step(
                PLAN_T1,
                "M-num",
                mode="distance",
                start=1,
                start_date=PLAN_T1.steps[0].start_date + timedelta(weeks=1),
                hours=10,
                cost=800,
                paid_by=(("state", 640), ("employer", 160)),
            ),
            objectives=objectives(3, 8, 29, 2300, 8),
        ),
        {Code.MODE_NOT_OPEN, Code.DECISION, Code.STUDY_HOURS, "R-SHARE"},
    ),
    "modules of no duration that justify each other": (adding(PLAN_T1, *RING_ZERO), {Code.ENTRY}),
    "modules that justify each other": (
        scored(adding(PLAN_T1, *RING_LONG), 3, 9, 33, 2500, 7),
        {Code.ENTRY, "R-HOURS"},
    ),
    "unknown module": (
        adding(PLAN_T1, step("M-none", "full-time", (7, 8))),
        {Code.UNKNOWN_MODULE},
    ),
    "unknown mode": (
        with_step(PLAN_T1, "M-z2", mode="by-post"),
        {Code.UNKNOWN_MODE, Code.UNMET, Code.OBJECTIVE_VALUE},
    ),
    "unknown teacher": (replace(PLAN_T1, teacher="T9"), {Code.UNKNOWN_TEACHER}),
    "same teacher twice": (PLAN_T2, {Code.DUPLICATE_TEACHER}),
    "an instant in the wrong order": (
        replace(PLAN_T1, steps=(*STEPS_T1[:3], STEPS_T1[4], STEPS_T1[3], *STEPS_T1[5:])),
        {Code.STEP_ORDER},
    ),
    "reason of no known kind": (
        with_step(PLAN_T1, "M-fix", because=("whim:M-fix",)),
        {Code.BECAUSE},
    ),
    "reason that names nothing": (
        with_step(PLAN_T1, "M-fix", because=("rule:R-OFF", "goal:Sub[num]@3")),
        {Code.BECAUSE},
    ),
    "reason that is a goal of another step": (
        with_step(PLAN_T1, "M-fix", because=("goal:B[video,charts]@2",)),
        {Code.BECAUSE},
    ),
    "reason that is the decision on another module": (
        with_step(PLAN_T1, "M-fix", because=("decision:M-vid",)),
        {Code.BECAUSE},
    ),
    "reason that is an invariant mark of another module": (
        with_step(PLAN_T1, "M-num", because=("invariant:M-fix",)),
        {Code.BECAUSE},
    ),
    "reason that is a task it does not serve": (
        with_step(PLAN_T1, "M-bvid", because=("task:PT-err",)),
        {Code.BECAUSE},
    ),
    "reason that is a rule on other modules": (
        with_step(PLAN_T1, "M-bvid", because=("rule:R-REQUIRED",)),
        {Code.BECAUSE},
    ),
    "reason that is an earlier module": (
        with_step(PLAN_T1, "M-vid", because=("prerequisite:M-err",)),
        {Code.BECAUSE},
    ),
    "reason that is a later module that does not wait": (
        with_step(PLAN_T1, "M-num", because=("prerequisite:M-z1",)),
        {Code.BECAUSE},
    ),
    "warning of nothing": (
        replace(PLAN_T1, warnings=(Message.of("level_rounded", element="P[err]", level=9),)),
        {Code.WARNINGS},
    ),
    "a plan with a reason for having none": (
        replace(PLAN_T1, reasons=(Message.of("time_ran_out"),)),
        {Code.REASONS},
    ),
    "start before the axis": (
        with_step(PLAN_T1, "M-err", start=-1, end=1),
        {Code.HORIZON},
    ),
}


@pytest.mark.parametrize("name", PLAN_MUTATIONS)
def test_spoilt_plan_is_rejected(name: str) -> None:
    plan, expected = PLAN_MUTATIONS[name]
    found = codes(SCENARIO, result_for(SCENARIO, plan, PLAN_T2))
    assert found == {str(c) for c in expected}


def changed(collection: str, identifier: str, **changes: Any) -> Scenario:
    """Return the scenario with one of its runs, funds or resources changed."""
    items = getattr(SCENARIO, collection)
    assert any(i.id == identifier for i in items)
    new = tuple(replace(i, **changes) if i.id == identifier else i for i in items)
    return replace(SCENARIO, **{collection: new})


def without_funds() -> Scenario:
    """Return the scenario with the first source of money only."""
    return replace(SCENARIO, funds=SCENARIO.funds[:1])


def asking(name: ObjectiveName) -> Scenario:
    """Return the scenario with a teacher's own pocket first, and one objective of money."""
    funds = (SCENARIO.funds[3], *SCENARIO.funds[:3])
    return replace(SCENARIO, funds=funds, objectives=(ObjectiveSpec(name),))


YEARLY = (YearBudget(SCENARIO.years[0], 1),)
WRONG_BALANCE = FundBalance("state", None, 1500, 0, 0, 1500)
WRONG_LEARNING = RecognisedLearning("C1", "", ())
MONEY_MUTATIONS: dict[str, tuple[Scenario, TeacherPlan, set[str]]] = {
    "ceiling of a module": (
        changed("funds", "state", module_ceiling=1),
        PLAN_T1,
        {Code.PAYMENT_MODULE_CEILING},
    ),
    "budget of a year": (changed("funds", "state", yearly=YEARLY), PLAN_T1, {Code.FUND_YEAR}),
    "budget of a year with carry-over": (
        changed("funds", "state", yearly=YEARLY, carry_over=True),
        PLAN_T1,
        {Code.FUND_YEAR},
    ),
    "module of another group": (
        changed("funds", "state", module_groups=("nobody",)),
        PLAN_T1,
        {Code.PAYMENT_ELIGIBILITY},
    ),
    "what remains": (SCENARIO, replace(PLAN_T1, funds=(WRONG_BALANCE,)), {Code.FUND_BALANCE}),
    "prior learning": (
        SCENARIO,
        replace(PLAN_T1, recognised=(WRONG_LEARNING,)),
        {Code.RECOGNISED},
    ),
    "funding order": (asking(ObjectiveName.FUNDING_ORDER), PLAN_T1, {Code.PAYMENT_SPLIT}),
}


@pytest.mark.parametrize("name", MONEY_MUTATIONS)
def test_every_option_of_money_is_judged(name: str) -> None:
    scenario, plan, expected = MONEY_MUTATIONS[name]
    assert {str(c) for c in expected} <= codes(scenario, result_for(scenario, plan, PLAN_T2))


SCENARIO_MUTATIONS: dict[str, tuple[Scenario, set[str]]] = {
    "budget exceeded by both": (changed("funds", "state", budget=2299), {Code.FUND_BUDGET}),
    "seats exceeded": (changed("runs", "spring", seats=0), {Code.SEATS}),
    "group too small": (changed("runs", "spring", minimum_group=2), {Code.MINIMUM_GROUP}),
    "shared resource exceeded": (changed("resources", "hall", capacity=0), {Code.SHARED_RESOURCE}),
    "own renewable resource exceeded": (changed("resources", "lab", capacity=0), {Code.RESOURCE}),
    "own resource used up": (changed("resources", "voucher", capacity=0), {Code.RESOURCE}),
    "ceiling lowered": (changed("funds", "state", ceiling=1499), {Code.PAYMENT_CEILING}),
    "ends before what must not end later": (changed("modules", "M-err", co=("M-num",)), {Code.CO}),
    "starts before what must start with it": (
        changed("modules", "M-err", strict_co=("M-vid",)),
        {Code.STRICT_CO},
    ),
    "sources gone": (without_funds(), {Code.PAYMENT_SOURCE}),
}


@pytest.mark.parametrize("name", SCENARIO_MUTATIONS)
def test_plan_for_a_harder_scenario_is_rejected(name: str) -> None:
    scenario, expected = SCENARIO_MUTATIONS[name]
    found = codes(scenario, result_for(scenario, PLAN_T1, PLAN_T2))
    assert found == {str(c) for c in expected}


@pytest.mark.parametrize("budget", [2300, 2301, None])
def test_budget_that_just_suffices(budget: int | None) -> None:
    scenario = changed("funds", "state", budget=budget)
    assert verify(scenario, result_for(scenario, PLAN_T1, PLAN_T2)) == []


def test_two_teachers_in_a_run_with_one_seat() -> None:
    twin = replace(SCENARIO.teachers[0], id="T3", blocked=())
    pins = tuple(replace(d, teacher="*") for d in SCENARIO.decisions)
    scenario = replace(SCENARIO, teachers=(*SCENARIO.teachers, twin), decisions=pins)
    result = result_for(scenario, PLAN_T1, replace(PLAN_T1, teacher="T3"))
    assert codes(scenario, result) == {Code.SEATS, Code.SHARED_RESOURCE, Code.FUND_BUDGET}


@pytest.mark.parametrize(
    ("pinned", "found"),
    [
        (("short",), set()),
        (("long",), {"goal"}),
        (("short", "long"), {"goal"}),
        (("none",), {"goal"}),
    ],
)
def test_pinned_path_narrows_a_hard_task(pinned: tuple[str, ...], found: set[str]) -> None:
    """The task itself stays solvable by its other path, and is reported so."""
    others = tuple(d for d in SCENARIO.decisions if d.kind is not DecisionKind.PATH)
    pins = tuple(Decision("T1", DecisionKind.PATH, "PT-err", p) for p in pinned)
    scenario = replace(SCENARIO, decisions=(*others, *pins))
    assert codes(scenario, result_for(scenario, PLAN_T1, PLAN_T2)) == found


@pytest.mark.parametrize("kind", [k for k in DecisionKind if k is not DecisionKind.PATH])
def test_decision_on_a_module_that_is_not_taken(kind: DecisionKind) -> None:
    """Every kind but forbid asks that the module be taken."""
    pin = Decision("T1", kind, "M-deep", "full-time", 0)
    scenario = replace(SCENARIO, decisions=(*SCENARIO.decisions, pin))
    expected = set() if kind is DecisionKind.FORBID else {"decision"}
    assert codes(scenario, result_for(scenario, PLAN_T1, PLAN_T2)) == expected


def test_goal_on_a_task_that_does_not_exist_is_not_met() -> None:
    lost = replace(SCENARIO.teachers[1], goals=(Goal(task="PT-none"),))
    scenario = replace(SCENARIO, teachers=(SCENARIO.teachers[0], lost))
    assert codes(scenario, result_for(scenario, PLAN_T1, PLAN_T2)) == {"goal"}


RESULT_MUTATIONS: dict[str, tuple[Result, set[str]]] = {
    "another scenario": (replace(RESULT, scenario="other"), {Code.WRONG_SCENARIO}),
    "another input": (replace(RESULT, input_hash="0" * 64), {Code.INPUT_HASH}),
    "no plan by a proof that ran out of time": (
        result_for(
            SCENARIO, TeacherPlan("T1", Status.INFEASIBLE, (), reasons=(Message.of("cancelled"),))
        ),
        {Code.REASONS},
    ),
    "no plan for a goal of somebody else": (
        result_for(
            SCENARIO,
            TeacherPlan(
                "T1",
                Status.INFEASIBLE,
                (),
                reasons=(Message.of("goal_unreachable", goal="P[none]@3", nodes="P[none]@3"),),
            ),
        ),
        {Code.REASONS},
    ),
    "no teachers": (result_for(SCENARIO), {Code.NO_TEACHERS}),
    "status better than the worst": (
        replace(
            result_for(SCENARIO, TeacherPlan("T1", Status.UNKNOWN, ()), PLAN_T2),
            status=Status.OPTIMAL,
        ),
        {Code.SCENARIO_STATUS},
    ),
    "wrong total": (
        replace(RESULT, objectives=(Objective("unmet_goals", 2, 2), *RESULT.objectives[1:])),
        {Code.SCENARIO_OBJECTIVES},
    ),
    "wrong total bound": (
        replace(RESULT, objectives=(Objective("unmet_goals", 3, 2), *RESULT.objectives[1:])),
        {Code.SCENARIO_OBJECTIVES},
    ),
    "totals missing": (replace(RESULT, objectives=()), {Code.SCENARIO_OBJECTIVES}),
    "totals without a plan": (
        replace(
            result_for(SCENARIO, TeacherPlan("T1", Status.INFEASIBLE, ())),
            objectives=RESULT.objectives,
        ),
        {Code.SCENARIO_OBJECTIVES},
    ),
}


@pytest.mark.parametrize("name", RESULT_MUTATIONS)
def test_wrong_result_is_rejected(name: str) -> None:
    result, expected = RESULT_MUTATIONS[name]
    assert codes(SCENARIO, result) == {str(c) for c in expected}


def test_every_code_is_raised_by_some_mutation() -> None:
    """A code that no mutation expects would be a check that nothing has tried."""
    tables = (PLAN_MUTATIONS, SCENARIO_MUTATIONS, RESULT_MUTATIONS)
    raised = {str(c) for table in tables for _, expected in table.values() for c in expected}
    raised |= {str(c) for *_, expected in MONEY_MUTATIONS.values() for c in expected}
    assert {c.value for c in Code} <= raised


def test_violations_speak_in_ids() -> None:
    """Who, what, the rule, and both figures stand in the sentence."""
    plan = with_step(PLAN_T1, "M-err", cost=499)
    (violation,) = verify(SCENARIO, result_for(SCENARIO, plan, PLAN_T2))
    assert str(violation) == "step_cost (T1 M-err): found 499, expected 500"
