"""Whether a plan keeps the rules that a relaxation has left away."""

from __future__ import annotations

from trajectory_engine.problem.decode import Decoded
from trajectory_engine.problem.evaluate import row_holds
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.rows import Taken


def keeps_covering_rules(facts: TeacherFacts, decoded: Decoded) -> bool:
    """Return whether a plan keeps every rule that leaving modules out can violate.

    Soft rules are asked for as well: a plan that breaks one need not be the best of the whole
    problem.

    Parameters
    ----------
    facts : TeacherFacts
        Under the rules that are asked for.
    decoded : Decoded
        The plan, of the same teacher and catalogue.
    """
    offered = [
        Taken((i, 0), taking.module, taking.mode, (taking.start,))
        for i, taking in enumerate(decoded.takings)
    ]
    starts = {(i, 0): taking.start for i, taking in enumerate(decoded.takings)}
    if not all(row_holds(row, starts) for row in facts.rules.rows(offered) if row.covering):
        return False
    formed = {n for n in range(facts.index.graph.node_count) if decoded.is_formed(n)}
    return all(row.holds(formed) for _, rows in facts.balances for row in rows)
