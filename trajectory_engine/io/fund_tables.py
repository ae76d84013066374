"""Reading the sources of money and their yearly budgets."""

from __future__ import annotations

from collections import defaultdict

from trajectory_engine.domain.funding import Fund, YearBudget
from trajectory_engine.io.folder_reader import FolderReader
from trajectory_engine.io.rows import FundRow, FundYearRow


def read_funds(reader: FolderReader) -> tuple[Fund, ...]:
    """Return the funds of ``funds.csv`` with the budgets of ``fund_years.csv``."""
    table = reader.table("funds.csv", FundRow)
    years = reader.table("fund_years.csv", FundYearRow)
    known = {row.id for row in table.rows}
    budgets: defaultdict[str, list[tuple[YearBudget, int]]] = defaultdict(list)
    for row, line in years:
        if row.fund in known:
            budgets[row.fund].append((YearBudget(row.year, row.budget), line))
        else:
            reader.unknown(years, line, "fund", row.fund, "fund")
    reader.places.add_rows(("funds",), table.file, table.lines)
    funds = []
    for i, row in enumerate(table.rows):
        mine = budgets[row.id]
        lines = [line for _, line in mine]
        reader.places.add_rows(("funds", i, "yearly"), years.file, lines)
        yearly = tuple(budget for budget, _ in mine)
        funds.append(Fund(**{**row._asdict(), "name": row.name or row.id, "yearly": yearly}))
    return tuple(funds)
