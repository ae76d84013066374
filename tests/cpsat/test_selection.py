"""The choice of modules: sums of any legal size, and effort over all rounds together."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from reduce.cases import mode, module, problem

from trajectory_engine.cpsat.lexicographic import search
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Outcome, Session
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import TeacherProblem
from trajectory_engine.validation.sizes import LARGEST_SUM

PERIODS = 2000


def one_of_two(price: int) -> TeacherProblem:
    """Return a problem of four pairs of modules; all cheap ones can only start together."""
    modules = []
    for i in range(4):
        cheap = mode(hours=3, price=price - 1, starts=(0,))
        dear = mode(hours=3, price=price, starts=tuple(range(PERIODS)))
        modules += [module(f"A{i}", i, modes=(cheap,)), module(f"B{i}", i, modes=(dear,))]
    found = problem(*modules, goals=(0, 1, 2, 3), objectives=(ObjectiveName.COST,))
    return replace(found, deadline=PERIODS, capacity=(5,) * PERIODS)


@pytest.mark.parametrize("price", [10, 10**12, LARGEST_SUM // 8])
def test_prices_of_any_legal_size_are_added_up(price: int) -> None:
    answer = search(one_of_two(price), Session(0, 10.0, time.monotonic() + 60), break_ties=False)
    assert answer.status is Status.OPTIMAL
    assert answer.values == {ObjectiveName.COST: 4 * price - 1}
    assert answer.bounds == answer.values


def test_a_hint_is_looked_for_where_its_sum_is_not_too_large() -> None:
    for price, possible in ((10**12, True), (LARGEST_SUM // 8, False)):
        asked = one_of_two(price)
        found = SelectionModel(asked, compute_heads(asked)).guide(
            ObjectiveName.COST, Session(0, 10.0, time.monotonic() + 60), 5.0
        )
        assert (found is not None) == possible


def test_rounds_share_the_effort_of_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every choice is found circular here, and each round takes two fifths of the effort."""
    asked: list[float] = []
    solve = Session.solve

    def noted(own: Session, *arguments: object, effort: float, **more: object) -> Outcome:
        asked.append(effort)
        before = own.spent
        outcome = solve(own, *arguments, effort=effort, **more)  # type: ignore[arg-type]
        own.charge(2.0 - (own.spent - before))
        return outcome

    monkeypatch.setattr(Session, "solve", noted)
    monkeypatch.setattr(SelectionModel, "_unfounded", lambda *_: ({0}, set()))
    monkeypatch.setattr(SelectionModel, "_cut", lambda *_: None)
    given = one_of_two(10)
    own = Session(0, 100.0, time.monotonic() + 60)
    found = SelectionModel(given, compute_heads(given)).minimise(ObjectiveName.COST, own, 5.0)
    assert found.modes is None
    assert not found.infeasible
    assert asked == pytest.approx([5.0, 3.0, 1.0])
