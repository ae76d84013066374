"""The computing model: counts, sources, sizes, and that everything can be reached."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from trajectory_engine.domain.competence import FormationMode, NodeRef
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.io.scenario_folder import load_scenario

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "computing"
SOURCE = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(ROOT / "scenarios" / "it-teachers")


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def source(name: str) -> Path:
    """Return a file of the source data; skip the test where they are not at hand."""
    path = SOURCE / name
    if not path.exists():
        pytest.skip(f"the source data are not beside the repository: {path}")
    return path


def test_competences_are_complete(scenario: Scenario) -> None:
    subject = Counter(c.group for c in scenario.model.subject)
    own = subject.pop("SCH")
    assert sum(subject.values()) == 163
    assert len(subject) == 18
    assert 2 <= own <= 4
    framework = [c for c in scenario.model.pedagogical if c.id.startswith("DCE-")]
    assert len(framework) == 22
    assert {"err-work", "video"} <= {c.id for c in scenario.model.pedagogical}
    assert len(scenario.model.pedagogical) >= 32
    assert 5 <= len(scenario.model.social) <= 6
    assert 300 <= len(scenario.model.professional) <= 500
    assert {c.formation for c in scenario.model.professional} == set(FormationMode)


def test_density_of_the_matrix_is_the_stated_one(scenario: Scenario) -> None:
    matrix = scenario.model.subject_matrix
    print(f"density of A: {matrix.density:.3f} over {len(matrix.columns)} columns")  # noqa: T201
    stated = re.search(r"(\d+) % of the cells of A exist", (MODEL / "README.md").read_text("utf-8"))
    assert stated
    assert round(100 * matrix.density) == int(stated[1])
    levels = [c.levels for c in matrix.columns]
    assert any(present[0] >= 3 for present in levels), "no zero cell at the bottom"
    assert any(present[-1] - present[0] >= len(present) for present in levels), "none between"


def test_tasks_and_profiles(scenario: Scenario) -> None:
    tasks = scenario.model.tasks
    assert len(tasks) >= 20
    assert all(len(task.paths) >= 2 for task in tasks)
    assert sum(1 for row in table(MODEL / "task_paths.csv") if row["from"]) >= 3
    assert 6 <= len(scenario.model.profiles) <= 10
    goals = [goal for profile in scenario.model.profiles for goal in profile.goals]
    assert {(goal.hard, goal.task is None) for goal in goals} == {
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    }
    alternatives = [r for r in scenario.model.prerequisites if r.least < len(r.needs)]
    assert any(r.least == 1 for r in alternatives)
    assert any(r.least > 1 for r in alternatives)


def test_catalogue_sizes(scenario: Scenario) -> None:
    assert len(scenario.modules) >= 200
    for module in scenario.modules:
        assert 2 <= len(module.modes) <= 3, module.id
        assert len({mode.hours for mode in module.modes}) == 1, module.id
        for mode in module.modes:
            assert mode.hours in (18, 36, 72, 144), module.id
            assert mode.hours * 100 == mode.credits * 30, (module.id, mode.id)
            assert 2 <= mode.duration <= 10, (module.id, mode.id)
            if module.group != "internship" and mode.form not in ("distance", "self-paced"):
                assert 3 * mode.contact_hours >= mode.hours, (module.id, mode.id)


def test_catalogue_variety(scenario: Scenario) -> None:
    assert {"kk", "ru", "en"} <= {k.language for m in scenario.modules for k in m.modes}
    assert any(m.invariant for m in scenario.modules)
    assert any(m.excludes for m in scenario.modules)
    assert any(m.replaces for m in scenario.modules)
    assert any(m.entry is not None and m.entry.nodes for m in scenario.modules)
    assert any(goal.tasks for m in scenario.modules for goal in m.micro_goals)
    assert all(row["note_price"] == "synthetic" for row in table(MODEL / "modes.csv"))


@pytest.mark.parametrize("first, second", [("1", "2"), ("3", "4"), ("5", "6"), ("7", "8")])
def test_mixed_modules_need_each_other(scenario: Scenario, first: str, second: str) -> None:
    """Each of a pair has an entry condition that the other fulfils, and others fulfil too."""
    pair = [scenario.module_by_id[f"MIX-{i}"] for i in (first, second)]
    for module, other in (pair, pair[::-1]):
        needs = {
            node
            for r in scenario.model.prerequisites
            if r.node in module.teaches and r.least == len(r.needs)
            for node in r.needs
            if node not in module.teaches
        }
        given = needs & set(other.teaches)
        assert given, f"{module.id} needs nothing of {other.id}"
        assert all(sum(n in m.teaches for m in scenario.modules) >= 2 for n in given)


def test_every_node_that_must_be_taught_is_taught(scenario: Scenario) -> None:
    model = scenario.model
    elements = (*model.subject, *model.pedagogical, *model.social, *model.professional)
    derived = {c.key for c in model.professional if c.formation is FormationMode.DERIVED}
    taught = Counter(node for module in scenario.modules for node in module.teaches)
    for element in elements:
        if element.key not in derived:
            for level in element.levels:
                assert taught[NodeRef(element.key, level)], f"{element.key}@{level}"


def test_goals_have_alternative_providers(scenario: Scenario) -> None:
    taught = Counter(node for module in scenario.modules for node in module.teaches)
    wanted = {g.node for p in scenario.model.profiles for g in p.goals if g.node is not None}
    several = [node for node in wanted if taught[node] >= 2]
    assert len(several) * 10 >= len(wanted) * 9, sorted(map(str, wanted - set(several)))


def test_every_rule_says_what_it_rests_on(scenario: Scenario) -> None:
    known = {"stored_primary", "stored_secondary", "general_knowledge", "invented"}
    for rule in scenario.standard.rules:
        assert rule.citation, rule.id
        assert rule.seen in known, rule.id
    kinds = {type(rule.body) for rule in scenario.binding_rules}
    assert len(kinds) == 7
    enabled = {rule.id for rule in scenario.binding_rules}
    assert not {"KZ-MQ-SIZE-A", "KZ-MQ-SIZE-B"} & enabled, "rules that contradict each other"


def test_units_agree_with_the_source() -> None:
    units = {row["id"]: row for row in table(source("cs2013_bok/knowledge_units.csv"))}
    ours = {row["id"]: row for row in table(MODEL / "subject.csv") if row["group"] != "SCH"}
    assert ours.keys() == units.keys()
    for key, row in ours.items():
        unit = units[key]
        core = float(unit["hours_tier1"]) + float(unit["hours_tier2"])
        assert row["note"].startswith(f"core {core:g} h;"), key
        assert 0 <= int(row["hours"]) - core < 1, key
        levels = set(map(int, row["levels"].split("|")))
        assert (2 in levels) == (1 in levels) == (int(unit["lo_familiarity"]) > 0), key
        assert (3 in levels) == (int(unit["lo_usage"]) > 0), key
        assert (4 in levels) == (int(unit["lo_assessment"]) > 0), key
        assert (5 in levels) == (core >= 3 and bool({3, 4} & levels)), key


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"[a-z]+", text.lower())


def test_no_sentence_of_the_source_is_copied() -> None:
    """No six words in a row of a source's topics and outcomes stand in the model."""
    size = 6
    theirs = set()
    for row in table(source("cs2013_bok/elements.csv")):
        text = words(row["title"])
        theirs |= {tuple(text[i : i + size]) for i in range(len(text) - size + 1)}
    assert theirs
    for path in sorted(MODEL.iterdir()):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            text = words(line)
            ours = {tuple(text[i : i + size]) for i in range(len(text) - size + 1)}
            assert not ours & theirs, f"{path.name}:{number}"


def test_names_are_short_and_unique(scenario: Scenario) -> None:
    names = [c.name for c in scenario.model.subject]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 60
    module_names = Counter(m.name for m in scenario.modules)
    assert [name for name, count in module_names.items() if count > 1] == []
