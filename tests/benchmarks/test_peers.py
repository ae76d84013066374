"""The peers are right on problems argued by hand, and the judge of the comparison sees faults."""

from __future__ import annotations

from typing import Any

import pytest
from peers import CPSAT_RUNS, SOLVERS, Clock, checksum, runs_of, with_pyjobshop
from peers.problems import Problem, ProjectProblem
from small_problems import COVER, CURRICULUM, PROJECT
from solution_check import Rejected, value_of

OPTIMA = [(PROJECT, 4), (COVER, 3), (CURRICULUM, 5)]
INFEASIBLE = ProjectProblem(PROJECT.jobs, PROJECT.capacities, (2,))


@pytest.mark.parametrize("solver", sorted(SOLVERS))
@pytest.mark.parametrize(("problem", "optimum"), OPTIMA)
def test_every_peer_finds_the_optimum_or_says_that_it_is_none(
    solver: str, problem: Problem, optimum: int
) -> None:
    """Tests status, value, bound and the checked solution of every run."""
    if solver == "pyjobshop" and not with_pyjobshop.installed():
        pytest.skip(with_pyjobshop.MISSING)
    outcome = SOLVERS[solver](problem, Clock(20.0), 2, 0)
    if outcome.status == "not applicable":
        project = isinstance(problem, ProjectProblem)
        assert (solver == "highs" and project) or (solver == "pyjobshop" and not project)
        return
    assert (outcome.status, outcome.value, outcome.bound) == ("optimal", optimum, optimum)
    assert value_of(problem, outcome.solution) == optimum


@pytest.mark.parametrize("solver", sorted(CPSAT_RUNS))
def test_what_no_mode_can_pay_is_infeasible(solver: str) -> None:
    """Tests a budget of 2: the jobs take 3 at least."""
    outcome = SOLVERS[solver](INFEASIBLE, Clock(20.0), 2, 0)
    assert outcome.status == "infeasible"
    assert outcome.value is None


BROKEN: list[tuple[Problem, Any, str]] = [
    (PROJECT, [(0, 0), (1, 0), (0, 0)], "not every job"),
    (PROJECT, [(0, 0), (2, 0), (0, 0), (0, 4)], "no such mode"),
    (PROJECT, [(0, 0), (1, -1), (0, 0), (0, 4)], "before 0"),
    (PROJECT, [(0, 0), (1, 0), (0, 0), (0, 3)], "job 4 starts before 2 ends"),
    (PROJECT, [(0, 0), (0, 0), (0, 2), (0, 5)], "budget 1"),
    (
        ProjectProblem(PROJECT.jobs, (2,), (7,)),
        [(0, 0), (0, 0), (0, 1), (0, 4)],
        "capacity 1",
    ),
    (COVER, [1, 2], "row 3"),
    (COVER, [0, 3], "unknown column"),
    (CURRICULUM, [0, 1, 0], "not every course"),
    (CURRICULUM, [0, 2, 0, 1], "does not exist"),
    (CURRICULUM, [1, 0, 0, 1], "not before"),
    (CURRICULUM, [0, 0, 0, 0], "not before"),
]


@pytest.mark.parametrize(("problem", "solution", "complaint"), BROKEN)
def test_the_judge_sees_what_is_broken(problem: Problem, solution: Any, complaint: str) -> None:
    """Tests one broken solution for every constraint."""
    with pytest.raises(Rejected, match=complaint):
        value_of(problem, solution)


def test_the_judge_recomputes_the_value() -> None:
    """Tests solutions that are allowed and not optimal."""
    assert value_of(PROJECT, [(0, 0), (1, 3), (0, 0), (0, 7)]) == 7
    assert value_of(COVER, [0, 1]) == 5
    assert value_of(CURRICULUM, [0, 1, 0, 0]) == 7


def test_the_best_of_cpsat_has_a_run_more_where_jobs_have_modes() -> None:
    """Tests the runs that stand behind the name of a peer."""
    assert runs_of("cpsat", "rcpsp") == ("cpsat-portfolio", "cpsat-linear")
    assert "cpsat-one-interval" in runs_of("cpsat", "mrcpsp")
    assert runs_of("highs", "setcover") == ("highs",)
    assert len(checksum()) == 16
