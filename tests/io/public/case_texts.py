"""A small CASE package, made by hand after the information model of CASE 1.1."""

from __future__ import annotations

import json
from typing import Any

DOCUMENT = "d0"
NUMBERS, CODE = "h1", "h2"
COUNT, ADD, LOOP, TEST = "i1", "i2", "i3", "i4"


def item(identifier: str, statement: str, **more: Any) -> dict[str, Any]:
    """Return an item with what the standard asks for."""
    return {
        "identifier": identifier,
        "uri": f"https://example.org/CFItems/{identifier}",
        "fullStatement": statement,
        "lastChangeDateTime": "2026-09-01T00:00:00Z",
        **more,
    }


def association(kind: str, origin: str, destination: str, **more: Any) -> dict[str, Any]:
    """Return an association with what the standard asks for."""
    return {
        "identifier": f"a-{origin}-{destination}",
        "uri": f"https://example.org/CFAssociations/a-{origin}-{destination}",
        "associationType": kind,
        "originNodeURI": {"identifier": origin, "uri": "https://example.org", "title": origin},
        "destinationNodeURI": {"identifier": destination, "uri": "https://example.org"},
        "lastChangeDateTime": "2026-09-01T00:00:00Z",
        **more,
    }


def package() -> dict[str, Any]:
    """Return a package: two headings, each with two competences.

    Counting precedes adding, and the whole heading of numbers precedes the heading of code, so
    both competences of code need both of numbers; loops precede tests.
    """
    return {
        "CFDocument": {
            "identifier": DOCUMENT,
            "uri": "https://example.org/CFDocuments/d0",
            "creator": "Example",
            "title": "Numbers and code",
            "caseVersion": "1.1",
            "lastChangeDateTime": "2026-09-01T00:00:00Z",
        },
        "CFItems": [
            item(NUMBERS, "Numbers", humanCodingScheme="N", CFItemType="Domain"),
            item(COUNT, "Counts things", humanCodingScheme="N.1", educationLevel=["K"]),
            item(ADD, "Adds whole numbers", abbreviatedStatement="Adds", humanCodingScheme="N.2"),
            item(CODE, "Code", CFItemType="Domain"),
            item(LOOP, "Writes\nloops"),
            item(TEST, "Writes tests"),
        ],
        "CFAssociations": [
            association("isChildOf", NUMBERS, DOCUMENT, sequenceNumber=1),
            association("isChildOf", CODE, DOCUMENT, sequenceNumber=2),
            association("isChildOf", COUNT, NUMBERS, sequenceNumber=1),
            association("isChildOf", ADD, NUMBERS, sequenceNumber=2),
            association("isChildOf", LOOP, CODE),
            association("isChildOf", TEST, CODE),
            association("precedes", COUNT, ADD),
            association("precedes", NUMBERS, CODE),
            association("precedes", LOOP, TEST),
            association("isRelatedTo", ADD, LOOP),
            association("exactMatchOf", COUNT, "of-another-framework"),
            association("exactMatchOf", ADD, "of-another-framework"),
            association("ext:usedIn", ADD, LOOP),
        ],
    }


NEEDS = {COUNT: [], ADD: [COUNT], LOOP: [COUNT, ADD], TEST: [COUNT, ADD, LOOP]}
"""What each competence needs: a chain of four."""


def text_of(value: Any) -> str:
    """Return a value as JSON with a line for every key and item."""
    return json.dumps(value, indent=1)
