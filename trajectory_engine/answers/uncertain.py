"""Diagnosed levels that may be one lower, and the record of a teacher with some of them lower."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trajectory_engine.domain.diagnosis import diagnosis_of, measured_level
from trajectory_engine.domain.levels import round_down
from trajectory_engine.domain.people import Measurement, Teacher
from trajectory_engine.domain.robustness import UncertainLevel
from trajectory_engine.domain.scenario import Scenario

THRESHOLD = 70
"""Per cent of confidence below which a level is uncertain."""
CERTAIN = 101
"""Threshold at which every diagnosed level is uncertain."""


def uncertain_levels(
    scenario: Scenario, teacher: Teacher, threshold: int
) -> tuple[UncertainLevel, ...]:
    """Return the diagnosed levels that are uncertain, in the order of the diagnosis.

    Of several measurements of one element the last counts.  A level of 0 cannot be lower, and
    one that prior learning raises again does not rest on its measurement.
    """
    last = {m.element: m for m in teacher.measurements}
    found = (_level(scenario, teacher, m) for m in last.values() if m.confidence < threshold)
    return tuple(level for level in found if level is not None)


def _level(scenario: Scenario, teacher: Teacher, measurement: Measurement) -> UncertainLevel | None:
    """Return the level of a measurement with the next lower one, None if it cannot be lower."""
    key = measurement.element
    existing = scenario.model.elements.levels[key]
    level = round_down(existing, measured_level(measurement, scenario.model.diagnosis))
    lower = max((lv for lv in existing if lv < level), default=0)
    if not level:
        return None
    below = replace(teacher, measurements=(*teacher.measurements, Measurement(key, lower)))
    now, then = (diagnosis_of(scenario, record).levels[key] for record in (teacher, below))
    return UncertainLevel(key, level, lower, measurement.confidence) if then < now else None


def lowered(scenario: Scenario, teacher: Teacher, elements: Collection[str]) -> Teacher:
    """Return the teacher's record with the levels of some elements one lower.

    Raises
    ------
    ValueError
        If an element was not diagnosed, or cannot be lower.
    """
    last = {m.element: m for m in teacher.measurements}
    levels = {e: _level(scenario, teacher, last[e]) if e in last else None for e in elements}
    wrong = [element for element, level in levels.items() if level is None]
    if wrong:
        named = ", ".join(element or "''" for element in wrong)
        raise ValueError(f"{named}: no diagnosed level that could be lower")
    added = [
        Measurement(element, level.lower, confidence=level.confidence)
        for element, level in levels.items()
        if level is not None
    ]
    return replace(teacher, measurements=(*teacher.measurements, *added))
