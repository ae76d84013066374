"""Forty teachers of which none has a plan, explained in one call."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.plan import Status

ROOT = Path(__file__).parents[2]


def worse_off(position: int, teacher: Teacher) -> Teacher:
    """Return a teacher for whom one of four things is made impossible, in turn."""
    match position % 4:
        case 0:
            return replace(teacher, deadline=5)
        case 1:
            return replace(teacher, hours=tuple(h // 5 for h in teacher.hours))
        case 2:
            return replace(teacher, technologies=(), languages=("kk",))
        case _:
            return replace(
                teacher, group="guest", hours=tuple(h // 2 for h in teacher.hours), deadline=16
            )


@pytest.mark.deep
def test_forty_teachers_in_half_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = te.load_scenario(ROOT / "scenarios" / "it-teachers")
    scenario = replace(
        scenario, teachers=tuple(worse_off(i, t) for i, t in enumerate(scenario.teachers))
    )
    began = time.monotonic()
    found = te.explain(scenario, time_limit=29)
    seconds = time.monotonic() - began
    shown = sum(
        bool(t.conflicts) and all(c.confirmed and c.minimal for c in t.conflicts)
        for t in found.teachers
    )
    repaired = sum(bool(t.repairs) for t in found.teachers)
    kinds = Counter(
        m.limit.kind.value for t in found.teachers for c in t.conflicts for m in c.members
    )
    with capsys.disabled():
        stages = ", ".join(f"{t.stage} {t.seconds:.1f} s" for t in found.timings)
        sys.stdout.write(
            f"\n40 teachers in {seconds:.1f} s ({stages}): {shown} with minimal conflicts,"
            f" {repaired} with repairs; limits named: {dict(kinds)}\n"
        )
    assert seconds < 32
    assert all(t.status is Status.INFEASIBLE and t.conflicts for t in found.teachers)
