"""What modules form, and what comes before them in every order, against plain sweeps."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import reduce
from operator import and_, or_
from random import Random

import pytest
from landmarks.systems import random_system
from reduce.cases import module, problem

from problem.cases import problem_of_seed
from trajectory_engine.problem.evaluate import closed_by_rules, entered_by
from trajectory_engine.problem.landmarks import founders, landmarks
from trajectory_engine.problem.teacher_problem import TeacherProblem

LONG = 4000


def problems(first: int) -> list[TeacherProblem]:
    """Return problems of scenarios, and systems with circles."""
    return [
        *(problem_of_seed(seed) for seed in range(first, first + 25)),
        *(random_system(seed) for seed in range(first, first + 25)),
    ]


def holds(found: TeacherProblem, m: int, formed: set[int], entered: set[int]) -> bool:
    return all(
        sum(w for c, w in group.members if c in formed) >= group.least
        for group in found.modules[m].entry
    ) and all(entered & set(ms) for ms in found.modules[m].entry_modules)


def with_rules(found: TeacherProblem, formed: set[int]) -> set[int]:
    while True:
        more = {
            c
            for c, node_class in enumerate(found.classes)
            if node_class.rule_needs is not None and formed.issuperset(node_class.rule_needs)
        }
        if more <= formed:
            return formed
        formed = formed | more


@pytest.mark.parametrize("first", range(0, 200, 25))
def test_what_modules_form_is_what_sweeps_find(first: int) -> None:
    partly = 0
    for number, found in enumerate(problems(first)):
        random = Random(number)
        for share in (0.3, 0.7, 1.0):
            some = {c for c in range(len(found.classes)) if random.random() < share / 2}
            assert closed_by_rules(found, some) == with_rules(found, some)
            chosen = {m for m in range(len(found.modules)) if random.random() < share}
            formed, entered = set[int](), set[int]()
            while new := {m for m in chosen - entered if holds(found, m, formed, entered)}:
                entered |= new
                formed |= {c for m in new for c in found.modules[m].attains}
                formed = with_rules(found, formed)
            assert entered_by(found, chosen) == (formed, entered)
            partly += 0 < len(entered) < len(chosen)
    assert partly > 5


@pytest.mark.parametrize("first", range(0, 200, 25))
def test_what_comes_before_a_module_is_the_largest_that_holds(first: int) -> None:
    """Starting from everything, sets are made smaller until each says no more than it needs."""
    for found in problems(first):
        everything = (1 << len(found.classes)) - 1
        classes = [everything] * len(found.classes)
        modules = [everything] * len(found.modules)
        while True:
            before = list(modules), list(classes)
            for m, own in enumerate(found.modules):
                asked = [
                    reduce(or_ if group.needs_all else and_, [classes[c] for c, _ in group.members])
                    for group in own.entry
                    if group.members
                ]
                asked += [reduce(and_, [modules[a] for a in ms]) for ms in own.entry_modules if ms]
                modules[m] = reduce(or_, asked, 0)
            for c, node_class in enumerate(found.classes):
                ways = [modules[m] for m in node_class.providers]
                if node_class.rule_needs is not None:
                    ways.append(reduce(or_, [classes[n] for n in node_class.rule_needs]))
                classes[c] = reduce(and_, ways, everything) | 1 << c
            if before == (modules, classes):
                break
        assert landmarks(found) == modules


def test_long_chains_take_a_moment() -> None:
    """Sweeps over everything once for each link take minutes; the links stand in reverse order."""
    chain = [module(f"M{i}", i, needs=(i + 1,) if i + 1 < LONG else ()) for i in range(LONG)]
    found = problem(*chain, goals=(0,))
    began = time.process_time()
    assert entered_by(found, range(LONG)) == (set(range(LONG)), set(range(LONG)))
    assert founders(found) == tuple((m,) for m in range(LONG))
    rules = problem(module("M", LONG), rules={c: (c + 1,) for c in range(LONG)})
    assert closed_by_rules(replace(rules), [LONG]) == set(range(LONG + 1))
    assert time.process_time() - began < 20
