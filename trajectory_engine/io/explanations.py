"""Explanations as JSON documents."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from trajectory_engine.domain.explanation import (
    Conflict,
    Explanation,
    Repair,
    TeacherExplanation,
)
from trajectory_engine.domain.explanation_sentences import tell
from trajectory_engine.domain.messages import Message
from trajectory_engine.io.results import objective_documents

FORMAT = "trajectory-engine/explanation"
VERSION = 1


def explanation_to_json(explanation: Explanation) -> str:
    """Return an explanation as one JSON document; it holds no timings."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "scenario": explanation.scenario,
        "input_hash": explanation.input_hash,
        "engine_version": explanation.engine_version,
        "solver_version": explanation.solver_version,
        "seed": explanation.seed,
        "reproducible": explanation.reproducible,
        "teachers": [_teacher(teacher) for teacher in explanation.teachers],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _message(message: Message) -> dict[str, Any]:
    return {
        "code": message.code,
        "parameters": dict(message.parameters),
        "text": tell(message),
    }


def _messages(messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [_message(message) for message in messages]


def _teacher(teacher: TeacherExplanation) -> dict[str, Any]:
    return {
        "id": teacher.teacher,
        "status": teacher.status.value,
        "conflicts": [_conflict(conflict) for conflict in teacher.conflicts],
        "repairs": [_repair(repair) for repair in teacher.repairs],
        "open_questions": _messages(teacher.open_questions),
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "confirmed": conflict.confirmed,
        "minimal": conflict.minimal,
        "members": [
            {
                "limit": m.limit.id,
                "kind": m.limit.kind.value,
                "needed": m.needed,
                **_message(m.text),
            }
            for m in conflict.members
        ],
        "causes": _messages(conflict.causes),
        "shortfalls": [
            {"limit": s.limit, "settled": s.settled, "changes": _messages(s.changes)}
            for s in conflict.shortfalls
        ],
    }


def _repair(repair: Repair) -> dict[str, Any]:
    return {
        "price": repair.price,
        "cheapest": repair.cheapest,
        "status": repair.status.value,
        "changes": [
            {
                "limit": c.limit,
                "knob": c.knob,
                "amount": c.amount,
                "unit": c.unit,
                "price": c.price,
                **_message(c.text),
            }
            for c in repair.changes
        ],
        "objectives": objective_documents(repair.objectives),
    }
