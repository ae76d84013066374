"""Answers to questions about a plan as JSON: the same answer gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

from trajectory_engine.domain.answers import (
    Alternatives,
    Easing,
    Front,
    Limit,
    Prices,
    Reasons,
)
from trajectory_engine.domain.robustness import Assessment, Robust, UncertainLevel
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.io.results import step_document, teacher_document

Answer = Alternatives | Front | Prices | Reasons | Robust | Assessment


def answer_to_json(answer: Answer) -> str:
    """Return the text of the JSON document of an answer."""
    head = {
        "version": 1,
        "scenario": answer.scenario,
        "input_hash": answer.input_hash,
        "teacher": answer.teacher,
        "reproducible": answer.reproducible,
    }
    name, body = _body(answer)
    document = {"format": f"trajectory-engine/{name}", **head, **body}
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


@singledispatch
def _body(answer: Answer) -> tuple[str, dict[str, Any]]:
    raise TypeError(f"not an answer: {type(answer).__name__}")


@_body.register
def _(answer: Front) -> tuple[str, dict[str, Any]]:
    points = [
        {
            "values": _figures(zip(answer.over, point.values, strict=True)),
            "proven": point.proven,
            "plan": teacher_document(point.plan),
        }
        for point in answer.points
    ]
    without = answer.without_plan
    return "pareto", {
        "over": [name.value for name in answer.over],
        "held": _limits(answer.held),
        "limits": _limits(answer.limits),
        "status": answer.status.value,
        "complete": answer.complete,
        "solves": answer.solves,
        "points": points,
        "without_plan": None if without is None else teacher_document(without),
    }


@_body.register
def _(answer: Alternatives) -> tuple[str, dict[str, Any]]:
    return "alternatives", {
        "status": answer.status.value,
        "difference": answer.difference.value,
        "least": answer.least,
        "limits": _limits(answer.limits),
        "exhausted": answer.exhausted,
        "optimum": teacher_document(answer.optimum),
        "alternatives": [
            {"differences": list(a.differences), "plan": teacher_document(a.plan)}
            for a in answer.alternatives
        ],
    }


@_body.register
def _(answer: Prices) -> tuple[str, dict[str, Any]]:
    return "prices", {
        "plan": teacher_document(answer.plan),
        "prices": [
            {
                "easing": _easing(price.easing),
                "binding": price.is_binding,
                "proven": price.proven,
                "saved": _figures(price.saved) or None,
                "plan": teacher_document(price.plan),
            }
            for price in answer.prices
        ],
        "waterfall": [
            {
                "added": None if stage.added is None else _easing(stage.added),
                "values": _figures(stage.values) or None,
                "proven": stage.proven,
            }
            for stage in answer.waterfall
        ],
        "missing": [_easing(easing) for easing in answer.missing],
    }


@_body.register
def _(answer: Reasons) -> tuple[str, dict[str, Any]]:
    return "why", {
        "plan": teacher_document(answer.plan),
        "steps": [
            {
                "step": step_document(reason.step),
                "chains": [
                    {"modules": list(c.modules), "purpose": c.purpose} for c in reason.chains
                ],
                "proven": reason.proven,
                "lost": _figures(reason.lost) or None,
                "instead": list(reason.instead),
                "dropped": list(reason.dropped),
                "without": teacher_document(reason.without),
            }
            for reason in answer.steps
        ],
        "missing": list(answer.missing),
    }


@_body.register
def _(answer: Robust) -> tuple[str, dict[str, Any]]:
    return "robust", {
        "threshold": answer.threshold,
        "uncertain": [_level(level) for level in answer.uncertain],
        "cases": [
            {"elements": list(case.elements), "unmet_goals": case.unmet_goals}
            for case in answer.cases
        ],
        "plan": teacher_document(answer.plan),
        "robust": teacher_document(answer.robust),
        "extra": _named(answer.over, answer.extra),
    }


@_body.register
def _(answer: Assessment) -> tuple[str, dict[str, Any]]:
    return "assess", {
        "threshold": answer.threshold,
        "status": answer.status.value,
        "values": _named(answer.over, answer.values),
        "advice": [
            {
                "uncertain": _level(advice.element),
                "hours": advice.hours,
                "confirmed": _named(answer.over, advice.confirmed),
                "confirmed_status": advice.confirmed_status.value,
                "lowered": _named(answer.over, advice.lowered),
                "lowered_status": advice.lowered_status.value,
            }
            for advice in answer.advice
        ],
        "missing": list(answer.left_out),
    }


def _level(level: UncertainLevel) -> dict[str, Any]:
    return {
        "element": level.element,
        "level": level.level,
        "lower": level.lower,
        "confidence": level.confidence,
    }


def _named(names: Iterable[ObjectiveName], values: tuple[int, ...]) -> Mapping[str, int] | None:
    return _figures(zip(names, values, strict=True)) if values else None


def _figures(pairs: Iterable[tuple[ObjectiveName, int]]) -> Mapping[str, int]:
    return {name.value: value for name, value in pairs}


def _limits(limits: Iterable[Limit]) -> Mapping[str, int]:
    return {limit.objective.value: limit.most for limit in limits}


def _easing(easing: Easing) -> dict[str, str]:
    return {"kind": easing.kind.value, "name": easing.name, "change": easing.change.value}
