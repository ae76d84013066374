"""Random problems of which only the choice of modules matters, and all choices that stand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

from reduce.cases import mode, module, problem

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.teacher_problem import (
    Clause,
    Group,
    HardGoal,
    ModuleOption,
    TeacherProblem,
)

CAPACITY = 1000


def random_system(seed: int) -> TeacherProblem:
    """Return up to nine modules over up to seven classes, full of circles."""
    random = Random(seed)
    count, size = random.randint(3, 9), random.randint(2, 7)
    modules = tuple(_module(random, f"m{i}", size, count) for i in range(count))
    rules = {
        c: tuple(random.sample(range(c), random.randint(1, c)))
        for c in range(1, size)
        if random.random() < 0.2
    }
    goals = tuple(c for c in range(size) if random.random() < 0.5)
    found = problem(
        *modules,
        goals=goals,
        rules=rules,
        objectives=(ObjectiveName.STUDY_HOURS,),
        capacity=CAPACITY,
    )
    classes = len(found.classes)
    changes: dict[str, object] = {}
    if random.random() < 0.3:
        chosen = tuple(sorted(random.sample(range(count), 2)))
        changes["clauses"] = (Clause("rule:any", chosen),)
    if random.random() < 0.3:
        ways = tuple((random.randrange(classes), random.randrange(classes)) for _ in range(2))
        distinct = tuple(tuple(sorted(set(way))) for way in ways)
        changes["hard_goals"] = (*found.hard_goals, HardGoal("task:t", distinct))
    return replace(found, **changes)


def _module(random: Random, name: str, size: int, count: int) -> ModuleOption:
    attains = tuple(sorted(random.sample(range(size), random.randint(1, min(3, size)))))
    others = [c for c in range(size) if c not in attains]
    needs = tuple(random.sample(others, min(len(others), random.choice((0, 0, 1, 1, 2)))))
    groups = ()
    if len(others) >= 2 and random.random() < 0.3:
        members = tuple((c, random.randint(1, 2)) for c in random.sample(others, 2))
        groups = (Group(random.randint(1, 2), members),)
    after = ()
    if random.random() < 0.1:
        after = (tuple(sorted(random.sample(range(count), 1))),)
    modes = tuple(mode(f"k{i}", i, hours=random.randint(1, 9)) for i in range(random.randint(1, 2)))
    return module(name, *attains, modes=modes, needs=needs, groups=groups, after=after)


def stands(found: TeacherProblem, taken: set[int]) -> bool:
    """Return whether modules can all be entered in some order, and meet goals and clauses."""
    formed: set[int] = set()
    entered: set[int] = set()
    while True:
        for c, node_class in enumerate(found.classes):
            if node_class.rule_needs is not None and formed.issuperset(node_class.rule_needs):
                formed.add(c)
        ready = {m for m in taken - entered if _enters(found.modules[m], formed, entered)}
        if not ready:
            break
        entered |= ready
        formed.update(c for m in ready for c in found.modules[m].attains)
        for _ in found.classes:
            for c, node_class in enumerate(found.classes):
                if node_class.rule_needs is not None and formed.issuperset(node_class.rule_needs):
                    formed.add(c)
    met = all(any(formed.issuperset(way) for way in goal.ways) for goal in found.hard_goals)
    return met and entered == taken and all(taken.intersection(c.modules) for c in found.clauses)


def _enters(option: ModuleOption, formed: set[int], entered: set[int]) -> bool:
    enough = all(sum(w for c, w in g.members if c in formed) >= g.least for g in option.entry)
    return enough and all(entered.intersection(ms) for ms in option.entry_modules)


def hours_of(found: TeacherProblem, taken: set[int]) -> int:
    """Return the hours of modules in their cheapest modes."""
    return sum(min(k.hours for k in found.modules[m].modes) for m in taken)


def all_standing(found: TeacherProblem) -> list[set[int]]:
    """Return all choices of modules that stand."""
    everything = range(len(found.modules))
    choices = (set(c) for n in range(len(everything) + 1) for c in combinations(everything, n))
    return [choice for choice in choices if stands(found, choice)]
