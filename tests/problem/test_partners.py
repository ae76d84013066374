"""Relations between modules in the arrays: closure, earliest instants, reasons, judgement."""

from __future__ import annotations

from dataclasses import replace

from oracle.tiny import goal, mode, module, tiny

import trajectory_engine as te
from problem.cases import problem_of
from trajectory_engine.checks import Code
from trajectory_engine.domain.catalogue import Entry
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec
from trajectory_engine.problem.heads import compute_heads

X = (goal("x1"),)
A = module("A", "x1")


def starts(scenario: te.Scenario) -> dict[str, int]:
    """Return the starts of the plan by module, judged."""
    result = te.plan(scenario, workers=1)
    assert te.verify(scenario, result) == []
    return {step.module: step.start for step in result.plan_of("T").steps}


def test_what_must_be_taken_beside_a_module_is_taken() -> None:
    assert starts(tiny(A, module("B", "y1"), goals=X)) == {"A": 0}
    assert starts(tiny(replace(A, co=("B",)), module("B", "y1"), goals=X)) == {"A": 0, "B": 0}


def test_a_module_waits_for_the_end_of_its_co() -> None:
    # B takes weeks 0 to 2; A, one week long, must not end before the end of week 2
    long = module("B", "y1", mode(hours=6, duration=3))
    assert starts(tiny(replace(A, co=("B",)), long, goals=X)) == {"A": 2, "B": 0}


def test_what_starts_together_waits_for_the_later_entry() -> None:
    # B needs z1, which C teaches in week 0; A could start in week 0 but for B
    needs_z = module("B", "y1", entry=entry("z1"))
    found = starts(tiny(replace(A, strict_co=("B",)), needs_z, module("C", "z1"), goals=X))
    assert found == {"A": 1, "B": 1, "C": 0}


def entry(text: str) -> Entry:
    """Return the entry condition of one node."""
    return Entry((goal(text).node,))


def test_what_replaces_the_partner_satisfies_the_relation() -> None:
    dear = module("B", "y1", mode(hours=8))
    other = module("C", "z1", mode(hours=2), replaces=("B",))
    assert starts(tiny(replace(A, strict_co=("B",)), dear, other, goals=X)) == {"A": 0, "C": 0}


def test_a_completed_partner_satisfies_the_relation() -> None:
    scenario = tiny(
        replace(A, strict_co=("B",)),
        module("B", "y1"),
        goals=X,
        teacher={"completed": ("B",)},
    )
    assert starts(scenario) == {"A": 0}


def test_a_module_whose_partner_is_not_open_is_named() -> None:
    closed = module("B", "y1", mode(language="kk"))
    scenario = tiny(replace(A, co=("B",)), closed, goals=X, teacher={"languages": ("ru",)})
    plan = te.plan(scenario, workers=1).plan_of("T")
    assert plan.status is Status.INFEASIBLE
    message = next(m for m in plan.reasons if m.code == "without_partner")
    assert dict(message.parameters) == {"module": "A", "partners": "B"}


def test_a_circle_of_partners_can_be_entered() -> None:
    both = replace(A, strict_co=("B",)), module("B", "y1", strict_co=("A",))
    assert starts(tiny(*both, goals=X)) == {"A": 0, "B": 0}


def test_relations_raise_the_earliest_instants() -> None:
    # B needs 3 weeks; A (1 week) ends no earlier, so it starts in 2; C waits for A and starts in 3
    long = module("B", "y1", mode(hours=6, duration=3))
    last = module("C", "z1", entry=entry("x1"))
    problem = problem_of(tiny(replace(A, co=("B",)), long, last, goals=(goal("z1"),)))
    heads = compute_heads(problem)
    assert dict(zip([m.id for m in problem.modules], heads.entry, strict=True)) == {
        "A": 2,
        "B": 0,
        "C": 3,
    }


def test_the_judge_objects_to_a_partner_that_ends_too_late_or_starts_elsewhere() -> None:
    scenario = tiny(
        replace(A, co=("B",)),
        module("B", "y1", strict_co=("C",)),
        module("C", "z1"),
        goals=X,
        hours=20,
        objectives=(ObjectiveSpec(ObjectiveName.COMPLETION),),
    )
    result = te.plan(scenario, workers=1)
    plan = result.plan_of("T")
    assert te.verify(scenario, result) == []
    for module_id, code in (("B", {Code.CO, Code.STRICT_CO}), ("C", {Code.STRICT_CO})):
        moved = tuple(
            replace(s, start=s.start + 1, end=s.end + 1) if s.module == module_id else s
            for s in plan.steps
        )
        changed = replace(result, teachers=(replace(plan, steps=moved),))
        found = {v.rule for v in te.verify(scenario, changed)}
        assert {str(c) for c in code} <= found
    left = replace(plan, steps=tuple(s for s in plan.steps if s.module == "A"))
    found = {v.rule for v in te.verify(scenario, replace(result, teachers=(left,)))}
    assert str(Code.CO) in found


def test_the_reason_of_a_partner_is_the_module_beside_it() -> None:
    scenario = tiny(replace(A, strict_co=("B",)), module("B", "y1"), goals=X)
    because = {s.module: s.because for s in te.plan(scenario, workers=1).plan_of("T").steps}
    assert because == {"A": ("goal:Sub[x]@1",), "B": ("co:A",)}
    reasons = te.why(scenario, "T", "B")
    assert [(c.modules, c.purpose) for c in reasons.steps[0].chains] == [
        (("B", "A"), "goal:Sub[x]@1")
    ]
    assert reasons.steps[0].without.status is Status.INFEASIBLE
