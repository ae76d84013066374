"""Authored prerequisites with levels: AND, OR and k-of-n."""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.domain.competence import NodeRef


@dataclass(frozen=True, slots=True)
class Requirement:
    """At least ``least`` of ``needs`` must be formed before ``node`` can be.

    ``least == len(needs)`` is AND, ``least == 1`` is OR, anything between is k-of-n.  Several
    requirements of one node must all hold, so every monotone condition can be written.

    Attributes
    ----------
    node : NodeRef
        Node that has the requirement.
    needs : tuple of NodeRef
        Alternatives; distinct, not empty.
    least : int
        1 to ``len(needs)``.
    """

    node: NodeRef
    needs: tuple[NodeRef, ...]
    least: int
