"""Periods and dates: ends, deadlines, months over the end of a year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectory_engine.domain.calendar import Calendar

WEEKS = Calendar.weeks(date(2027, 1, 4), 3)
MONTHS = Calendar.months(date(2026, 11, 1), 4)


def test_weeks_have_seven_days() -> None:
    assert WEEKS.horizon == 3
    assert WEEKS.start_date(1) == date(2027, 1, 11)
    assert WEEKS.start_date(3) == date(2027, 1, 25)
    assert WEEKS.end_date(1) == date(2027, 1, 10)
    assert WEEKS.end_date(3) == date(2027, 1, 24)


def test_months_run_over_the_end_of_a_year_and_a_short_february() -> None:
    assert MONTHS.boundaries == (
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 2, 1),
        date(2027, 3, 1),
    )
    assert MONTHS.end_date(2) == date(2026, 12, 31)
    assert MONTHS.end_date(4) == date(2027, 2, 28)
    assert MONTHS.period_of(date(2026, 12, 31)) == 1
    assert MONTHS.period_of(date(2027, 1, 1)) == 2


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        (date(2027, 1, 3), 0),
        (date(2027, 1, 9), 0),
        (date(2027, 1, 10), 1),
        (date(2027, 1, 11), 1),
        (date(2027, 1, 24), 3),
        (date(2030, 1, 1), 3),
        (date(2020, 1, 1), 0),
    ],
)
def test_a_deadline_counts_the_periods_that_are_over(day: date, periods: int) -> None:
    assert WEEKS.periods_until(day) == periods


def test_days_off_the_axis_have_no_period() -> None:
    assert WEEKS.period_of(date(2027, 1, 3)) is None
    assert WEEKS.period_of(date(2027, 1, 25)) is None


@given(st.integers(0, 400), st.sampled_from([WEEKS, MONTHS]))
def test_every_day_of_the_axis_has_the_period_that_contains_it(offset: int, axis: Calendar) -> None:
    day = axis.boundaries[0] + timedelta(days=offset)
    period = axis.period_of(day)
    if period is None:
        assert day >= axis.boundaries[-1]
        assert axis.periods_until(day) == axis.horizon
    else:
        assert axis.start_date(period) <= day <= axis.end_date(period + 1)
        assert axis.periods_until(day) == period + (day == axis.end_date(period + 1))


def test_blocked_periods_are_looked_up() -> None:
    axis = Calendar.weeks(date(2027, 1, 4), 5, blocked=[1, 3])
    assert axis.blocked == (1, 3)
    assert axis.blocked_set == {1, 3}
