"""The reduction: a smaller problem with the same answer, step by step.

One file per step; each says in its docstring why it may do what it does, and in
:mod:`trajectory_engine.reduce.pipeline` what it preserves.
"""

from trajectory_engine.reduce.contracts import (
    ANY_PLAN,
    COHORT,
    EVERY_PLAN,
    PLAN,
    Contract,
    Preserves,
)
from trajectory_engine.reduce.pipeline import STEPS, Reduced, Step, reduce_problem
from trajectory_engine.reduce.report import ReductionReport, Size, StepReport

__all__ = [
    "ANY_PLAN",
    "COHORT",
    "EVERY_PLAN",
    "PLAN",
    "STEPS",
    "Contract",
    "Preserves",
    "Reduced",
    "ReductionReport",
    "Size",
    "Step",
    "StepReport",
    "reduce_problem",
]
