"""One teacher solved again under changed facts gives what planning the changed scenario gives."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.whatif import Effort, WhatIf, judged

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tiny() -> te.Scenario:
    return te.load_scenario(ROOT / "scenarios" / "tiny")


def test_unchanged_facts_give_the_plan_itself(tiny: te.Scenario) -> None:
    answer = WhatIf(tiny, "A").plan()
    assert answer == te.plan(tiny, ["A"]).plan_of("A")


def test_changed_facts_give_the_changed_plan(tiny: te.Scenario) -> None:
    """Half of the hours: NUM and ERR cannot run side by side, so weeks 1, 4 and 7 end them."""
    question = WhatIf(tiny, "A")
    hurried = replace(question.teacher, hours=tuple(h // 2 for h in question.teacher.hours))
    changed = question.changed(hurried)
    answer = question.plan(changed)
    assert answer == te.plan(changed, ["A"]).plan_of("A")
    assert answer.objectives[1].value == 7
    assert question.plan().objectives[1].value == 4


def test_changed_catalogue_is_looked_up_anew(tiny: te.Scenario) -> None:
    question = WhatIf(tiny, "A")
    question.plan()
    fewer = replace(tiny, modules=tuple(m for m in tiny.modules if m.id != "LOGIC"))
    answer = question.plan(fewer)
    assert answer == te.plan(fewer, ["A"]).plan_of("A")
    assert "LOGIC" not in {s.module for s in answer.steps}


def test_effort_is_spent_by_the_clock_or_by_cancelling() -> None:
    cancel = threading.Event()
    effort = Effort.within(60.0, cancel=cancel)
    assert not effort.is_spent
    cancel.set()
    assert effort.is_spent
    assert Effort(wall_deadline=time.monotonic() - 1).is_spent


def test_unknown_teacher_is_refused(tiny: te.Scenario) -> None:
    with pytest.raises(KeyError):
        WhatIf(tiny, "nobody")


def test_a_false_plan_does_not_pass(tiny: te.Scenario) -> None:
    answer = WhatIf(tiny, "A").plan()
    dropped = replace(answer, steps=answer.steps[1:])
    with pytest.raises(te.PlanRejected):
        judged(tiny, dropped)
