"""Levels, the matrix A with zero cells, and f as one object for levels and for edges."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trajectory_engine.domain.competence import (
    NodeRef,
    ProfessionalElement,
    ProfessionalMatrix,
    SubjectCompetence,
    SubjectMatrix,
    parse_element,
    parse_node,
)
from trajectory_engine.domain.formation import FormationRule, LevelThresholds
from trajectory_engine.domain.levels import next_lower, resolve_threshold, round_down

LADDERS = st.sets(st.integers(1, 5), min_size=1).map(lambda s: tuple(sorted(s)))


@given(LADDERS, st.integers(0, 5))
def test_levels_resolve_as_defined(levels: tuple[int, ...], level: int) -> None:
    above = [lv for lv in levels if lv >= level]
    below = [lv for lv in levels if lv <= level]
    expected = 0 if level == 0 else min(above) if above else max(levels)
    assert resolve_threshold(levels, level) == expected
    assert round_down(levels, level) == max(below, default=0)
    assert next_lower(levels, level) == max((lv for lv in levels if lv < level), default=0)


def test_the_matrix_a_keeps_zero_cells_at_the_bottom_and_between() -> None:
    ladders = {"a": (3, 4, 5), "b": (1, 3, 5), "c": (2,)}
    matrix = SubjectMatrix(tuple(SubjectCompetence(i, i, lv) for i, lv in ladders.items()))
    assert matrix.cells.shape == (5, 3)
    assert matrix.cells.toarray().tolist() == [
        [0, 1, 0],
        [0, 0, 1],
        [1, 1, 0],
        [1, 0, 0],
        [1, 1, 0],
    ]
    assert matrix.density == 7 / 15


def test_an_empty_matrix_has_no_density() -> None:
    assert SubjectMatrix(()).density == 0.0
    assert SubjectMatrix(()).cells.shape == (5, 0)


@given(st.lists(LADDERS, max_size=8))
def test_the_matrix_a_is_the_ladders(ladders: list[tuple[int, ...]]) -> None:
    matrix = SubjectMatrix(tuple(SubjectCompetence(str(i), "", lv) for i, lv in enumerate(ladders)))
    cells = matrix.cells.toarray()
    for j, levels in enumerate(ladders):
        assert tuple(i + 1 for i in range(5) if cells[i, j]) == levels


def test_the_matrix_b_has_only_its_cells() -> None:
    cell = ProfessionalElement("p", "a", (1, 2))
    matrix = ProfessionalMatrix((cell,))
    assert matrix.get("p", "a") is cell
    assert matrix.get("a", "p") is None
    assert list(matrix) == [cell]
    assert len(matrix) == 1


@st.composite
def rules(draw: st.DrawFn) -> FormationRule:
    """Return a monotone f over a topic, a technique and up to two social elements."""
    names = draw(st.sampled_from([(), ("s",), ("s", "t")]))

    def rising() -> list[int]:
        return sorted(draw(st.lists(st.integers(0, 5), min_size=5, max_size=5)))

    subject, pedagogical, social = rising(), rising(), {n: rising() for n in names}
    return FormationRule(
        tuple(
            LevelThresholds(subject[i], pedagogical[i], tuple((n, social[n][i]) for n in names))
            for i in range(5)
        )
    )


KEYS = ("Sub[x]", "P[p]", "S[s]", "S[t]")


@given(
    rules(),
    LADDERS,
    st.fixed_dictionaries(dict.fromkeys(KEYS, LADDERS)),
    st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, st.integers(0, 5))),
)
def test_f_gives_the_level_that_its_requirements_allow(
    rule: FormationRule,
    own: tuple[int, ...],
    levels: dict[str, tuple[int, ...]],
    state: dict[str, int],
) -> None:
    element = ProfessionalElement("p", "x", own)

    def allowed(level: int) -> bool:
        needs = rule.over(levels).requirements(element, level)
        assert len(set(needs)) == len(needs)
        assert all(n.level in levels[n.element] for n in needs)
        return all(state.get(n.element, 0) >= n.level for n in needs)

    reached = rule.over(levels).level(element, state)
    assert reached == max((lv for lv in own if allowed(lv)), default=0)
    # f is monotone: one more level anywhere never takes a level away.
    for key in KEYS:
        more = {**state, key: min(5, state.get(key, 0) + 1)}
        assert rule.over(levels).level(element, more) >= reached


@given(st.integers(1, 5), st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_the_default_f_is_the_weakest_link(want: int, x: int, p: int, s: int) -> None:
    every = (1, 2, 3, 4, 5)
    levels = dict.fromkeys(KEYS, every)
    rule = FormationRule.weakest_link({"s": 3})
    state = {"Sub[x]": x, "P[p]": p, "S[s]": s}
    level = rule.over(levels).level(ProfessionalElement("p", "x", every), state)
    assert (level >= want) == (min(x, p) >= want and s >= 3)


def test_thresholds_resolve_up_and_down() -> None:
    levels = {"Sub[x]": (2, 3), "P[p]": (4,), "S[s]": (1,)}
    element = ProfessionalElement("p", "x", (1, 5))
    rule = FormationRule.weakest_link({"s": 2})
    up = rule.over(levels).requirements(element, 1)
    assert list(map(str, up)) == ["Sub[x]@2", "P[p]@4", "S[s]@1"]
    down = rule.over(levels).requirements(element, 5)
    assert list(map(str, down)) == ["Sub[x]@3", "P[p]@4", "S[s]@1"]
    assert rule.over(levels).level(element, {"Sub[x]": 3, "P[p]": 4, "S[s]": 1}) == 5


def test_names_of_nodes_are_read_back() -> None:
    for text in ("Sub[num-conv]@3", "P[video]@5", "S[a b]@1", "B[err-work,num-conv]@4"):
        node = parse_node(text)
        assert node is not None
        assert str(node) == text
        assert parse_element(node.element) == node.element
    for text in ("Sub[x]", "x@3", "B[x]@1", "P[a,b]@1", "Sub[]@1", "Sub[x]@", "Sub[x]@1 "):
        assert parse_node(text) is None
    assert parse_element("Sub[x]@1") is None
    assert NodeRef("Sub[x]", 1) == parse_node("Sub[x]@1")
