"""Checks of the sources of money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation.competences import check_identifier
from trajectory_engine.validation.faults import Fault, Where, duplicates, out_of_range
from trajectory_engine.validation.limits import check_eligible, check_share
from trajectory_engine.validation.modules import MOST_MONEY
from trajectory_engine.validation.references import References, known
from trajectory_engine.validation.vocabulary import MOST_WAYS_OF_RUNNING_DRY


def check_funds(scenario: Scenario, references: References) -> Iterator[Fault]:
    """Yield the faults of funds, and teachers whom too many limited funds serve."""
    yield from duplicates(("funds",), (f.id for f in scenario.funds), "fund")
    groups = {t.group for t in scenario.teachers if t.group}
    years = _years(scenario)
    for i, fund in enumerate(scenario.funds):
        where: Where = ("funds", i)
        yield from check_identifier((*where, "id"), fund.id)
        yield from _check_amounts(where, fund)
        yield from _check_years(where, fund, years)
        yield from check_share((*where, "share"), fund.share)
        teachers = scenario.teacher_by_id
        yield from known((*where, "teachers"), "teacher", fund.teachers, teachers)
        yield from known((*where, "groups"), "group of teachers", fund.groups, groups)
        eligible = [
            *check_eligible(where, fund, references),
            *known(
                (*where, "module_groups"), "group of modules", fund.module_groups, references.groups
            ),
        ]
        yield from eligible
        if not eligible:
            yield from _check_useful(where, fund, references)
    yield from _check_size(scenario, years)


def _years(scenario: Scenario) -> tuple[int, ...]:
    """Return the fiscal years of the calendar, none if the calendar or the year is at fault."""
    return tuple(dict.fromkeys(scenario.years)) if scenario.calendar.horizon > 0 else ()


def _check_amounts(where: Where, fund: Fund) -> Iterator[Fault]:
    for name in ("budget", "ceiling", "module_ceiling"):
        value = getattr(fund, name)
        if value is not None:
            yield from out_of_range((*where, name), name, value, 0, MOST_MONEY)
    for k, year in enumerate(fund.yearly):
        here: Where = (*where, "yearly", k, "budget")
        yield from out_of_range(here, "budget", year.budget, 0, MOST_MONEY)


def _check_years(where: Where, fund: Fund, years: tuple[int, ...]) -> Iterator[Fault]:
    yield from duplicates(
        (*where, "yearly"), (y.year for y in fund.yearly), f"fiscal year of fund {fund.id}", "year"
    )
    expected = f"a fiscal year of the calendar: {', '.join(map(str, years))}"
    for k, year in enumerate(fund.yearly):
        if year.year not in years:
            here: Where = (*where, "yearly", k, "year")
            yield Fault("off_calendar", here, f"fiscal year {year.year}", expected)
    if fund.carry_over and not fund.yearly:
        found = f"fund {fund.id} carries over, but has no budget of a year"
        yield Fault("no_years", (*where, "carry_over"), found, "budgets in fund_years.csv")


def _check_useful(where: Where, fund: Fund, references: References) -> Iterator[Fault]:
    if not any(fund.covers(m, k) for m in references.modules for k in m.modes):
        found = f"fund {fund.id} covers no module in any mode"
        yield Fault("no_eligible_module", (*where, "id"), found, "at least one eligible module")


def _ways(fund: Fund, years: int) -> int:
    """Return in how many ways a fund can run dry, staying full among them."""
    total = int(fund.ceiling is not None or fund.budget is not None)
    if not fund.yearly:
        return 1 + total
    return (1 + years if fund.carry_over else 2**years) + total


def ways_of_running_dry(funds: Sequence[Fund], years: int) -> int:
    """Return in how many ways funds can run dry together: the size of the model of money.

    Where no limit spans two fiscal years, each year is looked at by itself.
    """
    spanning = any(
        f.ceiling is not None or f.budget is not None or (f.carry_over and f.yearly) for f in funds
    )
    if spanning or years < 2:
        return prod(_ways(f, years) for f in funds)
    return years * prod(_ways(f, 1) for f in funds)


def _check_size(scenario: Scenario, years: tuple[int, ...]) -> Iterator[Fault]:
    for i, teacher in enumerate(scenario.teachers):
        serving = [f for f in scenario.funds if f.serves(teacher.id, teacher.group)]
        ways = ways_of_running_dry(serving, len(years))
        if ways > MOST_WAYS_OF_RUNNING_DRY:
            limited = [f.id for f in serving if _ways(f, len(years)) > 1]
            found = (
                f"funds with limits that serve teacher {teacher.id}: {', '.join(limited)};"
                f" they can run dry in {ways} ways"
            )
            expected = (
                f"at most {MOST_WAYS_OF_RUNNING_DRY} ways, the limit of this version:"
                " 12 ceilings or budgets, fewer with budgets of several years"
            )
            yield Fault("too_many_funds", ("teachers", i, "id"), found, expected)
