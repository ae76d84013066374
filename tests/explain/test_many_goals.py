"""Explaining a teacher with thousands of goals ends with its time, or when it is called off."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from oracle.tiny import goal, mode, module, tiny

import trajectory_engine as te
from trajectory_engine.domain.competence import NodeRef, SubjectCompetence
from trajectory_engine.domain.people import Goal
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import Scenario

GOALS = 3000


def overloaded() -> Scenario:
    """Return a scenario of one topic, module and goal each, far more than there are hours for."""
    plain = tiny(module("M", "x1"), goals=(goal("x1"),))
    topics = tuple(SubjectCompetence(f"t{i}", "", (1,)) for i in range(GOALS))
    nodes = [NodeRef(f"Sub[t{i}]", 1) for i in range(GOALS)]
    lesson = module("M", "x1", mode(hours=4))
    modules = tuple(
        replace(lesson, id=f"M{i}", name=f"M{i}", teaches=(node,)) for i, node in enumerate(nodes)
    )
    teacher = replace(plain.teachers[0], goals=tuple(map(Goal, nodes)))
    model = replace(plain.model, subject=(*plain.model.subject, *topics))
    return replace(plain, model=model, modules=modules, teachers=(teacher,))


def test_it_ends_with_its_time_and_says_what_is_open() -> None:
    scenario, began = overloaded(), time.process_time()
    (found,) = te.explain(scenario, time_limit=4).teachers
    assert time.process_time() - began < 40
    assert found.status is not Status.OPTIMAL
    assert len(found.open_questions) < 20


def test_it_ends_soon_after_it_is_called_off() -> None:
    scenario, cancel = overloaded(), threading.Event()
    timer = threading.Timer(1.0, cancel.set)
    timer.start()
    began = time.process_time()
    (found,) = te.explain(scenario, time_limit=600, cancel=cancel).teachers
    assert time.process_time() - began < 40
    assert {message.code for message in found.open_questions} == {"open_cancelled"}
