"""A small scenario with a bit of everything, and a valid plan for it made by hand.

Teacher T1 takes six modules and a circle-free pair of modules of duration 0:

    period   0   1   2   3   4   5   6   7
    M-num    4   4   4
    M-err    3   3
    M-vid                3   3
    (break)                      x
    M-z1, M-z2                   | (duration 0, start at 5, M-z2 needs what M-z1 forms)
    M-bvid                           3   2
    M-fix                            2
    load     7   7   4   3   3   -   5   2

M-err ends at 2 and M-num at 3; so at 3 f forms B[err,num]@2 and @3 without a module, while
B[err,charts]@2, refuted by a measurement, needs M-fix.  T2 takes M-num and M-err only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.catalogue import (
    Entry,
    Resource,
    ResourceKind,
    ResourceScope,
    ResourceUse,
    Run,
    Window,
)
from trajectory_engine.domain.competence import (
    Component,
    FormationMode,
    PedagogicalCompetence,
    ProfessionalElement,
    SocialCompetence,
    SubjectCompetence,
)
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.people import (
    Decision,
    DecisionKind,
    Goal,
    Measurement,
    Profile,
    Teacher,
)
from trajectory_engine.domain.plan import Objective, Result, Status, Step, TeacherPlan
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import (
    CompetenceModel,
    ObjectiveName,
    ObjectiveSpec,
    Scenario,
)
from trajectory_engine.domain.serial import input_hash
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    ExclusionRule,
    Measure,
    OrderRule,
    RequiredRule,
    Rule,
    Selector,
    ShareRule,
    Standard,
)
from trajectory_engine.domain.tasks import PedagogicalTask, TaskPath

from .builders import MONDAY, mode, module, node, nodes, step

HORIZON = 12
OBJECTIVES = (
    ObjectiveName.UNMET_GOALS,
    ObjectiveName.COMPLETION,
    ObjectiveName.STUDY_HOURS,
    ObjectiveName.COST,
    ObjectiveName.PEAK_LOAD,
)


MODEL = CompetenceModel(
    id="small",
    name="small",
    subject=(
        SubjectCompetence("num", "numeral systems", (1, 2, 3)),
        SubjectCompetence("charts", "charts", (2, 4)),
        SubjectCompetence("extra", "extra", (1,)),
        SubjectCompetence("ring-a", "half a ring", (1, 2)),
        SubjectCompetence("ring-b", "half a ring", (1, 2)),
    ),
    pedagogical=(
        PedagogicalCompetence("err", "working on errors"),
        PedagogicalCompetence("video", "instructional video"),
    ),
    social=(SocialCompetence("group", "group", (1, 2)),),
    professional=(
        ProfessionalElement("err", "num", (1, 2, 3), FormationMode.DERIVED),
        ProfessionalElement("err", "charts", (2, 4), FormationMode.DERIVED),
        ProfessionalElement("video", "charts", (2, 4), FormationMode.TAUGHT),
    ),
    formation=FormationRule.weakest_link({"group": 1}),
    prerequisites=(
        Requirement(node("P[video]@1"), nodes("P[err]@3", "Sub[charts]@4"), 1),
        Requirement(node("P[video]@2"), nodes("Sub[num]@2", "P[err]@3", "Sub[charts]@4"), 2),
        Requirement(node("Sub[extra]@1"), nodes("S[group]@2"), 1),
    ),
    tasks=(
        PedagogicalTask(
            "PT-err",
            "errors in conversion",
            (
                TaskPath("long", nodes("Sub[num]@2", "Sub[charts]@4")),
                TaskPath("short", nodes("Sub[num]@2", "B[err,num]@2")),
            ),
            free=True,
        ),
        PedagogicalTask("PT-hard", "charts", (TaskPath("only", nodes("Sub[charts]@4")),)),
        PedagogicalTask("PT-vid", "a video", (TaskPath("only", nodes("B[video,charts]@2")),)),
    ),
    profiles=(
        Profile(
            "all",
            "all",
            (Goal(node=node("Sub[num]@2")), Goal(node=node("Sub[charts]@4"), hard=False)),
        ),
    ),
)

PEDAGOGICAL = {"component": Component.PEDAGOGICAL}
MODULES = (
    module(
        "M-num",
        nodes("Sub[num]@2", "Sub[num]@3"),
        mode("full-time", 8, 3, independent_hours=4, credits=40, price=1000, provider="U"),
        mode(
            "distance",
            10,
            2,
            credits=40,
            price=800,
            language="en",
            provider="U",
            technologies=("camera",),
        ),
        excludes=("M-alt",),
    ),
    module("M-err", nodes("P[err]@3"), mode("blended", 6, 2, credits=20, price=500), **PEDAGOGICAL),
    module(
        "M-vid",
        nodes("P[video]@1", "P[video]@2"),
        mode("full-time", 6, 2, credits=20, price=600),
        **PEDAGOGICAL,
    ),
    module(
        "M-bvid",
        nodes("B[video,charts]@2"),
        mode(
            "blended",
            5,
            2,
            credits=10,
            price=400,
            profile=(3, 2),
            resources=(ResourceUse("lab", 1), ResourceUse("voucher", 1), ResourceUse("hall", 1)),
        ),
        group="practice",
        **PEDAGOGICAL,
    ),
    module(
        "M-fix",
        nodes("B[err,charts]@2"),
        mode("blended", 2, 1, credits=5),
        invariant=True,
        exempt_if_formed=True,
        **PEDAGOGICAL,
    ),
    module(
        "M-z1",
        nodes("S[group]@2"),
        mode("self-paced", 0, 0),
        component=Component.SOCIAL,
        entry=Entry(nodes("P[video]@2"), ("M-old",)),
    ),
    module("M-z2", nodes("Sub[extra]@1"), mode("self-paced", 0, 0)),
    module("M-alt", nodes("Sub[num]@2"), mode("full-time", 2, 1)),
    module("M-twin", nodes("P[err]@3"), mode("blended", 1, 1), group="practice", **PEDAGOGICAL),
    module("M-old", nodes("Sub[num]@1"), mode("full-time", 1, 1), invariant=True),
    module("M-new", nodes("Sub[num]@1"), mode("full-time", 1, 1), replaces=("M-old",)),
    module("M-ring1", nodes("Sub[ring-a]@1", "Sub[ring-b]@2"), mode("self-paced", 0, 0)),
    module("M-ring2", nodes("Sub[ring-b]@1", "Sub[ring-a]@2"), mode("self-paced", 0, 0)),
    module("M-arc1", nodes("Sub[ring-a]@1", "Sub[ring-b]@2"), mode("full-time", 1, 1)),
    module("M-arc2", nodes("Sub[ring-b]@1", "Sub[ring-a]@2"), mode("full-time", 1, 1)),
    module("M-deep", nodes("Sub[num]@3"), mode("full-time", 1, 1), entry=Entry()),
)

RULES = (
    Rule("R-REQUIRED", "", RequiredRule(("M-err", "M-old"), nodes("Sub[num]@2"))),
    Rule("R-HOURS", "", AmountRule(Measure.HOURS, least=18, most=31)),
    Rule("R-CREDITS", "", AmountRule(Measure.CREDITS, least=60, most=100)),
    Rule(
        "R-SHARE",
        "",
        ShareRule(
            Measure.HOURS,
            part=Selector(forms=("full-time",)),
            least=Share(1, 2),
            most=Share(3, 4),
        ),
    ),
    Rule("R-ORDER", "", OrderRule(Selector(modules=("M-vid",)), Selector(modules=("M-bvid",)))),
    Rule("R-EXCLUSION", "", ExclusionRule(Selector(groups=("practice",)))),
    Rule("R-AT-LEAST", "", AtLeastRule(1, Selector(components=("pedagogical",)))),
    Rule("R-EXPIRED", "", RequiredRule(("M-alt",)), valid_to=date(2021, 1, 1)),
    Rule("R-OFF", "", RequiredRule(("M-alt",)), enabled=False),
)

T1 = Teacher(
    "T1",
    hours=(7,) * HORIZON,
    profile="all",
    goals=(
        Goal(task="PT-err"),
        Goal(node=node("B[video,charts]@2")),
        Goal(node=node("Sub[charts]@4"), hard=False, weight=3),
        Goal(node=node("Sub[extra]@1"), hard=False, weight=2),
    ),
    measurements=(
        Measurement("Sub[num]", level=1),
        Measurement("Sub[charts]", level=3),  # rounds down to 2
        Measurement("P[err]", content=40, activity=40, communicative=41),  # level 2
        Measurement("S[group]", level=1),
        Measurement("B[err,charts]", level=0),  # f would give 2
    ),
    completed=("M-new",),
    blocked=(9,),
    deadline=10,
    languages=("kk",),
    technologies=("computer",),
)
T2 = Teacher(
    "T2",
    hours=(8,) * HORIZON,
    group="guests",
    goals=(Goal(node=node("P[err]@3")),),
    measurements=(
        Measurement("Sub[num]", level=1),
        Measurement("Sub[charts]", level=2),
        Measurement("P[err]", level=2),
        Measurement("S[group]", level=1),
    ),
    completed=("M-new",),
)

NAMES = tuple(ObjectiveName)[:5]
"""Unmet goals, completion, study hours, cost, peak load."""

SCENARIO = Scenario(
    id="judge",
    name="judge",
    model=MODEL,
    modules=MODULES,
    calendar=Calendar.weeks(MONDAY, HORIZON, blocked=(5,)),
    teachers=(T1, T2),
    standard=Standard("std", "std", RULES),
    funds=(
        Fund("state", budget=2400, ceiling=1500, share=Share(4, 5)),
        Fund("grant", teachers=("T2",)),
        Fund("employer", ceiling=900),
        Fund("self", ceiling=1000, components=("pedagogical",)),
    ),
    resources=(
        Resource("lab", ResourceKind.RENEWABLE, ResourceScope.TEACHER, 1),
        Resource("voucher", ResourceKind.NON_RENEWABLE, ResourceScope.TEACHER, 1),
        Resource("hall", ResourceKind.RENEWABLE, ResourceScope.SHARED, 1),
    ),
    runs=(
        Run("spring", "M-vid", "full-time", 3, seats=1, minimum_group=1),
        Run("summer", "M-vid", "full-time", 6),
    ),
    windows=(Window("M-bvid", "blended", 6, 8),),
    decisions=(
        Decision("T1", DecisionKind.TAKE, "M-vid"),
        Decision("T1", DecisionKind.FORBID, "M-alt"),
        Decision("T2", DecisionKind.FORBID, "M-alt"),
        Decision("T1", DecisionKind.MODE, "M-num", "full-time"),
        Decision("T1", DecisionKind.RUN, "M-vid", "spring"),
        Decision("T1", DecisionKind.START, "M-bvid", period=6),
        Decision("T1", DecisionKind.PATH, "PT-err", "short"),
    ),
    objectives=tuple(map(ObjectiveSpec, OBJECTIVES)),
)


STEPS_T1 = (
    step(
        "M-err",
        "blended",
        (0, 2),
        (6, 20, 500),
        {"state": 400, "employer": 100},
        ("P[err]@3",),
        because=("rule:R-REQUIRED", "prerequisite:M-vid", "prerequisite:P[video]@2"),
    ),
    step(
        "M-num",
        "full-time",
        (0, 3),
        (12, 40, 1000),
        {"state": 800, "employer": 200},
        ("Sub[num]@2", "Sub[num]@3"),
        because=("goal:Sub[num]@2", "task:PT-err", "decision:mode:M-num"),
    ),
    step(
        "M-vid",
        "full-time",
        (3, 5),
        (6, 20, 600),
        {"state": 300, "employer": 300},
        ("P[video]@1", "P[video]@2"),
        run="spring",
        because=("decision:M-vid",),
    ),
    step("M-z1", "self-paced", (5, 5), attains=("S[group]@2",)),
    step("M-z2", "self-paced", (5, 5), attains=("Sub[extra]@1",), because=("goal:Sub[extra]@1",)),
    step(
        "M-fix",
        "blended",
        (6, 7),
        (2, 5, 0),
        attains=("B[err,charts]@2",),
        because=("invariant:M-fix",),
    ),
    step(
        "M-bvid",
        "blended",
        (6, 8),
        (5, 10, 400),
        {"employer": 300, "self": 100},
        ("B[video,charts]@2",),
        because=("goal:B[video,charts]@2",),
    ),
)
FORMED_T1 = (("B[err,num]@2", 3), ("B[err,num]@3", 3))


def objectives(*values: int | None) -> tuple[Objective, ...]:
    """Return proven values of unmet goals, completion, study hours, cost, peak load."""
    return tuple(
        Objective(name.value, value, value) for name, value in zip(OBJECTIVES, values, strict=True)
    )


PLAN_T1 = TeacherPlan(
    "T1",
    Status.OPTIMAL,
    objectives(3, 8, 31, 2500, 7),
    STEPS_T1,
    FORMED_T1,
    unmet=("Sub[charts]@4",),
    tasks_solvable=("PT-err", "PT-vid"),
)
PLAN_T2 = TeacherPlan(
    "T2",
    Status.OPTIMAL,
    objectives(0, 3, 18, 1500, 7),
    (
        step("M-err", "blended", (0, 2), (6, 20, 500), {"grant": 500}, ("P[err]@3",)),
        step(
            "M-num",
            "full-time",
            (0, 3),
            (12, 40, 1000),
            {"state": 800, "grant": 200},
            ("Sub[num]@2", "Sub[num]@3"),
        ),
    ),
    FORMED_T1,
    tasks_solvable=("PT-err",),
)


def result_for(scenario: Scenario, *plans: TeacherPlan) -> Result:
    """Return a result whose totals and status are right for the plans, taken at their word."""
    badness = list(Status)
    planned = [p for p in plans if p.status.has_plan]
    is_open = any(p.status is Status.UNKNOWN for p in plans)
    totals = []
    for i, spec in enumerate(scenario.objectives):
        claims = [p.objectives[i] for p in planned if i < len(p.objectives)]
        bounds = [o.bound for o in claims]
        totals.append(
            Objective(
                spec.name.value,
                sum(o.value or 0 for o in claims) if planned else None,
                None if None in bounds or is_open or not planned else sum(b or 0 for b in bounds),
                sum(o.tolerance for o in claims) if planned else spec.tolerance,
            )
        )
    return Result(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        engine_version="0",
        solver_version="0",
        seed=0,
        workers=1,
        status=max((p.status for p in plans), key=badness.index, default=Status.OPTIMAL),
        objectives=tuple(totals),
        teachers=plans,
    )


RESULT = result_for(SCENARIO, PLAN_T1, PLAN_T2)


def with_step(plan: TeacherPlan, module_id: str, **changes: Any) -> TeacherPlan:
    """Return the plan with one step changed."""
    assert any(s.module == module_id for s in plan.steps)
    steps = tuple(replace(s, **changes) if s.module == module_id else s for s in plan.steps)
    return replace(plan, steps=steps)


def moved(plan: TeacherPlan, module_id: str, start: int) -> TeacherPlan:
    """Return the plan with one step, its dates included, moved to another start."""
    old = next(s for s in plan.steps if s.module == module_id)
    weeks = timedelta(weeks=start - old.start)
    return with_step(
        plan,
        module_id,
        start=start,
        end=old.end + start - old.start,
        start_date=old.start_date + weeks,
        end_date=old.end_date + weeks,
    )


def without(plan: TeacherPlan, module_id: str) -> TeacherPlan:
    """Return the plan without one step."""
    assert any(s.module == module_id for s in plan.steps)
    return replace(plan, steps=tuple(s for s in plan.steps if s.module != module_id))


def adding(plan: TeacherPlan, *steps: Step) -> TeacherPlan:
    """Return the plan with steps added, in the order of plans."""
    together = sorted((*plan.steps, *steps), key=lambda s: (s.start, s.end, s.module))
    return replace(plan, steps=tuple(together))
