"""Problems that are small enough to be argued by hand."""

from __future__ import annotations

from peers.problems import CoverProblem, CurriculumProblem, Job, Mode, ProjectProblem

PROJECT = ProjectProblem(
    (
        Job((Mode(0, (0,), (0,)),), (1, 2)),
        Job((Mode(2, (2,), (5,)), Mode(4, (1,), (1,))), (3,)),
        Job((Mode(3, (1,), (2,)),), (3,)),
        Job((Mode(0, (0,), (0,)),), ()),
    ),
    (2,),
    (6,),
)
"""The quick mode breaks the budget (5 + 2 > 6), so the slow one runs beside the other job: 4."""

COVER = CoverProblem((3, 2, 2), ((0, 1), (0, 2), (0,)))
"""Only column 0 covers the last row, and it covers the others too: 3."""

CURRICULUM = CurriculumProblem(2, (3, 1, 2, 2), ((0, 1),), 1, 10, 1, 3)
"""The largest load of two periods is 4 only as 3 + 1 and 2 + 2, which the order forbids: 5."""
