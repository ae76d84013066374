"""Weighted set covering: the OR-Library's ``scp`` files.

A row becomes a topic that is a hard goal, a column a module that teaches its rows and takes as many
hours as it costs; the study hours are minimised. Costs that sum to more hours than a period can
have become prices, which one source of money without limits pays, and the cost is minimised. The
format is a list of numbers (Beasley 1990, "OR-Library: distributing test problems by electronic
mail").
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import accumulate

from trajectory_engine.domain.catalogue import Entry, Mode, Module
from trajectory_engine.domain.competence import Component, NodeRef
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.errors import InputProblem
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.public.base import Conversion, Importer, Source
from trajectory_engine.io.public.complaints import MOST_AMOUNT, Complaints
from trajectory_engine.io.public.parts import (
    FORM,
    TEACHER,
    goals_on,
    model_of,
    node_of,
    topics,
    weeks,
)

MOST_ITEMS = 10**6
"""Most rows and most columns that are read."""
MOST_COST = 10**15
"""Largest sum of costs."""
NO_ENTRY = Entry()
SOURCE = "source"
"""Id of the source of money, where there is one."""
MOST_DIGITS = 18
"""Most digits of a number that may be in range."""


@dataclass(frozen=True)
class Cover:
    """What stands in a file: the cost of each column, and the columns (from 1) of each row."""

    costs: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]


class _Numbers:
    """The numbers of a text, one after the other, each with its line where it is asked for."""

    def __init__(self, text: str, complaints: Complaints) -> None:
        self._text = text
        self._tokens = text.split()
        self._values = _numbers(self._tokens)
        self._at = 0
        self._complaints = complaints

    def __len__(self) -> int:
        """Return how many are left."""
        return len(self._tokens) - self._at

    @cached_property
    def _last_of_lines(self) -> list[int]:
        return list(accumulate(len(line.split()) for line in self._text.splitlines()))

    def row(self, ahead: int = 0) -> int:
        """Return the line of a number to come; the last line if there is none."""
        lines = self._last_of_lines
        return min(bisect_right(lines, self._at + ahead), len(lines) - 1) + 1

    def complain(self, code: str, column: str, found: str, expected: str) -> None:
        """Report a fault of the number taken last."""
        self._complaints.add(code, self.row(-1), column, found, expected)

    def take(self, count: int, what: str, least: int, most: int) -> list[int] | None:
        """Return the next numbers, None after reporting what is wrong with them."""
        begin, self._at = self._at, self._at + count
        if self._values is not None and self._at <= len(self._values):
            numbers = self._values[begin : self._at]
            if _within(numbers, least, most):
                return numbers
        return self._complained(begin, count, what, least, most)

    def _complained(
        self, begin: int, count: int, what: str, least: int, most: int
    ) -> list[int] | None:
        """Return numbers that are looked at one by one, None after reporting what is wrong."""
        self._at = begin
        tokens = self._tokens[begin : begin + count]
        if len(tokens) < count:
            found = f"the end of the file, {count - len(tokens)} numbers early"
            self._complaints.add(
                "wrong_count", self.row(len(tokens)), what, found, "the rest of it"
            )
            return None
        numbers = _numbers(tokens)
        if numbers is None or not _within(numbers, least, most):
            for k, token in enumerate(tokens):
                number = _numbers([token])
                if number is None or not _within(number, least, most):
                    self._complaints.whole(token, self.row(k), what, least, most)
            numbers = None
        self._at += count
        return numbers


def _numbers(tokens: list[str]) -> list[int] | None:
    """Return the whole numbers that stand in tokens, None if one is none or has too many digits."""
    if not tokens:
        return []
    digits = "".join(tokens)
    if not (digits.isascii() and digits.isdecimal()) or max(map(len, tokens)) > MOST_DIGITS:
        return None
    return list(map(int, tokens))


def _within(numbers: list[int], least: int, most: int) -> bool:
    return not numbers or (least <= min(numbers) and max(numbers) <= most)


def parse(source: Source, problems: Problems) -> Cover | None:
    """Return the cover of a file, None after reporting everything that is wrong with it."""
    numbers = _Numbers(source.text, Complaints(problems, source.shown))
    sizes = numbers.take(2, "rows and columns", 1, MOST_ITEMS)
    if sizes is None:
        return None
    row_count, column_count = sizes
    costs = numbers.take(column_count, "costs", 0, MOST_COST)
    rows = list(_rows(numbers, row_count, column_count))
    if len(numbers) and not problems:
        found = f"{len(numbers)} more numbers"
        problems.add("wrong_count", source.shown, numbers.row(), "", found, "the end of the file")
    if costs is not None and sum(costs) > MOST_COST:
        found = f"costs that sum to {sum(costs)}"
        problems.add("out_of_range", source.shown, None, "costs", found, f"at most {MOST_COST}")
    return None if problems or costs is None else Cover(tuple(costs), tuple(rows))


def _rows(numbers: _Numbers, row_count: int, column_count: int) -> Iterator[tuple[int, ...]]:
    """Yield the columns of each row, until the file is no longer to be followed."""
    for row in range(1, row_count + 1):
        count = numbers.take(1, f"number of columns of row {row}", 0, column_count)
        if count is None:
            return
        columns = numbers.take(count[0], f"columns of row {row}", 1, column_count)
        if columns is None and not len(numbers):
            return
        if columns is not None and len(set(columns)) < len(columns):
            twice = Counter(columns).most_common(1)[0][0]
            numbers.complain(
                "duplicate_id", f"columns of row {row}", f"column {twice} again", "it once"
            )
        yield tuple(columns or ())


# ---- from a cover to a scenario -----------------------------------------------------------------


def convert(cover: Cover, source: Source) -> Conversion:
    """Return the cover as a scenario of one teacher who needs every row, all in one period."""
    names = [f"row-{row}" for row in range(1, len(cover.rows) + 1)]
    covered: list[list[NodeRef]] = [[] for _ in cover.costs]
    for name, columns in zip(names, cover.rows, strict=True):
        node = node_of(name)
        for column in columns:
            covered[column - 1].append(node)
    hours = sum(cover.costs)
    priced = hours > MOST_AMOUNT
    mode_at = cache(partial(_mode, priced=priced))
    modules = [
        _module(column, tuple(nodes), mode_at(cost))
        for column, (nodes, cost) in enumerate(zip(covered, cover.costs, strict=True), 1)
        if nodes
    ]
    scenario = Scenario(
        source.identifier,
        source.identifier,
        model_of(source.identifier, topics(names)),
        tuple(modules),
        weeks(1),
        (Teacher(TEACHER, (0 if priced else hours,), TEACHER, goals=goals_on(names)),),
        objectives=(ObjectiveSpec(ObjectiveName.COST if priced else ObjectiveName.STUDY_HOURS),),
        funds=(Fund(SOURCE, SOURCE),) if priced else (),
    )
    return Conversion(scenario, remarks=_left_out(covered, source))


def _module(column: int, nodes: tuple[NodeRef, ...], mode: Mode) -> Module:
    name = f"column-{column}"
    return Module(name, name, Component.SUBJECT, nodes, (mode,), entry=NO_ENTRY)


def _mode(cost: int, *, priced: bool) -> Mode:
    return Mode(
        "mode-1",
        FORM,
        contact_hours=0 if priced else cost,
        independent_hours=0,
        practice_hours=0,
        duration=1,
        credits=0,
        price=cost if priced else 0,
    )


def _left_out(covered: Sequence[Sequence[NodeRef]], source: Source) -> tuple[InputProblem, ...]:
    """Return a remark on the columns that cover nothing, of which no module can be made."""
    idle = [column for column, nodes in enumerate(covered, 1) if not nodes]
    if not idle:
        return ()
    found = f"{len(idle)} columns that cover no row are left out, the first is {idle[0]}"
    return (InputProblem("idle_column", found, "columns that cover a row", source.shown),)


def _looks_like(source: Source) -> bool:
    head = source.text[:2_000].split()[:20]
    return len(head) > 2 and all(token.isascii() and token.isdecimal() for token in head[:-1])


def _read(source: Source, problems: Problems) -> Conversion | None:
    cover = parse(source, problems)
    return None if cover is None else convert(cover, source)


SET_COVER = Importer(
    "set-cover", "weighted set covering: OR-Library", (".txt", ".scp"), _looks_like, _read
)
