"""The judge: an independent check of any plan, and its objective values recomputed.

Imports the domain only; it shares its definitions with what makes plans, and no other code.
"""

from trajectory_engine.checks.codes import Code
from trajectory_engine.checks.score import score
from trajectory_engine.checks.verify import verify, verify_teacher

__all__ = ["Code", "score", "verify", "verify_teacher"]
