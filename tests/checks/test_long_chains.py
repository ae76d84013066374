"""What the judge works out for plans of thousands of steps takes no more than a moment."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from oracle.tiny import goal, module, tiny

from trajectory_engine.checks.case import Case, Facts
from trajectory_engine.checks.recognition import _unavoidable
from trajectory_engine.domain.competence import NodeRef, SubjectCompetence
from trajectory_engine.domain.plan import Status, TeacherPlan
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation import validate


def over_topics(count: int, needs: tuple[Requirement, ...]) -> Scenario:
    """Return a scenario over topics t0, t1, ... of one level."""
    plain = tiny(module("M", "x1"), goals=(goal("x1"),))
    topics = tuple(SubjectCompetence(f"t{i}", "", (1,)) for i in range(count))
    model = replace(plain.model, subject=(*plain.model.subject, *topics), prerequisites=needs)
    return replace(plain, model=model)


def node(i: int) -> NodeRef:
    return NodeRef(f"Sub[t{i}]", 1)


def case_of(scenario: Scenario) -> Case:
    plan = TeacherPlan("T", Status.OPTIMAL, ())
    return Case.of(Facts(scenario), scenario.teachers[0], plan)


@pytest.mark.parametrize("seed", range(40))
def test_what_cannot_be_avoided_is_what_no_way_is_without(seed: int) -> None:
    """Every set of topics without one is tried: a way is a set that is closed by requirements."""
    rng, count = Random(seed), 7
    needs = []
    for i in range(1, count):
        for _ in range(rng.randint(0, 2)):
            of = rng.sample(range(i), rng.randint(1, min(i, 3)))
            needs.append(Requirement(node(i), tuple(map(node, of)), rng.randint(1, len(of))))
    last = count - 1
    found = set(_unavoidable(case_of(over_topics(count, tuple(needs))), node(last)))
    ways = []
    for size in range(count + 1):
        for some in combinations(range(count), size):
            inside = set(map(node, some))
            closed = all(
                len(inside.intersection(r.needs)) >= r.least for r in needs if r.node in inside
            )
            if node(last) in inside and closed:
                ways.append(inside)
    assert found == set.intersection(*ways)


def test_a_long_chain_of_recognised_topics_takes_a_moment() -> None:
    """One look at everything for every link of every link took minutes at a thousand."""
    count = 1000
    chain = tuple(Requirement(node(i), (node(i - 1),), 1) for i in range(1, count))
    case = case_of(over_topics(count, chain))
    began = time.process_time()
    assert len(list(_unavoidable(case, node(count - 1)))) == count
    assert time.process_time() - began < 20


def test_a_long_chain_of_corequisites_takes_a_moment() -> None:
    """Every pair of every closure took half a minute at 1,600 modules."""
    count = 1600
    plain = tiny(module("M", "x1"), goals=(goal("x1"),))
    chain = [
        module(f"M{i}", "x1", co=((f"M{i + 1}",) if i + 1 < count else ())) for i in range(count)
    ]
    began = time.process_time()
    assert not validate(replace(plain, modules=tuple(chain)))
    chain[0] = replace(chain[0], excludes=(f"M{count - 1}",))
    problems = validate(replace(plain, modules=tuple(chain)))
    assert [p.code for p in problems] == ["relation"]
    assert time.process_time() - began < 20
