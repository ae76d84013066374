"""JSON Schemas of the files, generated from what reads them."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from datetime import date
from enum import Enum
from importlib import resources
from typing import Any

from pydantic import BaseModel

from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.json_reader import KIND, fields_of, kind_of
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.serial import SCENARIO_FORMAT, SCENARIO_VERSION
from trajectory_engine.io.answer_documents import (
    AlternativesDocument,
    AssessmentDocument,
    FrontDocument,
    PricesDocument,
    ReasonsDocument,
    RobustDocument,
)
from trajectory_engine.io.documents import ModelDocument, ScenarioDocument
from trajectory_engine.io.explanation_document import ExplanationDocument
from trajectory_engine.io.plan_document import PlanDocument
from trajectory_engine.io.rule_documents import StandardDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_MODELS: dict[str, tuple[type[BaseModel], str]] = {
    "model": (ModelDocument, "model.yaml"),
    "scenario": (ScenarioDocument, "scenario.yaml"),
    "standard": (StandardDocument, "A ministry standard (YAML)"),
    "plan": (PlanDocument, "plan.json"),
    "pareto": (FrontDocument, "pareto.json"),
    "alternatives": (AlternativesDocument, "alternatives.json"),
    "prices": (PricesDocument, "prices.json"),
    "why": (ReasonsDocument, "why.json"),
    "robust": (RobustDocument, "robust.json"),
    "assess": (AssessmentDocument, "assess.json"),
    "explanation": (ExplanationDocument, "explain --json"),
}

NAMES = (*_MODELS, "scenario-json")
"""Names of the schemas; ``<name>.schema.json`` is the file in this folder."""


def shipped(name: str) -> dict[str, Any]:
    """Return the schema of that name as it is shipped."""
    file = resources.files(__name__).joinpath(f"{name}.schema.json")
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def generated(name: str) -> dict[str, Any]:
    """Return the schema of that name, made from the types that read the file."""
    if name == "scenario-json":
        return _scenario_json_schema()
    model, title = _MODELS[name]
    schema = model.model_json_schema(mode="validation")
    return {"$schema": DIALECT, **schema, "title": title}


def schema_text(name: str) -> str:
    """Return what the file of a schema should hold."""
    return json.dumps(generated(name), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _scenario_json_schema() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    body = _schema_of(Scenario, definitions)
    return {
        "$schema": DIALECT,
        "title": "A scenario as one JSON document",
        "type": "object",
        "properties": {
            "format": {"const": SCENARIO_FORMAT},
            "version": {"const": SCENARIO_VERSION},
            "scenario": body,
        },
        "required": ["format", "version", "scenario"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _schema_of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a type of the domain; dataclasses go to ``definitions``."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        members = typing.get_args(hint)
        tagged = len([m for m in members if m is not type(None)]) > 1
        return {"anyOf": [_member(m, definitions, tagged=tagged) for m in members]}
    if typing.get_origin(hint) is tuple:
        first, *rest = typing.get_args(hint)
        if rest == [Ellipsis]:
            return {"type": "array", "items": _schema_of(first, definitions)}
        items = [_schema_of(h, definitions) for h in (first, *rest)]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    if hint is NodeRef:
        return {"type": "string", "pattern": r"^(Sub|P|S|B)\[[^\[\]@]+\]@[0-9]+$"}
    if hint is date:
        return {"type": "string", "format": "date"}
    if dataclasses.is_dataclass(hint):
        return _object_schema(typing.cast("type", hint), definitions, tagged=False)
    if issubclass(hint, Enum):
        return {"type": "string", "enum": [m.value for m in hint]}
    return {"type": {str: "string", int: "integer", bool: "boolean"}[hint]}


def _member(hint: Any, definitions: dict[str, Any], *, tagged: bool) -> dict[str, Any]:
    if hint is type(None):
        return {"type": "null"}
    if tagged:
        return _object_schema(hint, definitions, tagged=True)
    return _schema_of(hint, definitions)


def _object_schema(cls: type, definitions: dict[str, Any], *, tagged: bool) -> dict[str, Any]:
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}
        properties = {n: _schema_of(h, definitions) for n, h in fields_of(cls).items()}
        required = [
            f.name
            for f in dataclasses.fields(cls)
            if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        ]
        if tagged:
            properties = {KIND: {"const": kind_of(cls)}, **properties}
            required = [KIND, *required]
        definitions[cls.__name__] = {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{cls.__name__}"}
