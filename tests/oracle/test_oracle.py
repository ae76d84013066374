"""Problems small enough to argue their optimum: they make the oracle itself trustworthy.

The order of objectives is the default: unmet goals, completion, study hours, cost.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from oracle.brute_force import OracleAnswer, solve_by_enumeration
from oracle.tiny import goal, mode, module, need, node, tiny
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
from trajectory_engine.domain.competence import FormationMode
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.people import Decision, DecisionKind, Goal, Measurement
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    ExclusionRule,
    Measure,
    OrderRule,
    RequiredRule,
    Rule,
    RuleBody,
    Selector,
    ShareRule,
    Standard,
)
from trajectory_engine.domain.tasks import PedagogicalTask, TaskPath


def answer(scenario: Scenario) -> OracleAnswer:
    return solve_by_enumeration(scenario, "T")


def values(scenario: Scenario) -> list[int] | None:
    objectives = answer(scenario).objectives
    return None if objectives is None else list(objectives.values())


def steps(scenario: Scenario) -> list[tuple[str, int]]:
    signature = answer(scenario).plan_signature
    assert signature is not None
    return [(module_id, start) for module_id, _, _, start in signature]


def standard(*bodies: RuleBody) -> Standard:
    return Standard("s", "s", tuple(Rule(f"R{i}", "", body) for i, body in enumerate(bodies)))


def test_nothing_to_do_is_the_empty_plan() -> None:
    # x@1 is measured, so the goal is met at time 0.
    known = {"measurements": (Measurement("Sub[x]", 1),)}
    scenario = tiny(module("A", "x1"), goals=(goal("x1"),), teacher=known)
    assert values(scenario) == [0, 0, 0, 0]
    assert steps(scenario) == []


def test_a_ladder_is_climbed_one_after_the_other() -> None:
    # B needs x@1, which A forms at the end of period 0; so A [0, 1), B [1, 2), 8 hours.
    scenario = tiny(module("A", "x1"), module("B", "x2"), goals=(goal("x2"),))
    assert values(scenario) == [0, 2, 8, 0]
    assert steps(scenario) == [("A", 0), ("B", 1)]


def test_a_higher_level_brings_the_lower_ones_but_does_not_stand_in_for_them() -> None:
    # With an entry of its own, M teaches x@2 alone and brings x@1: one step. With the default
    # entry it needs x@1 formed before, which nobody teaches.
    free = tiny(module("M", "x2", entry=Entry()), goals=(goal("x1"),))
    assert steps(free) == [("M", 0)]
    bound = tiny(module("M", "x2"), goals=(goal("x1"),))
    assert answer(bound).status is Status.INFEASIBLE


def test_two_modules_do_not_justify_each_other() -> None:
    # A needs y@1 from B, B needs x@1 from A: neither can ever start. With C, which teaches y@1
    # in three periods, A follows at 3. Were the circle allowed, A and B would end at 1.
    circle = (
        module("A", "x1", entry=Entry((node("y1"),))),
        module("B", "y1", entry=Entry((node("x1"),))),
    )
    alone = answer(tiny(*circle, goals=(goal("x1"),)))
    assert alone.status is Status.INFEASIBLE
    assert alone.deciding == {"circular"}
    founded = tiny(*circle, module("C", "y1", mode(hours=6, duration=3)), goals=(goal("x1"),))
    assert values(founded) == [0, 4, 10, 0]
    assert steps(founded) == [("A", 3), ("C", 0)]
    assert answer(founded).deciding == {"circular"}


def test_a_circle_through_modules_with_several_nodes() -> None:
    # Nodes: x@1 -> y@1 -> x@2, no circle; but A teaches x@1 and x@2 and so needs y@1 from B,
    # which needs x@1 from A.
    scenario = tiny(
        module("A", "x1 x2"),
        module("B", "y1"),
        goals=(goal("x2"),),
        needs=(need("y1", "x1"), need("x2", "y1")),
    )
    assert answer(scenario).status is Status.INFEASIBLE
    assert answer(scenario).deciding == {"circular"}


def test_the_cheaper_alternative_of_an_or_is_taken() -> None:
    # z@1 needs x@1 or y@1. By x: 2 + 1 periods; by y: 1 + 1.
    scenario = tiny(
        module("X", "x1", mode(duration=2)),
        module("Y", "y1"),
        module("Z", "z1"),
        goals=(goal("z1"),),
        needs=(need("z1", "x1", "y1", least=1),),
    )
    assert steps(scenario) == [("Y", 0), ("Z", 1)]
    assert answer(scenario).deciding == {"or"}


def test_two_of_three_count() -> None:
    # z@1 needs two of x@1, y@1, p@1: the two shortest are y and p, in parallel.
    scenario = tiny(
        module("X", "x1", mode(duration=3)),
        module("Y", "y1"),
        module("P", "P[p]@1"),
        module("Z", "z1"),
        goals=(goal("z1"),),
        needs=(need("z1", "x1", "y1", "P[p]@1", least=2),),
    )
    assert steps(scenario) == [("P", 0), ("Y", 0), ("Z", 1)]


def test_a_derived_cell_forms_without_a_module() -> None:
    # B[p,x]@1 follows from x@1 and p@1, both by the end of period 0.
    modules = (module("X", "x1"), module("P", "P[p]@1"))
    derived = tiny(*modules, goals=(goal("B[p,x]@1"),), formation=FormationMode.DERIVED)
    assert values(derived) == [0, 1, 8, 0]
    assert answer(derived).deciding == {"derived"}
    taught = tiny(*modules, goals=(goal("B[p,x]@1"),))
    assert answer(taught).status is Status.INFEASIBLE


def test_a_refuted_cell_needs_a_module() -> None:
    # x@1 and p@1 are measured, f gives level 1, the measurement says 0: only M forms it.
    measured = (Measurement("Sub[x]", 1), Measurement("P[p]", 1), Measurement("B[p,x]", 0))
    scenario = tiny(
        module("M", "B[p,x]@1"),
        goals=(goal("B[p,x]@1"),),
        formation=FormationMode.DERIVED,
        teacher={"measurements": measured},
    )
    assert steps(scenario) == [("M", 0)]
    assert answer(scenario).deciding == {"derived"}
    # Measured below what is not given by f yet, nothing is refuted: f forms it after X.
    later = tiny(
        module("X", "x1"),
        goals=(goal("B[p,x]@1"),),
        formation=FormationMode.DERIVED,
        teacher={"measurements": measured[1:]},
    )
    assert steps(later) == [("X", 0)]


def test_zero_cells_of_the_matrix_are_skipped() -> None:
    # Levels 3 and 5 only: 3 is the lowest, 5 follows it; f's threshold 1 means level 3, and a
    # measured 4 counts as 3.
    scenario = tiny(module("A", "x3"), module("B", "x5"), goals=(goal("x5"),), levels=(3, 5))
    assert steps(scenario) == [("A", 0), ("B", 1)]
    known = {"measurements": (Measurement("Sub[x]", 4),)}
    assert steps(replace(scenario, teachers=(replace(scenario.teachers[0], **known),))) == [
        ("B", 0)
    ]


def test_hours_of_a_period_make_modules_wait() -> None:
    # Two modules of 4 hours, 7 hours a period: one after the other; with 8 side by side.
    modules = (module("A", "x1"), module("B", "y1"))
    goals = (goal("x1"), goal("y1"))
    assert values(tiny(*modules, goals=goals, hours=7)) == [0, 2, 8, 0]
    assert values(tiny(*modules, goals=goals, hours=8)) == [0, 1, 8, 0]


def test_uneven_hours_have_the_remainder_first() -> None:
    # 7 hours over 2 periods are 4 and 3; beside them 3 hours fit only in the second of 7, 6.
    scenario = tiny(
        module("A", "x1", mode(hours=7, duration=2)),
        module("B", "y1", mode(hours=3)),
        goals=(goal("x1"), goal("y1")),
        horizon=2,
        hours=6,
    )
    assert steps(scenario) == [("A", 0), ("B", 1)]


def test_blocked_periods_are_not_crossed() -> None:
    # Two periods of study, period 1 blocked: [2, 4). Without hours it may cross: [0, 2).
    calendar = Calendar.weeks(date(2027, 1, 4), 4, blocked=(1,))
    loaded = tiny(
        module("A", "x1", mode(duration=2)), goals=(goal("x1"),), horizon=4, calendar=calendar
    )
    assert steps(loaded) == [("A", 2)]
    idle = replace(loaded, modules=(module("A", "x1", mode(hours=0, duration=2)),))
    assert steps(idle) == [("A", 0)]


def test_runs_windows_and_deadlines() -> None:
    # Of runs at 1 and 3 the first; a window from 2; a deadline of 2 leaves no room for it.
    scenario = tiny(module("A", "x1"), goals=(goal("x1"),))
    runs = (Run("late", "A", "day", 3), Run("full", "A", "day", 0, 0), Run("soon", "A", "day", 1))
    assert answer(replace(scenario, runs=runs)).plan_signature == (("A", "day", "soon", 1),)
    window = replace(scenario, windows=(Window("A", "day", 2, 4),))
    assert steps(window) == [("A", 2)]
    hurried = replace(window, teachers=(replace(window.teachers[0], deadline=2),))
    assert answer(hurried).status is Status.INFEASIBLE


def test_instant_modules_chain_in_one_moment() -> None:
    # Without hours and duration: x@1, then x@2 in the same instant 0.
    instant = mode(hours=0, duration=0)
    scenario = tiny(module("B", "x2", instant), module("A", "x1", instant), goals=(goal("x2"),))
    assert values(scenario) == [0, 0, 0, 0]
    assert steps(scenario) == [("A", 0), ("B", 0)]
    # In a circle they still found nothing.
    circle = tiny(
        module("A", "x1", instant, entry=Entry((node("y1"),))),
        module("B", "y1", instant, entry=Entry((node("x1"),))),
        goals=(goal("x1"),),
    )
    assert answer(circle).status is Status.INFEASIBLE


def test_money_is_split_over_funds() -> None:
    # 15 + 15; the state pays at most 2/3 of each (10) and 15 in all, the employer 15: 30. With
    # 14 from the employer one unit is missing.
    modules = (module("A", "x1", mode(price=15)), module("B", "y1", mode(price=15)))
    goals = (goal("x1"), goal("y1"))
    state = Fund("state", ceiling=15, share=Share(2, 3))
    enough = tiny(*modules, goals=goals, funds=(state, Fund("employer", budget=15)))
    assert values(enough) == [0, 1, 8, 30]
    short = replace(enough, funds=(state, Fund("employer", budget=14)))
    assert answer(short).status is Status.INFEASIBLE
    # The state's share bounds each step: alone it pays 10 of 15, however rich.
    alone = replace(enough, funds=(Fund("state", share=Share(2, 3)),))
    assert answer(alone).status is Status.INFEASIBLE
    assert answer(replace(enough, funds=())).status is Status.INFEASIBLE


def test_resources_are_counted_by_period_or_once() -> None:
    # One place in the laboratory: one after the other. One voucher: only one of them at all.
    lab = mode(resources=(ResourceUse("r", 1),))
    scenario = tiny(module("A", "x1", lab), module("B", "y1", lab), goals=(goal("x1"), goal("y1")))
    place = Resource("r", ResourceKind.RENEWABLE, ResourceScope.SHARED, 1)
    assert values(replace(scenario, resources=(place,))) == [0, 2, 8, 0]
    voucher = replace(place, kind=ResourceKind.NON_RENEWABLE)
    assert answer(replace(scenario, resources=(voucher,))).status is Status.INFEASIBLE


def test_rules_of_every_kind() -> None:
    # A teaches x@1 by day (4 h) or from afar (5 h); B and C are electives of 4 h.
    base = tiny(
        module("A", "x1", mode(), mode("net", hours=5, form="distance")),
        module("B", "y1"),
        module("C", "z1"),
        goals=(goal("x1"),),
    )
    afar = Selector(forms=("distance",))
    b, c = Selector(modules=("B",)), Selector(modules=("C",))

    def under(*bodies: RuleBody) -> Scenario:
        return replace(base, standard=standard(*bodies))

    assert steps(base) == [("A", 0)]
    assert steps(under(RequiredRule(("C",), ()))) == [("A", 0), ("C", 0)]
    assert steps(under(RequiredRule((), (node("y1"),)))) == [("A", 0), ("B", 0)]
    assert steps(under(AmountRule(Measure.HOURS, least=9))) == [("A", 0), ("B", 0)]
    assert values(under(AmountRule(Measure.HOURS, most=3))) is None
    # Half of the hours from afar: 5 of 5 rather than 0 of 4.
    assert values(under(ShareRule(Measure.HOURS, afar, Share(1, 2)))) == [0, 1, 5, 0]
    # At most half by day: B from afar does not exist, so again A from afar.
    by_day = Selector(forms=("full-time",))
    assert values(under(ShareRule(Measure.HOURS, by_day, None, Share(1, 2)))) == [0, 1, 5, 0]
    both = RequiredRule(("B", "C"), ())
    assert steps(under(both, OrderRule(c, b))) == [("A", 0), ("B", 1), ("C", 0)]
    everything = OrderRule(Selector(), Selector())
    assert values(under(both, everything)) is None
    assert values(under(both, ExclusionRule(Selector(modules=("B", "C"))))) is None
    assert len(steps(under(AtLeastRule(3, Selector())))) == 3
    assert steps(under(AtLeastRule(1, c))) == [("A", 0), ("C", 0)]


def test_exclusion_replacement_and_invariant_modules() -> None:
    # A and B exclude each other although only B says so; R counts for the mandatory I.
    goals = (goal("x1"), goal("y1"))
    exclusive = tiny(module("A", "x1"), module("B", "y1", excludes=("A",)), goals=goals)
    assert answer(exclusive).status is Status.INFEASIBLE
    invariant = module("I", "z1", mode(hours=9), invariant=True)
    scenario = tiny(module("A", "x1"), invariant, goals=(goal("x1"),), hours=20)
    assert steps(scenario) == [("A", 0), ("I", 0)]
    replaced = replace(scenario, modules=(*scenario.modules, module("R", "z1", replaces=("I",))))
    assert steps(replaced) == [("A", 0), ("R", 0)]
    done = replace(scenario, teachers=(replace(scenario.teachers[0], completed=("I",)),))
    assert steps(done) == [("A", 0)]
    formed = replace(scenario.teachers[0], measurements=(Measurement("Sub[z]", 1),))
    assert len(steps(replace(scenario, teachers=(formed,)))) == 2
    exempt = replace(invariant, exempt_if_formed=True)
    waived = replace(scenario, teachers=(formed,), modules=(scenario.modules[0], exempt))
    assert steps(waived) == [("A", 0)]


def test_explicit_entry_on_a_module_or_its_replacement() -> None:
    # B waits for A to end, or for R, which replaces A and is shorter.
    later = module("B", "y1", entry=Entry((), ("A",)))
    slow = module("A", "x1", mode(duration=3))
    scenario = tiny(slow, later, goals=(goal("y1"),))
    assert steps(scenario) == [("A", 0), ("B", 3)]
    quick = replace(scenario, modules=(slow, later, module("R", "z1", replaces=("A",))))
    assert steps(quick) == [("B", 1), ("R", 0)]
    done = replace(scenario, teachers=(replace(scenario.teachers[0], completed=("A",)),))
    assert steps(done) == [("B", 0)]


def test_tasks_and_the_path_a_person_has_chosen() -> None:
    # PT is solved by x@1 or by y@1; x costs 4 hours, y 6. The decision takes y.
    task = PedagogicalTask(
        "PT", "PT", (TaskPath("short", (node("x1"),)), TaskPath("long", (node("y1"),)))
    )
    scenario = tiny(
        module("A", "x1"),
        module("B", "y1", mode(hours=6)),
        goals=(Goal(task="PT"),),
        model={"tasks": (task,)},
    )
    assert steps(scenario) == [("A", 0)]
    chosen = Decision("T", DecisionKind.PATH, "PT", "long")
    assert steps(replace(scenario, decisions=(chosen,))) == [("B", 0)]


def test_decisions_are_honoured_or_nothing_is() -> None:
    scenario = tiny(
        module("A", "x1", mode(), mode("eve", hours=6)), module("B", "x1"), goals=(goal("x1"),)
    )

    def pinned(kind: DecisionKind, subject: str, value: str = "", period: int | None = None):
        return replace(scenario, decisions=(Decision("T", kind, subject, value, period),))

    assert steps(scenario) == [("A", 0)]
    assert steps(pinned(DecisionKind.FORBID, "A")) == [("B", 0)]
    assert steps(pinned(DecisionKind.TAKE, "B")) == [("B", 0)]
    assert values(pinned(DecisionKind.MODE, "A", "eve")) == [0, 1, 6, 0]
    assert steps(pinned(DecisionKind.START, "B", period=2)) == [("B", 2)]
    assert values(pinned(DecisionKind.RUN, "A", "none")) is None


def test_soft_goals_are_weighed_and_the_order_of_objectives_counts() -> None:
    # Both goals cannot be met in 4 hours of the one period: keep the weight 3, lose the 2.
    scenario = tiny(
        module("A", "x1"),
        module("B", "y1"),
        goals=(goal("x1", weight=2), goal("y1", weight=3)),
        horizon=1,
        hours=4,
    )
    assert values(scenario) == [2, 1, 4, 0]
    assert steps(scenario) == [("B", 0)]
    # Hours first: nothing is studied at all.
    order = (ObjectiveSpec(ObjectiveName.STUDY_HOURS), ObjectiveSpec(ObjectiveName.UNMET_GOALS))
    assert values(replace(scenario, objectives=order)) == [0, 5]


def test_a_tolerance_lets_a_later_objective_gain() -> None:
    # Side by side: completion 1, peak 8. One period later is tolerated: peak 4.
    order = (ObjectiveSpec(ObjectiveName.COMPLETION, 1), ObjectiveSpec(ObjectiveName.PEAK_LOAD))
    scenario = tiny(
        module("A", "x1"), module("B", "y1"), goals=(goal("x1"), goal("y1")), objectives=order
    )
    assert values(scenario) == [2, 4]
    assert answer(scenario).best == {"completion": 1, "peak_load": 4}


def test_ties_end_with_one_plan() -> None:
    # C alone or A with B give the same objectives without hours: one module is fewer. Of the
    # twins C and D the id decides, of the twin modes the one named first.
    free = mode(hours=0)
    scenario = tiny(
        module("D", "x1 y1", mode("b", 0), mode("a", 0)),
        module("C", "x1 y1", mode("b", 0), mode("a", 0)),
        module("A", "x1", free),
        module("B", "y1", free),
        goals=(goal("x1"), goal("y1")),
    )
    assert answer(scenario).plan_signature == (("C", "b", None, 0),)


def test_languages_and_technologies_close_a_mode() -> None:
    # The day mode is in a language that the teacher does not study in; the other one needs a
    # laboratory, which matters only if something is said of the teacher's technologies.
    modes = (mode(language="kk"), mode("lab", hours=6, technologies=("lab",)))
    scenario = tiny(module("A", "x1", *modes), goals=(goal("x1"),), teacher={"languages": ("ru",)})
    assert values(scenario) == [0, 1, 6, 0]
    without = replace(scenario.teachers[0], technologies=())
    assert values(replace(scenario, teachers=(without,))) is None
