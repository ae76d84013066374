"""Short ways to write nodes, modes, modules and steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.competence import Component, NodeRef, parse_node
from trajectory_engine.domain.plan import Step

MONDAY = date(2027, 1, 18)


def node(text: str) -> NodeRef:
    """Return the node that is written so."""
    parsed = parse_node(text)
    assert parsed is not None
    return parsed


def nodes(*texts: str) -> tuple[NodeRef, ...]:
    """Return the nodes that are written so."""
    return tuple(map(node, texts))


def mode(identifier: str, hours: int, duration: int, **fields: Any) -> Mode:
    """Return a mode whose hours are all contact hours unless told otherwise."""
    defaults: dict[str, Any] = {
        "form": identifier,
        "contact_hours": hours,
        "independent_hours": 0,
        "practice_hours": 0,
        "credits": 0,
        "price": 0,
    }
    return Mode(id=identifier, duration=duration, **{**defaults, **fields})


def module(identifier: str, teaches: tuple[NodeRef, ...], *modes: Mode, **fields: Any) -> Module:
    """Return a subject module unless told otherwise."""
    defaults: dict[str, Any] = {"name": identifier, "component": Component.SUBJECT}
    return Module(id=identifier, teaches=teaches, modes=modes, **{**defaults, **fields})


def step(
    module_id: str,
    mode_id: str,
    span: tuple[int, int],
    figures: tuple[int, int, int] = (0, 0, 0),
    paid: dict[str, int] | None = None,
    attains: tuple[str, ...] = (),
    **fields: Any,
) -> Step:
    """Return a step; figures are hours, credits and price; dates are those of weeks."""
    start, end = span
    last = MONDAY + timedelta(weeks=end) - timedelta(days=1) if end else MONDAY
    defaults: dict[str, Any] = {
        "run": None,
        "start_date": MONDAY + timedelta(weeks=start) if end > start else last,
        "end_date": last,
    }
    return Step(
        module=module_id,
        mode=mode_id,
        start=start,
        end=end,
        hours=figures[0],
        credits=figures[1],
        cost=figures[2],
        paid_by=tuple((paid or {}).items()),
        attains=attains,
        **{**defaults, **fields},
    )
