"""The shipped scenarios without a plan are explained by the cause that their READMEs name."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.main import main
from trajectory_engine.domain.explanation_sentences import tell
from trajectory_engine.domain.plan import Status

ROOT = Path(__file__).parents[2]
NAMES = ("budget", "deadline", "rules", "catalogue")


def explained(name: str) -> te.Explanation:
    return te.explain(te.load_scenario(ROOT / "scenarios" / f"infeasible-{name}"))


@pytest.mark.parametrize(
    ("name", "members", "figure", "repair", "price"),
    [
        # 70,000 for BOTH and LOGIC, 55,000 from the sources.
        (
            "budget",
            ["goal:task:lesson", "fund:state", "fund:self"],
            "short by 15 000.00 KZT",
            {"fund:self": 1_500_000},
            1_500_000,
        ),
        # LOGIC in week 1, ERR in weeks 2 to 4, the deadline after week 3.
        (
            "deadline",
            ["goal:task:lesson", "deadline"],
            "LOGIC (0 to 1) -> ERR (1 to 4)",
            {"deadline": 1},
            1_000_000,
        ),
        # NUM, ERR, LOGIC and TALK: 32 hours, 1.06 credits.
        (
            "rules",
            ["rule:HOURS-40", "rule:CREDITS-1"],
            None,
            {"rule:CREDITS-1/most": 6, "rule:HOURS-40/least": 8},
            6 * 300_000 + 8 * 1_000_000,
        ),
        (
            "catalogue",
            ["goal:P[quiz]@3", "catalogue"],
            "none of the 6 modules teaches P[quiz]@3",
            {"goal:P[quiz]@3": 1},
            100_000_000,
        ),
    ],
)
def test_cause_figure_and_cheapest_repair(
    name: str, members: list[str], figure: str | None, repair: dict[str, int], price: int
) -> None:
    found = explained(name).of("A")
    assert found.status is Status.INFEASIBLE
    (conflict,) = found.conflicts
    assert [m.limit.id for m in conflict.members] == members
    assert conflict.confirmed and conflict.minimal
    if figure is not None:
        assert any(figure in tell(cause) for cause in conflict.causes)
    first = found.repairs[0]
    assert {c.knob: c.amount for c in first.changes} == repair
    assert (first.price, first.cheapest, first.status) == (price, True, Status.OPTIMAL)
    assert not found.open_questions


def test_shortfalls_of_two_rules() -> None:
    """The goal takes 28 hours and 0.93 credits; all modules but BOTH 40 hours and 1.33 credits."""
    (conflict,) = explained("rules").of("A").conflicts
    texts = {s.limit: [tell(m) for m in s.changes] for s in conflict.shortfalls}
    assert "28 hours instead of 40 hours (12 hours less)" in texts["rule:HOURS-40"][0]
    assert "1.33 credits instead of 1.00 credits" in texts["rule:CREDITS-1"][0]
    assert all(s.settled for s in conflict.shortfalls)


def test_what_remains_where_one_change_is_not_enough() -> None:
    """QUIZ costs 10,000 and NUM 40,000, the purse holds 5,000: both goals are too dear for it."""
    found = explained("twice").of("A")
    (first,), (second,) = found.conflicts, found.further
    assert first.ids == ("goal:P[quiz]@2", "fund:self")
    assert second.ids == ("goal:Sub[num]@3", "fund:self")
    assert second.confirmed and second.minimal
    goal, purse = first.shortfalls
    assert (goal.changes, goal.remaining) == ((), second.ids)
    assert "45 000.00 KZT more" in tell(purse.changes[0])
    # To give up either goal leaves the other one: the second repair has to change both.
    assert {c.knob: c.amount for c in found.repairs[1].changes} == {
        "goal:P[quiz]@2": 2,
        "goal:Sub[num]@3": 1,
    }


def test_what_of_a_source_is_not_negotiable_is_said() -> None:
    """The state order pays half of a price, whatever it may pay in all."""
    (conflict,) = explained("budget").of("A").conflicts
    state = next(s for s in conflict.shortfalls if s.limit == "fund:state")
    assert state.settled and state.removal_helps
    assert not state.changes and not state.remaining


def test_a_price_of_never_is_honoured() -> None:
    """The lesson is not negotiable there, so one repair is all there is."""
    repairs = explained("deadline").of("A").repairs
    assert [c.knob for r in repairs for c in r.changes] == ["deadline"]


@pytest.mark.parametrize("name", NAMES)
def test_command_names_the_cause_in_time(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    code = main(["explain", str(ROOT / "scenarios" / f"infeasible-{name}"), "--json"])
    seconds = time.monotonic() - began
    document = json.loads(capsys.readouterr().out)
    with capsys.disabled():
        sys.stdout.write(f"\nexplain infeasible-{name}: {seconds:.2f} s\n")
    assert code == ExitCode.INFEASIBLE
    (teacher,) = document["teachers"]
    assert teacher["conflicts"][0]["minimal"] and teacher["repairs"][0]["cheapest"]
    assert seconds < 10


def test_nothing_to_explain(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["explain", str(ROOT / "scenarios" / "tiny"), "--teacher", "A"])
    shown = capsys.readouterr().out
    assert code == ExitCode.OK
    assert "there is a plan, nothing to explain" in shown


def test_unknown_teacher_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["explain", str(ROOT / "scenarios" / "tiny"), "--teacher", "C"])
    assert code == ExitCode.INVALID
    assert "'C'" in capsys.readouterr().err


def test_no_time_says_what_is_not_settled() -> None:
    scenario = te.load_scenario(ROOT / "scenarios" / "infeasible-budget")
    found = te.explain(scenario, time_limit=1e-6).of("A")
    assert found.status is Status.UNKNOWN
    assert [tell(m) for m in found.open_questions]
    assert not found.conflicts and not found.repairs
