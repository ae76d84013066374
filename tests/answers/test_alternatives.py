"""Alternatives really differ, are within the tolerance, and are the best of what is left."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest
from oracle.fronts import Listed, every_plan, keys_of
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from trajectory_engine.domain.answers import Difference, Tolerance
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName

ROOT = Path(__file__).parents[2]
TOLERANCES = (
    Tolerance(None, 0),
    Tolerance(None, 50, per_cent=True),
    Tolerance(None, 6),
    Tolerance(None, 100),
    Tolerance(None, 1000),
)
SHARE, FULL = range(4000, 4160), range(4160, 4700)


def shipped(name: str) -> te.Scenario:
    return te.load_scenario(ROOT / "scenarios" / name)


def signature(plan: te.TeacherPlan) -> tuple[tuple[str, str, int], ...]:
    return tuple(sorted((s.module, s.mode, s.start) for s in plan.steps))


def check_seed(seed: int) -> int:
    """Hold the alternatives of a random problem to brute force; return how many there are."""
    scenario = scenario_of_seed(seed)
    plans = every_plan(scenario, TEACHER)
    if not plans or any(s.tolerance for s in scenario.objectives):
        return 0
    rng = Random(seed)
    kind, least = rng.choice(list(Difference)), rng.choice((1, 1, 2))
    answer = te.alternatives(
        scenario,
        TEACHER,
        count=3,
        within=[rng.choice(TOLERANCES)],
        difference=kind,
        least=least,
    )
    by_signature = {p.signature: p for p in plans}
    names = [s.name for s in scenario.objectives]
    within = [p for p in plans if all(p.values[x.objective] <= x.most for x in answer.limits)]
    earlier: list[Listed] = [by_signature[signature(answer.optimum)]]
    while len(earlier) <= 3:
        left = [p for p in within if all(absent(e, p, kind) >= least for e in earlier)]
        if not left:
            assert answer.exhausted
            assert len(answer.alternatives) == len(earlier) - 1
            break
        found = answer.alternatives[len(earlier) - 1]
        mine = by_signature[signature(found.plan)]
        best = min([p.values[n] for n in names] for p in left)
        fewest = min(len(p.offers) for p in left if [p.values[n] for n in names] == best)
        assert mine in left
        assert [mine.values[n] for n in names] == best
        assert len(mine.offers) == fewest, "a module that is of no use"
        assert found.plan.status is Status.OPTIMAL
        assert found.differences == tuple(absent(e, mine, kind) for e in earlier)
        earlier.append(mine)
    return len(answer.alternatives)


def absent(earlier: Listed, later: Listed, kind: Difference) -> int:
    return len(keys_of(earlier, kind.value) - keys_of(later, kind.value))


def test_alternatives_equal_brute_force(capsys: pytest.CaptureFixture[str]) -> None:
    counts = [check_seed(seed) for seed in SHARE]
    with capsys.disabled():
        sys.stdout.write(f"\nalternatives: {sum(counts)} of {len(counts)} random problems\n")
    assert sum(counts) >= len(counts) // 12


@pytest.mark.deep
def test_alternatives_equal_brute_force_on_all() -> None:
    counts = [check_seed(seed) for seed in FULL]
    assert sum(counts) >= len(counts) // 12


def test_five_alternatives_of_a_teacher() -> None:
    answer = te.alternatives(
        shipped("it-teachers"),
        "T006",
        within=[Tolerance(None, 50, per_cent=True), Tolerance(ObjectiveName.UNMET_GOALS, 0)],
    )
    assert answer.status is Status.OPTIMAL
    assert len(answer.alternatives) == 5
    values = [[o.value for o in plan.objectives] for plan in answer.plans]
    assert values == sorted(values), "best first"
    modules = [{s.module for s in plan.steps} for plan in answer.plans]
    for i, taken in enumerate(modules):
        assert all(earlier - taken for earlier in modules[:i])
    rows = answer.table()
    assert {r.module for r in rows} == set().union(*modules)
    assert all(len(r.steps) == 6 for r in rows)


def test_no_alternative_differs_by_more_modules_than_there_are() -> None:
    answer = te.alternatives(shipped("tiny"), "A", least=50)
    assert answer.alternatives == ()
    assert answer.exhausted


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"least": 0},
        {"difference": "colour"},
        {"within": [Tolerance(None, -1)]},
        {"within": [Tolerance(None, 1), Tolerance(None, 2)]},
        {"within": [Tolerance(ObjectiveName.PEAK_LOAD, 1)]},
    ],
)
def test_wrong_wishes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        te.alternatives(shipped("tiny"), "A", **wrong)  # type: ignore[arg-type]
