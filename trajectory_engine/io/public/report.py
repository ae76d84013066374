"""What is said of one file in reading it: its faults, and what is assumed or left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from trajectory_engine.errors import InputProblem
from trajectory_engine.io.public.complaints import Complaints


@dataclass(frozen=True)
class Report(Complaints):
    """Where the faults of one file go, and the remarks on it.

    Attributes
    ----------
    remarks : list of InputProblem
        What is odd but allowed, assumed, or left out.
    """

    remarks: list[InputProblem] = field(default_factory=list)

    def remark(self, code: str, row: int | None, column: str, found: str, expected: str) -> None:
        """Remark on something that is no fault."""
        self.remarks.append(InputProblem(code, found, expected, self.shown, row, column))
