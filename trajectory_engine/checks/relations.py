"""Checks of what must be taken beside a module, and when."""

from __future__ import annotations

from collections.abc import Iterator

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.plan import Violation


def check_co(case: Case) -> Iterator[Violation]:
    """Check that every `co` of a step is completed, or ends no later than the step."""
    for taken in case.taken:
        for wanted in taken.module.co:
            beside = _beside(case, wanted)
            if beside is not None and not any(t.end <= taken.end for t in beside):
                yield case.fault(
                    Code.CO,
                    taken.module.id,
                    f"{wanted} completed, or ending by period {taken.end}",
                    listing(f"{t.module.id} ending in period {t.end}" for t in beside),
                )


def check_strict_co(case: Case) -> Iterator[Violation]:
    """Check that every `strict_co` of a step is completed, or starts with the step."""
    for taken in case.taken:
        for wanted in taken.module.strict_co:
            beside = _beside(case, wanted)
            if beside is not None and not any(t.start == taken.start for t in beside):
                yield case.fault(
                    Code.STRICT_CO,
                    taken.module.id,
                    f"{wanted} completed, or starting in period {taken.start}",
                    listing(f"{t.module.id} starting in period {t.start}" for t in beside),
                )


def _beside(case: Case, wanted: str) -> list[Taken] | None:
    """Return the steps that satisfy a reference, None if a completion record does."""
    accepted = set(case.stand_ins(wanted))
    if accepted & case.completed:
        return None
    return [t for t in case.taken if t.module.id in accepted]
