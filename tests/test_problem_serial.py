"""The compiled problem of a teacher goes to JSON and back."""

from __future__ import annotations

from oracle.strategies import TEACHER, scenario_of_seed

from trajectory_engine.domain.serial import dumps, loads
from trajectory_engine.problem.compile import compile_problem
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.teacher_problem import TeacherProblem


def test_round_trip() -> None:
    """Tests that random problems survive the round trip, sets and mappings included."""
    blocked = renewable = 0
    for seed in range(40):
        scenario = scenario_of_seed(seed)
        teacher = scenario.teacher_by_id[TEACHER]
        facts = TeacherFacts(ScenarioIndex(scenario), teacher, alone=True)
        problem = compile_problem(facts, covers_all=True)
        assert loads(TeacherProblem, dumps(problem)) == problem
        blocked += bool(problem.blocked)
        renewable += bool(problem.renewable_capacity)
    assert blocked and renewable
