"""Contradictions on their face, versions of rules, and what is only warned of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from oracle.brute_force import optimum
from oracle.standards import KINDS, Writer
from oracle.strategies import TEACHER, scenario_of_seed
from oracle.tiny import goal, mode, module, tiny

from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.people import CompletionRecord, Recognition
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import Scenario, default_objectives
from trajectory_engine.domain.standard import (
    Accreditation,
    AccreditedRule,
    AmountRule,
    AtLeastRule,
    AtMostRule,
    ExclusionRule,
    Measure,
    OrderRule,
    Qualification,
    RenewalRule,
    RequiredRule,
    Rule,
    RuleBody,
    Selector,
    ShareRule,
    SizeRule,
    Standard,
    Stretch,
    TimeScope,
)
from trajectory_engine.domain.waivers import Substitution, Waiver
from trajectory_engine.validation import validate, warn
from trajectory_engine.validation.contradictions import find_contradictions

ALL = Selector()
A, B, GROUP = Selector(modules=("A",)), Selector(modules=("B",)), Selector(groups=("g",))
YEAR, TERM = TimeScope(Stretch.YEAR), TimeScope(Stretch.TERM)
LATE = date(2030, 1, 1)


def scenario(*bodies: RuleBody, **changes: object) -> Scenario:
    """Return three modules, A and B of a group, with the rules R0, R1, ... in force."""
    modules = (
        module("A", "x1", group="g"),
        module("B", "y1", group="g", excludes=("C",)),
        module("C", "z1", mode("day"), mode("net", form="distance")),
    )
    rules = tuple(Rule(f"R{i}", "", body, "act") for i, body in enumerate(bodies))
    facts = tiny(*modules, goals=(goal("x1", 1),), standard=Standard("s", "s", rules))
    return replace(facts, **changes)


def required(*modules: str) -> RequiredRule:
    """Return a rule that requires modules."""
    return RequiredRule(tuple(modules))


CLASHES: dict[str, tuple[RuleBody, ...]] = {
    "least above most": (
        AmountRule(Measure.HOURS, least=9),
        AmountRule(Measure.HOURS, most=8),
    ),
    "in a narrower scope": (
        AmountRule(Measure.HOURS, least=8, scope=Selector(groups=("g",), forms=("full-time",))),
        AmountRule(Measure.HOURS, most=7, scope=GROUP),
    ),
    "contact hours are hours": (
        AmountRule(Measure.CONTACT_HOURS, least=9),
        AmountRule(Measure.HOURS, most=8),
    ),
    "in every year more than in all": (
        AmountRule(Measure.HOURS, least=9, time=YEAR),
        AmountRule(Measure.HOURS, most=8),
    ),
    "two of at most one": (AtLeastRule(2, GROUP), ExclusionRule(ALL)),
    "modules by amount and by count": (
        AmountRule(Measure.MODULES, least=2, scope=GROUP),
        AtMostRule(1, ALL),
    ),
    "more than there are": (AtLeastRule(3, GROUP),),
    "required and forbidden": (required("A"), AtMostRule(0, GROUP)),
    "both required, one allowed": (required("A"), required("B"), ExclusionRule(GROUP)),
    "required modules exclude each other": (required("B"), required("C")),
    "required, and too large": (required("A"), SizeRule(Measure.HOURS, most=3)),
    "required, and too small": (required("A"), SizeRule(Measure.HOURS, least=5)),
    "required, and larger than its group may be": (
        required("A"),
        SizeRule(Measure.HOURS, most=3, each=Qualification.GROUP),
    ),
    "required at a provider that is not accredited": (
        required("A"),
        AccreditedRule((Accreditation("college"),)),
    ),
    "required in a form of which there may be nothing": (
        required("A"),
        ShareRule(Measure.HOURS, Selector(forms=("full-time",)), most=Share(0, 1)),
    ),
    "required in another form than all": (
        required("A"),
        ShareRule(Measure.HOURS, Selector(forms=("distance",)), least=Share(1, 1)),
    ),
    "required modules are more than the hours": (
        required("A", "C"),
        AmountRule(Measure.HOURS, most=7),
    ),
    "one required module is more than the hours of a year": (
        required("A"),
        AmountRule(Measure.HOURS, most=3, time=YEAR),
    ),
    "more hours than there are": (AmountRule(Measure.HOURS, least=9, scope=GROUP),),
    "more modules by amount than there are": (AmountRule(Measure.MODULES, least=4),),
    "order in a circle": (required("A", "B"), OrderRule(A, B), OrderRule(B, A)),
}

PEACE: dict[str, tuple[RuleBody, ...]] = {
    "least up to most": (
        AmountRule(Measure.HOURS, least=8),
        AmountRule(Measure.HOURS, most=8),
    ),
    "another measure": (
        AmountRule(Measure.MODULES, least=3),
        AmountRule(Measure.HOURS, most=2),
    ),
    "a wider scope": (
        AmountRule(Measure.HOURS, least=9),
        AmountRule(Measure.HOURS, most=8, scope=GROUP),
    ),
    "in all more than in each year": (
        AmountRule(Measure.HOURS, least=9),
        AmountRule(Measure.HOURS, most=8, time=YEAR),
    ),
    "forbidden in one mode only": (
        required("C"),
        AtMostRule(0, Selector(modules=("C",), forms=("distance",))),
    ),
    "too large in one mode only": (
        required("C"),
        SizeRule(Measure.HOURS, most=0, scope=Selector(forms=("distance",))),
    ),
    "a group that others make large enough": (
        required("A"),
        SizeRule(Measure.HOURS, least=5, each=Qualification.GROUP),
    ),
    "a group is nothing to a module without one": (
        required("C"),
        SizeRule(Measure.HOURS, most=1, each=Qualification.GROUP),
    ),
    "accredited with a mode elsewhere": (
        required("C"),
        AccreditedRule((Accreditation("college"),), Selector(forms=("distance",))),
    ),
    "as many hours as are required": (
        required("A", "C"),
        AmountRule(Measure.HOURS, most=8),
    ),
    "two required in years of their own": (
        required("A", "B"),
        AmountRule(Measure.HOURS, most=4, time=YEAR),
    ),
    "as many hours as there are": (AmountRule(Measure.HOURS, least=8, scope=GROUP),),
    "forbidden in terms only": (required("A"), AtMostRule(0, GROUP, TERM)),
    "order in a circle, nothing required": (OrderRule(A, B), OrderRule(B, A)),
    "order without a circle": (required("A", "B"), OrderRule(A, B)),
}


@pytest.mark.parametrize("name", CLASHES)
def test_contradiction_names_its_rules(name: str) -> None:
    facts = scenario(*CLASHES[name])
    found = find_contradictions(facts)
    rules = {f"R{i}" for i in range(len(CLASHES[name]))}
    assert [set(c.rules) for c in found] == [rules]
    assert all(rule in found[0].fault.found for rule in rules)
    assert [p.code for p in validate(facts)] == ["rules_contradict"]
    assert optimum(facts, TEACHER).status is Status.INFEASIBLE


@pytest.mark.parametrize("name", PEACE)
def test_what_can_be_kept_together_is_no_contradiction(name: str) -> None:
    assert find_contradictions(scenario(*PEACE[name])) == []


def test_soft_waived_ended_and_satisfied_rules_contradict_nothing() -> None:
    facts = scenario(required("A"), AtMostRule(0, GROUP))
    first, second = facts.standard.rules
    for other in (replace(second, hard=False), replace(second, valid_to=date(2020, 1, 1))):
        standard = Standard("s", "s", (first, other))
        assert find_contradictions(replace(facts, standard=standard)) == []
    waiver = Waiver("*", "R1", "why", "dean", LATE)
    assert find_contradictions(replace(facts, waivers=(waiver,))) == []
    for_one = replace(facts, waivers=(replace(waiver, teacher="T"),))
    assert find_contradictions(for_one) == []
    with_other = replace(for_one, teachers=(facts.teachers[0], replace(facts.teachers[0], id="U")))
    (left,) = find_contradictions(with_other)
    assert left.fault.found.endswith("(no waiver for teacher U)")
    each_of_one = (*for_one.waivers, replace(waiver, teacher="U", rule="R0"))
    assert find_contradictions(replace(with_other, waivers=each_of_one)) == []
    expired = replace(waiver, until=date(2000, 1, 1))
    assert len(find_contradictions(replace(facts, waivers=(expired,)))) == 1
    granted = Substitution("T", "C", "A", "why", "dean", LATE)
    assert find_contradictions(replace(facts, substitutions=(granted,))) == []
    done = replace(facts.teachers[0], completed=("A",))
    assert find_contradictions(replace(facts, teachers=(done,))) == []


def test_random_contradictions_have_no_plan() -> None:
    found = 0
    kinds = ("required", "amount", "order", "exclusion", "at_least", "at_most")
    for seed in range(150):
        rng, base = Random(seed), scenario_of_seed(950_000 + seed)
        writer = Writer(rng, base)
        bodies = [KINDS[rng.choice(kinds)](writer) for _ in range(8)]
        rules = tuple(Rule(f"R{i}", "", body) for i, body in enumerate(bodies))
        facts = replace(base, standard=Standard("s", "s", rules))
        if find_contradictions(facts):
            found += 1
            assert optimum(facts, TEACHER).status is Status.INFEASIBLE, seed
    assert found >= 10


def codes(facts: Scenario) -> list[str]:
    """Return the codes of the warnings."""
    return [p.code for p in warn(facts)]


def test_oddities_are_warned_of() -> None:
    sound = scenario(AtMostRule(2, ALL), RenewalRule())
    assert codes(sound) == []
    (rule, _) = sound.standard.rules
    past = date(2026, 12, 31)
    for changes, code in (
        ({"citation": " "}, "no_citation"),
        ({"valid_to": past}, "rule_ended"),
    ):
        standard = Standard("s", "s", (replace(rule, **changes), sound.standard.rules[1]))  # type: ignore[arg-type]
        assert codes(replace(sound, standard=standard)) == [code]
    waiver = Waiver("T", "R0", "why", "dean", past)
    assert codes(replace(sound, waivers=(waiver,))) == ["waiver_expired"]
    granted = Substitution("T", "A", "B", "why", "dean", past)
    assert codes(replace(sound, substitutions=(granted,))) == ["substitution_expired"]
    card = CompletionRecord("card", hours=1, expires=date(2027, 1, 20))
    teacher = replace(sound.teachers[0], records=(card,))
    assert codes(replace(sound, teachers=(teacher,))) == ["nothing_renews"]
    soft = Standard("s", "s", (replace(rule, hard=False),))
    unlisted = replace(sound, standard=soft)
    assert codes(unlisted) == ["soft_rules_unlisted"]
    assert codes(replace(unlisted, objectives=default_objectives(soft))) == []


def test_a_warning_stops_nothing() -> None:
    facts = scenario(AtMostRule(2, ALL), waivers=(Waiver("T", "R0", "w", "d", date(2026, 1, 1)),))
    assert validate(facts) == ()


def test_a_rule_that_covers_nothing_and_a_standard_without_rules_are_warned_of() -> None:
    nobody = AtMostRule(1, Selector(modules=("A",), forms=("distance",)))
    found = [(w.code, w.column) for w in warn(scenario(nobody, AtMostRule(1, GROUP)))]
    assert found == [("rule_covers_nothing", "standard.rules[R0].body.scope")]
    empty = scenario(standard=Standard("s", "s", ()))
    assert [w.code for w in warn(empty)] == ["no_rules"]
    assert not warn(scenario(standard=Standard()))


def test_words_of_a_teacher_that_no_module_uses_are_warned_of() -> None:
    """The catalogue has one mode in kk and one that needs lms."""
    modules = (
        module("A", "x1", mode("day", language="kk"), mode("net", technologies=("lms",))),
        module("B", "y1"),
    )
    person = {"languages": ("kk", "kz"), "technologies": ("lms", "lsm")}
    facts = tiny(*modules, goals=(goal("x1", 1),), teacher=person)
    assert [(w.code, w.column, w.expected) for w in warn(facts)] == [
        ("unused_word", "teachers[T].languages[1]", "one of kk"),
        ("unused_word", "teachers[T].technologies[1]", "one of lms"),
    ]


def test_a_recognised_level_that_does_not_exist_is_warned_of() -> None:
    facts = tiny(
        module("A", "x1"),
        goals=(goal("x1"),),
        levels=(1, 3),
        teacher={"recognised": (Recognition("Sub[y]", 2), Recognition("Sub[y]", 3))},
    )
    assert [(w.code, w.column) for w in warn(facts)] == [
        ("level_rounded", "teachers[T].recognised[0].level")
    ]


def test_what_has_no_effect_is_warned_of() -> None:
    facts = scenario(
        AccreditedRule((Accreditation("nobody"),)),
        RenewalRule(("CARD",), by=ALL),
        AtMostRule(1, GROUP),
        funds=(Fund("state"), Fund("city", share=Share(0, 1))),
    )
    rules = facts.standard.rules
    rules = (*rules[:2], replace(rules[2], weight=3))
    waiver = Waiver("T", "R2", "why", "dean", LATE)
    facts = replace(facts, standard=replace(facts.standard, rules=rules), waivers=(waiver,) * 2)
    assert validate(facts) == ()
    assert [(w.code, w.column) for w in warn(facts)] == [
        ("unused_word", "standard.rules[R0].body.providers"),
        ("unused_word", "standard.rules[R1].body.records[0]"),
        ("weight_of_hard_rule", "standard.rules[R2].weight"),
        ("pays_nothing", "funds[city].share"),
        ("twice", "waivers[1]"),
    ]


def test_the_month_of_a_year_without_years_is_warned_of() -> None:
    september = [TimeScope(per, year_starts=9) for per in (Stretch.PLAN, Stretch.YEAR)]
    facts = scenario(*(AtMostRule(3, ALL, time) for time in september))
    assert [(p.code, p.column) for p in warn(facts)] == [
        ("no_years", "standard.rules[R0].body.time.year_starts")
    ]
