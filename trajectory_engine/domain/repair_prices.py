"""What it costs, by the planner's own judgement, to change each kind of limit by one unit."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_PRICE = 10**9
"""Largest price of one unit."""


@dataclass(frozen=True, slots=True)
class RepairPrices:
    """Whole prices per unit of every kind of limit; None: not negotiable, never changed.

    The defaults read as minor units of money: what leaving the limit alone is worth.

    Attributes
    ----------
    money : int or None
        One minor unit more from a source that the scenario lists.
    new_money : int or None
        One minor unit from a source that it does not list.
    module_ceiling : int or None
        The most that a source pays for one module given up.
    hour : int or None
        One study hour more in every period.
    period : int or None
        One period more before the deadline.
    level : int or None
        One level less of a hard goal on a node (less than the lowest: the goal is dropped).
    task : int or None
        A hard goal on a task dropped.
    rule : int or None
        A rule switched off that has no number to move.
    rule_hour, rule_credit, rule_module : int or None
        One hour, one hundredth of a credit, one module by which a rule asks for less or allows
        more.
    decision, invariant : int or None
        A decision dropped; a mandatory module made elective.
    absences, breaks : int or None
        The absences of the teacher given up; the breaks of the calendar opened for study.
    dates : int or None
        The run dates and windows of a module made free.
    exclusion : int or None
        Two modules that exclude each other allowed together.
    relation : int or None
        A module taken without those that it must be taken together with.
    resource : int or None
        One unit more of a resource.
    language, technology : int or None
        Modes in every language, or with every technology, opened to the teacher.
    """

    money: int | None = 1
    new_money: int | None = 2
    module_ceiling: int | None = 10_000_000
    hour: int | None = 1_000_000
    period: int | None = 2_000_000
    level: int | None = 100_000_000
    task: int | None = 200_000_000
    rule: int | None = 500_000_000
    rule_hour: int | None = 1_000_000
    rule_credit: int | None = 300_000
    rule_module: int | None = 50_000_000
    decision: int | None = 5_000_000
    invariant: int | None = 500_000_000
    absences: int | None = 20_000_000
    breaks: int | None = 50_000_000
    dates: int | None = 10_000_000
    exclusion: int | None = 100_000_000
    relation: int | None = 100_000_000
    resource: int | None = 5_000_000
    language: int | None = 50_000_000
    technology: int | None = 20_000_000


DEFAULT_PRICES = RepairPrices()
