"""Pictures: they exist, are legible, say what they should, and repeat byte by byte."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from oracle.tiny import goal, module, need, node, tiny

from trajectory_engine.domain.competence import Component, NodeRef
from trajectory_engine.domain.diagnosis import diagnose
from trajectory_engine.domain.gaps import attainment, levels_after
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.pyramid import CompetencePyramid
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.tasks import PedagogicalTask, TaskPath
from trajectory_engine.graph.prerequisites import PrerequisiteGraph
from trajectory_engine.plotting import (
    MatrixView,
    plot_calendar,
    plot_load,
    plot_matrix,
    plot_pyramid,
    plot_task_paths,
    save_teacher_pictures,
    style,
    task_picture,
)
from trajectory_engine.plotting.calendar import load_by_component
from trajectory_engine.plotting.pictures import (
    calendar_picture,
    file_stem,
    matrix_picture,
    pyramid_picture,
)
from trajectory_engine.plotting.task_path import NodeState, NodeStates

SIZES = {
    "nothing": (4, 3, 0, 2),
    "small": (4, 3, 2, 2),
    "medium": (30, 8, 12, 7),
    "large": (170, 40, 40, 14),
}


def pictures(world: Any) -> Iterator[tuple[str, Figure]]:
    scenario, result = world
    plan = result.teachers[0]
    before = diagnose(scenario.model, scenario.teachers[0]).levels
    after = levels_after(before, plan)
    graph = PrerequisiteGraph.build(scenario.model)
    states = NodeStates(before, attainment(plan), scenario.calendar)
    yield "calendar", calendar_picture(scenario, plan)
    yield "matrix", matrix_picture(scenario, plan, before, after)
    yield "pyramid", pyramid_picture(scenario, plan, before, after)
    yield "task", task_picture(scenario.model.tasks[0], graph, states, "T001")
    yield "task of nobody", task_picture(scenario.model.tasks[0], graph, NodeStates())


def drawn_texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return every text that drawing the figure really draws, with its place in pixels."""
    drawn: dict[int, Text] = {}
    original = Text.draw

    def record(self: Text, renderer: Any, *args: Any, **kwargs: Any) -> None:
        if self.get_visible() and self.get_text().strip():
            drawn[id(self)] = self
        original(self, renderer, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        figure.canvas.draw()  # constrained layout settles in the first drawing
        patch.setattr(Text, "draw", record)
        figure.canvas.draw()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    return [(t.get_text(), t.get_window_extent(renderer)) for t in drawn.values()]


@pytest.mark.parametrize("size", SIZES)
def test_no_text_overlaps_another_or_leaves_the_picture(
    make_world: Callable[..., Any], size: str
) -> None:
    for name, figure in pictures(make_world(*SIZES[size])):
        texts = drawn_texts(figure)
        assert len(texts) > 5, name
        frame = figure.bbox
        for text, box in texts:
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1
            assert inside and frame.y0 <= box.y0 and box.y1 <= frame.y1, (name, text)
        for (one, a), (other, b) in combinations(texts, 2):
            width = min(a.x1, b.x1) - max(a.x0, b.x0)
            height = min(a.y1, b.y1) - max(a.y0, b.y0)
            assert width <= 0.5 or height <= 0.5, (name, one, other)


def test_the_overlap_test_can_fail() -> None:
    figure = style.new_figure(3, 3)
    axes = figure.add_subplot()
    axes.text(0.5, 0.5, "one thing")
    axes.text(0.5, 0.5, "another")
    boxes = dict(drawn_texts(figure))
    assert boxes["one thing"].overlaps(boxes["another"])


@pytest.mark.parametrize("size", SIZES)
def test_text_in_the_boxes_of_a_task_fits(make_world: Callable[..., Any], size: str) -> None:
    scenario, result = make_world(*SIZES[size])
    graph = PrerequisiteGraph.build(scenario.model)
    states = NodeStates({}, attainment(result.teachers[0]), scenario.calendar)
    figure = task_picture(scenario.model.tasks[0], graph, states)
    texts = drawn_texts(figure)
    axes = figure.axes[0]
    boxes = [p.get_window_extent() for p in axes.patches if type(p).__name__ == "FancyBboxPatch"]
    checked = 0
    for text, extent in texts:
        middle = ((extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2)
        for box in boxes:
            if box.contains(*middle):
                checked += 1
                assert box.x0 <= extent.x0 and extent.x1 <= box.x1, text
                assert box.y0 <= extent.y0 and extent.y1 <= box.y1, text
    assert checked == len(boxes) > 0


def test_pictures_exist_and_repeat_byte_by_byte(small_world: Any, tmp_path: Path) -> None:
    scenario, result = small_world
    runs = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        runs.append(save_teacher_pictures(scenario, result, "T001", tmp_path / name))
    assert [p.name for p in runs[0]] == [
        "T001-calendar.png",
        "T001-matrix.png",
        "T001-pyramid.png",
        "T001-task-PT1.png",
    ]
    for one, two in zip(*runs, strict=True):
        assert one.read_bytes() == two.read_bytes()
        assert one.read_bytes().startswith(b"\x89PNG")
    assert sorted(p.name for p in (tmp_path / "one").iterdir()) == sorted(p.name for p in runs[0])


def test_a_picture_that_cannot_be_written_leaves_nothing(
    small_world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(stream: Any, **_: object) -> None:
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", lambda self, stream, **k: fail(stream, **k))
    with pytest.raises(OSError, match="No space"):
        save_teacher_pictures(*small_world, "T001", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_unplanned_teacher_is_an_error(small_world: Any, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        save_teacher_pictures(*small_world, "T999", tmp_path)


def test_calendar_has_a_bar_for_every_module_and_hours_add_up(large_world: Any) -> None:
    scenario, result = large_world
    plan = result.teachers[0]
    axes = plot_calendar(scenario, plan)
    assert len(axes.get_yticklabels()) == len(plan.steps)
    assert "(distance)" in axes.get_yticklabels()[0].get_text()
    load = load_by_component(scenario, plan.steps)
    assert sum(int(hours.sum()) for hours in load.values()) == sum(s.hours for s in plan.steps)
    lower = plot_load(scenario, plan)
    assert "academic hours per week" in lower.get_ylabel()


def test_calendar_says_that_there_is_no_plan(small_world: Any) -> None:
    scenario, result = small_world
    plan = replace(result.teachers[0], steps=(), status=Status.INFEASIBLE)
    assert "no plan: infeasible" in plot_calendar(scenario, plan).get_title()


def test_a_plot_draws_on_the_axes_it_is_given(small_world: Any) -> None:
    scenario, result = small_world
    figure = style.new_figure(5, 5)
    axes = figure.add_subplot()
    assert plot_calendar(scenario, result.teachers[0], axes) is axes
    assert plot_matrix(scenario.model, {}, ax=figure.add_subplot()).figure is figure


def test_matrix_view_keeps_what_changes_most(make_world: Callable[..., Any]) -> None:
    scenario, _ = make_world(170, 40, 0, 3)
    after = {s.key: s.levels[-1] for s in scenario.model.subject}
    view = MatrixView.concerned(scenario.model, {}, after, most=(10, 5))
    assert len(view.columns) == 10
    assert {c.levels[-1] for c in view.columns} == {5}
    assert "10 of 170 topics" in view.caption


def test_matrix_view_shows_what_goals_ask_for(small_world: Any) -> None:
    scenario, _ = small_world
    cell = scenario.model.professional[0]
    view = MatrixView.concerned(scenario.model, {}, {}, [NodeRef(cell.key, cell.levels[0])])
    assert [c.id for c in view.columns] == [cell.subject]
    assert [r.id for r in view.rows] == [cell.pedagogical]


def test_matrix_names_every_level(small_world: Any) -> None:
    axes = plot_matrix(small_world[0].model, {})
    rows = [t.get_text() for t in axes.get_yticklabels()]
    assert rows[:5] == [
        "A: 5 advanced",
        "A: 4 high",
        "A: 3 average",
        "A: 2 acceptable",
        "A: 1 low",
    ]


def test_pyramid_names_its_distortion() -> None:
    weak = CompetencePyramid(Fraction(9, 10), Fraction(1, 10), Fraction(1), 20)
    assert "weak pedagogical side" in plot_pyramid(weak).get_title()
    nothing_social = CompetencePyramid(Fraction(1, 2), Fraction(1, 2), None, 20)
    axes = plot_pyramid(nothing_social)
    assert "balanced" in axes.get_title()
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert "social: no elements" in labels


def test_node_states(small_world: Any) -> None:
    scenario, _ = small_world
    node = NodeRef("Sub[x]", 3)
    states = NodeStates({"Sub[x]": 2}, {node: 2}, scenario.calendar)
    assert states.state(NodeRef("Sub[x]", 2)) is NodeState.FORMED
    assert states.label(node) == "planned: 2027-01-31"
    assert NodeStates({"Sub[x]": 2}, {node: 2}).label(node) == "planned: period 2"
    assert states.state(NodeRef("Sub[y]", 1)) is NodeState.MISSING
    assert NodeStates().label(node) == ""


def test_task_title_and_paths(small_world: Any) -> None:
    scenario, _ = small_world
    graph = PrerequisiteGraph.build(scenario.model)
    axes = plot_task_paths(scenario.model.tasks[0], graph)
    texts = [t.get_text() for t in axes.texts]
    assert "path by-example: 2 links" in texts


def test_file_stems_are_safe_and_distinct() -> None:
    names = ["T/1", "T:1", "T~1", "..", "./x", "Ә1", "a b", "-"]
    stems = [file_stem(n) for n in names]
    assert len(set(stems)) == len(names)
    assert not any("/" in s or s.startswith(".") for s in stems)


def test_component_colours_differ_for_the_colour_blind() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (c**2.2 for c in to_rgb(colour))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    levels = [lightness(c) for c in style.LEVEL_COLOURS]
    assert levels == sorted(levels, reverse=True)
    colours = [style.COMPONENT_COLOURS[c] for c in Component]
    assert len({to_hex(c) for c in colours}) == 3


@pytest.mark.parametrize(
    ("text", "width", "lines", "expected"),
    [
        ("B[err-work,num-conv]", 12, 2, "B[err-work,\nnum-conv]"),
        ("short", 10, 2, "short"),
        ("abcdefghij", 5, 1, "abc…j"),
    ],
)
def test_wrap(text: str, width: int, lines: int, expected: str) -> None:
    assert style.wrap(text, width, lines) == expected


def test_a_formula_stays_text() -> None:
    assert style.plain("$x$") == r"\$x\$"


def test_long_ids_that_differ_stay_different() -> None:
    alike = [f"a-very-long-name-of-a-module-{i}-that-goes-on-for-long" for i in range(12)]
    for texts in (
        alike,
        [f"{i}{'x' * 60}" for i in range(3)],
        [f"{'x' * 60}{i}" for i in range(3)],
    ):
        labels = style.tell_apart(texts, 20)
        assert len(set(labels)) == len(texts)
        assert max(map(len, labels)) <= 20
    assert style.tell_apart(["same" * 9, "same" * 9, "b"], 10)[0] == style.shorten("same" * 9, 10)


def test_a_character_without_a_glyph_is_drawn_without_a_warning() -> None:
    assert style.plain("Модуль Қ 漢字") == "Модуль Қ □□"
    figure = style.new_figure(2, 2)
    figure.add_subplot().set_title(style.plain("漢字 \U0001f600"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.canvas.draw()


def test_alternatives_are_drawn_otherwise_than_what_is_needed_together() -> None:
    """PT's link needs x for certain, and y or z; z is known, so y is of no interest then."""
    chosen = Requirement(node("x3"), (node("y1"), node("z1")), 1)
    certain = need("x3", "P[p]@1")
    facts = tiny(module("A", "x3"), goals=(goal("x3"),), needs=(chosen, certain))
    graph = PrerequisiteGraph.build(facts.model)
    task = PedagogicalTask("PT", "PT", (TaskPath("a", (node("x3"),)),), free=True)

    def shown(known: dict[str, int]) -> set[str]:
        figure = task_picture(task, graph, NodeStates(known))
        return {text for text, _ in drawn_texts(figure)}

    nobody = shown({})
    assert "1 of 2 needed\nSub[y]\n1: missing" in nobody
    assert "1 of 2 needed\nSub[z]\n1: missing" in nobody
    assert "Sub[x]\n2: missing" in nobody
    knowing = shown({"Sub[z]": 1})
    assert "1 of 2 needed\nSub[z]\n1: formed" in knowing
    assert not any("Sub[y]" in text for text in knowing)


def test_the_legend_tells_terms_apart(small_world: Any) -> None:
    scenario, result = small_world
    axes = plot_calendar(scenario, result.teachers[0])
    legend = axes.get_legend()
    assert legend is not None
    names = [text.get_text() for text in legend.get_texts()]
    assert {"terms 1, 3, ...", "terms 2, 4, ..."} <= set(names)


def test_file_stems_of_long_ids_are_short_and_distinct() -> None:
    names = ["x" * 300, "x" * 301, "я" * 200, "я" * 199 + "x", "/" * 90]
    stems = [file_stem(name) for name in names]
    assert all(len(stem.encode()) <= 80 for stem in stems)
    assert len(set(stems)) == len(names)
    assert file_stem("x" * 80) == "x" * 80
