"""Results in and out: ``plan.json``, ``plan.csv`` and ``run.json``."""

from __future__ import annotations

import csv
import io
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from trajectory_engine.domain.json_reader import json_path
from trajectory_engine.domain.messages import Message, render
from trajectory_engine.domain.plan import (
    FundBalance,
    Objective,
    RecognisedLearning,
    Result,
    Step,
    TeacherPlan,
)
from trajectory_engine.domain.serial import parse_json
from trajectory_engine.errors import InputError, InputProblem
from trajectory_engine.io.atomic import AnyPath, write_files
from trajectory_engine.io.plan_document import (
    PLAN_FORMAT,
    PLAN_VERSION,
    BalancePart,
    MessagePart,
    ObjectivePart,
    PlanDocument,
    StepPart,
    TeacherPart,
)

STEP_COLUMNS = (
    "teacher",
    "module",
    "mode",
    "run",
    "start",
    "end",
    "start_date",
    "end_date",
    "hours",
    "credits",
    "cost",
    "paid_by",
    "attains",
    "because",
)
"""Columns of ``plan.csv``."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Document = TypeVar("Document", bound=BaseModel)


def credits_text(hundredths: int) -> str:
    """Return credits as a decimal without needless zeros.

    Examples
    --------
    >>> credits_text(120), credits_text(125), credits_text(300)
    ('1.2', '1.25', '3')
    """
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def _hundredths(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def result_to_json(result: Result) -> str:
    """Return the text of ``plan.json``: the same result gives the same bytes, no timings."""
    document = {
        "format": PLAN_FORMAT,
        "version": PLAN_VERSION,
        "scenario": result.scenario,
        "input_hash": result.input_hash,
        "engine_version": result.engine_version,
        "solver_version": result.solver_version,
        "seed": result.seed,
        "workers": result.workers,
        "status": result.status.value,
        "reproducible": result.reproducible,
        "objectives": objective_documents(result.objectives),
        "teachers": [teacher_document(plan) for plan in result.teachers],
        "funds": list(map(asdict, result.funds)),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def objective_documents(objectives: Iterable[Objective]) -> list[dict[str, Any]]:
    """Return objectives as values of JSON."""
    return [
        {
            "name": o.name,
            "value": o.value,
            "bound": o.bound,
            "gap": o.gap,
            "proven": o.proven,
            "tolerance": o.tolerance,
        }
        for o in objectives
    ]


def _messages(messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [{"code": m.code, "parameters": dict(m.parameters), "text": render(m)} for m in messages]


def teacher_document(plan: TeacherPlan) -> dict[str, Any]:
    """Return the answer for one teacher as it stands in ``plan.json``."""
    return {
        "id": plan.teacher,
        "status": plan.status.value,
        "objectives": objective_documents(plan.objectives),
        "steps": [step_document(step) for step in plan.steps],
        "formed_by_rule": [{"node": n, "period": p} for n, p in plan.formed_by_rule],
        "unmet": list(plan.unmet),
        "broken_rules": list(plan.broken_rules),
        "tasks_solvable": list(plan.tasks_solvable),
        "reasons": _messages(plan.reasons),
        "warnings": _messages(plan.warnings),
        "funds": list(map(asdict, plan.funds)),
        "recognised": [
            {"id": r.id, "evidence": r.evidence, "nodes": list(r.nodes)} for r in plan.recognised
        ],
    }


def step_document(step: Step) -> dict[str, Any]:
    """Return a step as it stands in ``plan.json``."""
    return {
        "module": step.module,
        "mode": step.mode,
        "run": step.run,
        "start": step.start,
        "end": step.end,
        "start_date": step.start_date.isoformat(),
        "end_date": step.end_date.isoformat(),
        "hours": step.hours,
        "credits": credits_text(step.credits),
        "cost": step.cost,
        "paid_by": dict(step.paid_by),
        "attains": list(step.attains),
        "because": list(step.because),
    }


def result_from_json(text: str | bytes) -> Result:
    """Return the result of a ``plan.json``; timings are not part of it.

    What can be computed is not taken from the text: gaps and proofs are compared with what
    value and bound give, texts of messages are left aside.

    Raises
    ------
    InputError
        With every fault; ``column`` holds the JSON path.
    """
    document = validated(text, PlanDocument)
    problems = list(_false_proofs(document))
    if problems:
        raise InputError(problems)
    return Result(
        scenario=document.scenario,
        input_hash=document.input_hash,
        engine_version=document.engine_version,
        solver_version=document.solver_version,
        seed=document.seed,
        workers=document.workers,
        status=document.status,
        objectives=read_objectives(document.objectives),
        teachers=tuple(map(_read_teacher, document.teachers)),
        reproducible=document.reproducible,
        funds=_read_balances(document.funds),
    )


def validated(text: str | bytes, model: type[Document]) -> Document:
    """Return a JSON text as a document of a contract.

    Raises
    ------
    InputError
        With every fault; ``column`` holds the JSON path.
    """
    values = parse_json(text)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InputError(
            [
                InputProblem(
                    fault["type"],
                    _shown(fault["input"]),
                    fault["msg"],
                    column=json_path(tuple(fault["loc"])),
                )
                for fault in error.errors(include_url=False)
            ]
        ) from None


def _false_proofs(document: PlanDocument) -> Iterator[InputProblem]:
    """Yield what objectives say of their gap and proof against their own value and bound."""
    listed = [("objectives", document.objectives)]
    listed += [(f"teachers[{i}].objectives", t.objectives) for i, t in enumerate(document.teachers)]
    for where, parts in listed:
        yield from false_objectives(where, parts)


def false_objectives(where: str, parts: Iterable[ObjectivePart]) -> Iterator[InputProblem]:
    """Yield where gap or proof of objectives are not what their value and bound give."""
    for i, part in enumerate(parts):
        right = Objective(part.name, part.value, part.bound, part.tolerance)
        for key, found, expected in (
            ("gap", part.gap, right.gap),
            ("proven", part.proven, right.proven),
        ):
            if found != expected:
                yield InputProblem(
                    "false_proof",
                    _shown(found),
                    f"{_shown(expected)}, from value and bound",
                    column=f"{where}[{i}].{key}",
                )


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."


def read_objectives(parts: Iterable[ObjectivePart]) -> tuple[Objective, ...]:
    """Return objectives as they are in the domain."""
    return tuple(Objective(p.name, p.value, p.bound, p.tolerance) for p in parts)


def read_messages(parts: Iterable[MessagePart]) -> tuple[Message, ...]:
    """Return messages as they are in the domain; their texts are left aside."""
    return tuple(Message(p.code, tuple(p.parameters.items())) for p in parts)


def _read_balances(parts: Iterable[BalancePart]) -> tuple[FundBalance, ...]:
    return tuple(FundBalance(**p.model_dump()) for p in parts)


def _read_teacher(part: TeacherPart) -> TeacherPlan:
    return TeacherPlan(
        teacher=part.id,
        status=part.status,
        objectives=read_objectives(part.objectives),
        steps=tuple(map(_read_step, part.steps)),
        formed_by_rule=tuple((f.node, f.period) for f in part.formed_by_rule),
        unmet=part.unmet,
        broken_rules=part.broken_rules,
        tasks_solvable=part.tasks_solvable,
        reasons=read_messages(part.reasons),
        warnings=read_messages(part.warnings),
        funds=_read_balances(part.funds),
        recognised=tuple(RecognisedLearning(r.id, r.evidence, r.nodes) for r in part.recognised),
    )


def _read_step(part: StepPart) -> Step:
    values = {name: getattr(part, name) for name in StepPart.model_fields}
    values["credits"] = _hundredths(part.credits)
    values["paid_by"] = tuple(part.paid_by.items())
    return Step(**values)


def step_rows(result: Result) -> list[dict[str, Any]]:
    """Return one map a step, in the order of teachers and steps, with ``STEP_COLUMNS``."""
    return [
        {
            "teacher": plan.teacher,
            **step_document(step),
            "paid_by": "|".join(f"{source}:{amount}" for source, amount in step.paid_by),
            "attains": "|".join(step.attains),
            "because": "|".join(step.because),
        }
        for plan in result.teachers
        for step in plan.steps
    ]


def result_to_csv(result: Result) -> str:
    """Return the text of ``plan.csv``: comma-separated, a row a step.

    A text that a spreadsheet would take for a formula (it begins with ``=``, ``+``, ``-`` or
    ``@``) is given an apostrophe in front; ``plan.json`` has it as it is.
    """
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, STEP_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in step_rows(result):
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return buffer.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def run_to_json(result: Result, extra: Mapping[str, object] | None = None) -> str:
    """Return the text of ``run.json``: what may differ between two runs of the same input.

    Parameters
    ----------
    extra : mapping or None
        Further facts of the run, such as the command line.
    """
    document = {
        "format": "trajectory-engine/run",
        "version": 1,
        "scenario": result.scenario,
        "input_hash": result.input_hash,
        "reproducible": result.reproducible,
        "versions": {
            "engine": result.engine_version,
            "solver": result.solver_version,
            "python": platform.python_version(),
        },
        "timings": [{"stage": t.stage, "seconds": round(t.seconds, 6)} for t in result.timings],
        **(extra or {}),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_result(
    result: Result, directory: AnyPath, extra: Mapping[str, object] | None = None
) -> tuple[Path, ...]:
    """Write ``plan.json``, ``plan.csv`` and ``run.json`` and return their paths.

    Every file is complete or not there: it is written under another name, flushed to the disk
    and then renamed.

    Raises
    ------
    OutputError
        If the folder cannot be made or written to, or the disk is full.
    """
    return write_files(
        directory,
        {
            "plan.json": result_to_json(result),
            "plan.csv": result_to_csv(result),
            "run.json": run_to_json(result, extra),
        },
    )
