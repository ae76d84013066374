"""Chains through modules: what comes before load left aside, what comes after in a project."""

from __future__ import annotations

from reduce.cases import mode, module, problem

from trajectory_engine.heuristics.lateness import chains_through
from trajectory_engine.heuristics.settled import settled_project
from trajectory_engine.problem.heads import compute_heads


def test_a_chain_goes_on_with_what_waits_for_a_class_or_for_what_f_forms_of_it() -> None:
    """Class 1 is formed by f of class 0; "then" waits for it and takes 2 periods.

    "first" ends in 1 and "slow" in 3, and both form class 0: 1 + 2 and 3 + 2.  "beside" ends in 4,
    and nothing waits for what it forms.  "never" has no start.
    """
    found = problem(
        module("first", 0),
        module("slow", 0, modes=(mode(hours=3, duration=3),)),
        module("then", 2, modes=(mode(hours=2, duration=2),), needs=(1,)),
        module("beside", 3, modes=(mode(hours=4, duration=4),)),
        module("never", 3, modes=(mode(starts=()),)),
        goals=(2, 3),
        rules={1: (0,)},
    )
    project = settled_project(found, (0, 2, 3))
    assert project is not None
    assert chains_through(found, compute_heads(found), project) == [3, 5, 3, 4, 0]
