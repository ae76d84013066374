"""Explanations as JSON documents, written and read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from trajectory_engine.domain.explanation import (
    Change,
    Conflict,
    Explanation,
    Limit,
    Member,
    Repair,
    Shortfall,
    TeacherExplanation,
)
from trajectory_engine.domain.explanation_sentences import tell
from trajectory_engine.domain.messages import Message
from trajectory_engine.errors import InputError, InputProblem
from trajectory_engine.io.explanation_document import (
    EXPLANATION_FORMAT,
    EXPLANATION_VERSION,
    ChangePart,
    ConflictPart,
    ExplainedPart,
    ExplanationDocument,
    MemberPart,
    RepairPart,
)
from trajectory_engine.io.results import (
    false_objectives,
    objective_documents,
    read_messages,
    read_objectives,
    validated,
)


def explanation_to_json(explanation: Explanation) -> str:
    """Return an explanation as one JSON document; it holds no timings."""
    document = {
        "format": EXPLANATION_FORMAT,
        "version": EXPLANATION_VERSION,
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
        "further": [_conflict(conflict) for conflict in teacher.further],
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
            {
                "limit": s.limit,
                "settled": s.settled,
                "changes": _messages(s.changes),
                "removal_helps": s.removal_helps,
                "remaining": list(s.remaining),
            }
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


def explanation_from_json(text: str | bytes) -> Explanation:
    """Return the explanation of a document; timings are not part of it.

    What can be computed is not taken from the text: sums of prices, whether conflicts are minimal,
    gaps and proofs are compared with what the parts give; texts of messages are left aside.

    Raises
    ------
    InputError
        With every fault; ``column`` holds the JSON path.
    """
    document = validated(text, ExplanationDocument)
    problems = [
        problem
        for i, teacher in enumerate(document.teachers)
        for problem in _false_claims(f"teachers[{i}]", teacher)
    ]
    if problems:
        raise InputError(problems)
    return Explanation(
        scenario=document.scenario,
        input_hash=document.input_hash,
        engine_version=document.engine_version,
        solver_version=document.solver_version,
        seed=document.seed,
        teachers=tuple(map(_read_teacher, document.teachers)),
        reproducible=document.reproducible,
    )


def _false_claims(where: str, teacher: ExplainedPart) -> Iterator[InputProblem]:
    """Yield what the document says of its own parts and they do not."""
    known = {tuple(m.limit for m in c.members) for c in (*teacher.conflicts, *teacher.further)}
    for name, parts in (("conflicts", teacher.conflicts), ("further", teacher.further)):
        for i, conflict in enumerate(parts):
            yield from _false_of_conflict(f"{where}.{name}[{i}]", conflict, known)
    for i, repair in enumerate(teacher.repairs):
        here = f"{where}.repairs[{i}]"
        price = sum(change.price for change in repair.changes)
        if repair.price != price:
            yield _false(f"{here}.price", repair.price, price, "the changes")
        yield from false_objectives(f"{here}.objectives", repair.objectives)


def _false_of_conflict(
    where: str, conflict: ConflictPart, known: Collection[tuple[str, ...]]
) -> Iterator[InputProblem]:
    minimal = all(member.needed for member in conflict.members)
    if conflict.minimal != minimal:
        yield _false(f"{where}.minimal", conflict.minimal, minimal, "the members")
    for k, member in enumerate(conflict.members):
        kind = member.kind.value
        if member.limit != kind and not member.limit.startswith(f"{kind}:"):
            yield _false(f"{where}.members[{k}].limit", member.limit, f"{kind}:...", "the kind")
    for k, short in enumerate(conflict.shortfalls):
        left = short.remaining
        if left and (left not in known or short.limit in left or short.changes):
            column, expected = f"{where}.shortfalls[{k}].remaining", "a conflict without the limit"
            yield _false(column, list(left), expected, "the conflicts")


def _false(column: str, found: object, expected: object, source: str) -> InputProblem:
    shown = json.dumps(found)
    return InputProblem(
        "false_claim", shown, f"{json.dumps(expected)}, from {source}", column=column
    )


def _read_teacher(part: ExplainedPart) -> TeacherExplanation:
    return TeacherExplanation(
        teacher=part.id,
        status=part.status,
        conflicts=tuple(map(_read_conflict, part.conflicts)),
        repairs=tuple(map(_read_repair, part.repairs)),
        open_questions=read_messages(part.open_questions),
        further=tuple(map(_read_conflict, part.further)),
    )


def _read_conflict(part: ConflictPart) -> Conflict:
    return Conflict(
        members=tuple(map(_read_member, part.members)),
        confirmed=part.confirmed,
        causes=read_messages(part.causes),
        shortfalls=tuple(
            Shortfall(s.limit, read_messages(s.changes), s.settled, s.removal_helps, s.remaining)
            for s in part.shortfalls
        ),
    )


def _read_member(part: MemberPart) -> Member:
    subject = part.limit.removeprefix(part.kind.value).removeprefix(":")
    return Member(Limit(part.kind, subject), read_messages([part])[0], part.needed)


def _read_change(part: ChangePart) -> Change:
    text = read_messages([part])[0]
    return Change(part.limit, part.knob, part.amount, part.unit, part.price, text)


def _read_repair(part: RepairPart) -> Repair:
    return Repair(
        changes=tuple(map(_read_change, part.changes)),
        price=part.price,
        cheapest=part.cheapest,
        status=part.status,
        objectives=read_objectives(part.objectives),
    )
