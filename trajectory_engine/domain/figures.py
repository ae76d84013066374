"""Values of objectives as people write them."""

from __future__ import annotations

from trajectory_engine.domain.currency import minor_digits, money
from trajectory_engine.domain.scenario import ObjectiveName, Scenario

IN_MONEY = ("cost", "own_cost")
IN_HOURS = ("study_hours", "peak_load")


def objective_title(name: ObjectiveName, scenario: Scenario) -> str:
    """Return an objective with its unit, such as ``cost, KZT``."""
    title = name.value.replace("_", " ")
    if name.value in IN_MONEY:
        return f"{title}, {scenario.currency}"
    if name.value in IN_HOURS:
        return f"{title}, hours" if "hours" not in title else title
    if name is ObjectiveName.COMPLETION:
        return f"{title}, {scenario.calendar.unit.value}s"
    return title


def figure_text(
    name: ObjectiveName, value: int, scenario: Scenario, *, signed: bool = False
) -> str:
    """Return a value of an objective; ``signed`` puts a plus before what is positive."""
    text = money(value, scenario.currency) if name.value in IN_MONEY else f"{value:,}"
    return f"+{text}" if signed and value > 0 else text


def plain_figure(name: ObjectiveName, value: int, scenario: Scenario) -> float:
    """Return a value for an axis: money in whole units of the currency."""
    return value / 10 ** minor_digits(scenario.currency) if name.value in IN_MONEY else float(value)
