"""Sentences count their nouns, and every message of an explanation has a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trajectory_engine.domain.explanation_sentences import FUND_PARTS, WHY_NOT, tell
from trajectory_engine.domain.messages import Message, render

PACKAGE = Path(__file__).parents[2] / "trajectory_engine"


@pytest.mark.parametrize(
    ("count", "unit", "sentence"),
    [
        (1, "week", "move the deadline by 1 week, to the end of week 4 (2027-01-31)"),
        (2, "month", "move the deadline by 2 months, to the end of month 4 (2027-01-31)"),
        (0, "term", "move the deadline by 0 terms, to the end of term 4 (2027-01-31)"),
    ],
)
def test_nouns_follow_their_number(count: int, unit: str, sentence: str) -> None:
    message = Message.of("change_deadline", periods=count, unit=unit, period=4, date="2027-01-31")
    assert tell(message) == sentence


def test_a_range_is_more_than_one() -> None:
    assert render(Message.of("x", hours="0 to 1"), {"x": "{hours:hour}"}) == "0 to 1 hours"


def test_restrictions_of_a_source_are_named_together() -> None:
    message = Message.of(
        "limit_fund_total_share_only", fund="F", total="5", share="1/2", only="form distance"
    )
    assert tell(message) == (
        "the source F pays at most 5 for this teacher, and 1/2 of a price, only for form distance"
    )
    assert len([code for code in WHY_NOT if code.startswith("limit_fund")]) == (
        2 ** (len(FUND_PARTS) + 1) + 1  # and that of a source that is closed to the teacher
    )


def test_every_code_of_an_explanation_has_a_sentence() -> None:
    texts = (p.read_text(encoding="utf-8") for p in (PACKAGE / "explain").rglob("*.py"))
    codes = {code for text in texts for code in re.findall(r'Message\.of\(\s*"(\w+)"', text)}
    assert len(codes) > 30
    assert codes <= WHY_NOT.keys()
