"""Scenarios built in memory are held to the same invariants; problems name objects by id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.catalogue import Mode, Module, ResourceUse, Run
from trajectory_engine.domain.competence import Component, NodeRef, SubjectCompetence
from trajectory_engine.domain.formation import FormationRule, LevelThresholds
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.people import Decision, DecisionKind, Goal, Teacher
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import CompetenceModel, Scenario
from trajectory_engine.domain.standard import AtLeastRule, Rule, Selector, Standard
from trajectory_engine.validation import validate

X1, X2, Y1 = NodeRef("Sub[x]", 1), NodeRef("Sub[x]", 2), NodeRef("Sub[y]", 1)
MODE = Mode("m", "distance", 10, 0, 0, 2, 100, 5)
SOUND = Scenario(
    id="s",
    name="s",
    model=CompetenceModel(
        id="m",
        name="m",
        subject=(SubjectCompetence("x", "x", (1, 2)), SubjectCompetence("y", "y", (1,))),
        pedagogical=(),
        social=(),
        professional=(),
        formation=FormationRule.weakest_link(),
        prerequisites=(Requirement(Y1, (X1,), 1),),
    ),
    modules=(
        Module("A", "A", Component.SUBJECT, (X1, X2), (MODE,)),
        Module("B", "B", Component.SUBJECT, (Y1,), (MODE,), excludes=("A",)),
    ),
    calendar=Calendar.weeks(date(2027, 1, 4), 6),
    teachers=(Teacher("T", (5,) * 6, goals=(Goal(X1),)),),
)


def test_sound_scenario_has_no_problem() -> None:
    assert validate(SOUND) == ()


def _module(**changes: object) -> Callable[[Scenario], Scenario]:
    return lambda s: replace(s, modules=(replace(s.modules[0], **changes), s.modules[1]))


def _mode(**changes: object) -> Callable[[Scenario], Scenario]:
    return _module(modes=(replace(MODE, **changes),))


def _teacher(**changes: object) -> Callable[[Scenario], Scenario]:
    return lambda s: replace(s, teachers=(replace(s.teachers[0], **changes),))


def _model(**changes: object) -> Callable[[Scenario], Scenario]:
    return lambda s: replace(s, model=replace(s.model, **changes))


def _with(**changes: object) -> Callable[[Scenario], Scenario]:
    return lambda s: replace(s, **changes)


def _falling() -> FormationRule:
    return FormationRule(tuple(LevelThresholds(5 - i, i) for i in range(5)))


BROKEN = [
    (_module(teaches=()), "teaches_nothing", "modules[A].teaches"),
    (_module(teaches=(X1, X1)), "duplicate_node", "modules[A].teaches[1]"),
    (_module(teaches=(NodeRef("Sub[x]", 3),)), "unknown_level", "modules[A].teaches[0]"),
    (_module(modes=()), "no_mode", "modules[A].modes"),
    (_module(id="B", excludes=()), "duplicate_id", "modules[B].id"),
    (_module(excludes=("Z",)), "unknown_id", "modules[A].excludes[0]"),
    (_module(replaces=("A",)), "itself", "modules[A].replaces"),
    (_module(id="none"), "identifier", "modules[none].id"),
    (_mode(price=-1), "out_of_range", "modules[A].modes[m].price"),
    (_mode(price=1.5), "out_of_range", "modules[A].modes[m].price"),
    (_mode(duration=0), "duration", "modules[A].modes[m].duration"),
    (_mode(profile=(4, 5)), "profile", "modules[A].modes[m].profile"),
    (_mode(profile=(12, -2)), "profile", "modules[A].modes[m].profile"),
    (_mode(form="remote"), "one_of", "modules[A].modes[m].form"),
    (_mode(resources=(ResourceUse("lab", 1),)), "unknown_id", "modules[A].modes[m].resources[0]"),
    (_teacher(hours=(5,)), "hours", "teachers[T].hours"),
    (_teacher(hours=(5,) * 5 + (-1,)), "hours", "teachers[T].hours"),
    (_teacher(goals=()), "no_goal", "teachers[T].profile"),
    (_teacher(goals=(Goal(X1), Goal(X1))), "duplicate_goal", "teachers[T].goals[1].node"),
    (_teacher(goals=(Goal(X1, "PT"),)), "one_goal", "teachers[T].goals[0]"),
    (_teacher(deadline=7), "off_calendar", "teachers[T].deadline"),
    (_teacher(blocked=(6,)), "off_calendar", "teachers[T].blocked"),
    (_teacher(id="*"), "identifier", "teachers[*].id"),
    (_model(formation=_falling()), "formation_not_monotone", "model.formation.thresholds"),
    (
        _model(prerequisites=(Requirement(Y1, (X1,), 2),)),
        "out_of_range",
        "model.prerequisites[0].least",
    ),
    (
        _model(prerequisites=(Requirement(Y1, (X1,), 1), Requirement(X1, (Y1,), 1))),
        "cycle",
        "model.prerequisites[0].needs",
    ),
    (_model(subject=()), "unknown_id", "model.prerequisites[0].node"),
    (_with(teachers=()), "no_teacher", "teachers"),
    (_with(objectives=()), "no_objective", "objectives"),
    (_with(currency="tenge"), "currency", "currency"),
    (_with(calendar=Calendar.weeks(date(2027, 1, 4), 0)), "calendar", "calendar"),
    (_with(runs=(Run("r", "A", "m", 5),)), "off_calendar", "runs[r].start"),
    (_with(runs=(Run("r", "A", "k", 1),)), "unknown_id", "runs[r].mode"),
    (_with(funds=(Fund("f", share=Share(3, 2)),)), "share", "funds[f].share"),
    (_with(funds=(Fund("f", groups=("g",)),)), "unknown_id", "funds[f].groups[0]"),
    (
        _with(decisions=(Decision("T", DecisionKind.MODE, "A", "k"),)),
        "unknown_id",
        "decisions[0].value",
    ),
    (
        _with(
            decisions=(
                Decision("T", DecisionKind.START, "A", period=1),
                Decision("T", DecisionKind.START, "A", period=2),
            )
        ),
        "contradiction",
        "decisions[1].subject",
    ),
    (
        _with(standard=Standard(rules=(Rule("r", "", AtLeastRule(1, Selector(("Z",)))),))),
        "unknown_id",
        "standard.rules[r].body.scope.modules[0]",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "place"), BROKEN)
def test_broken_invariant_is_named(
    change: Callable[[Scenario], Scenario], code: str, place: str
) -> None:
    problems = validate(change(SOUND))
    assert (code, place) in {(p.code, p.column) for p in problems}
    assert all(p.file == "" and p.row is None for p in problems)


def test_cycle_is_named_by_its_nodes() -> None:
    broken = _model(prerequisites=(Requirement(Y1, (X2,), 1), Requirement(X1, (Y1,), 1)))(SOUND)
    (problem,) = validate(broken)
    for node in ("Sub[x]@1", "Sub[x]@2", "Sub[y]@1"):
        assert node in problem.found


def test_rule_that_is_not_enabled_may_name_what_is_not_there() -> None:
    rule = Rule("r", "", AtLeastRule(1, Selector(("Z",))), enabled=False)
    assert validate(replace(SOUND, standard=Standard(rules=(rule,)))) == ()


def test_every_problem_is_found_at_once() -> None:
    broken = _teacher(goals=())(_mode(price=-1)(_with(currency="x")(SOUND)))
    assert {p.code for p in validate(broken)} == {"no_goal", "out_of_range", "currency"}
