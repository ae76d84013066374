"""Branch and bound over hitting sets against all sets, on small random landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

import pytest

from trajectory_engine.landmarks import branching
from trajectory_engine.landmarks.branching import Branching, fits
from trajectory_engine.landmarks.relaxation import Relaxation
from trajectory_engine.landmarks.rounding import Landmark

NO_LIMIT = 1e9


def random_landmarks(seed: int) -> tuple[list[int], list[Landmark]]:
    """Return costs, some of them 0, and landmarks of up to ten modules."""
    random = Random(seed)
    size = random.randint(3, 10)
    costs = [random.randint(0, 9) for _ in range(size)]
    found = {
        tuple(sorted(random.sample(range(size), random.randint(1, min(4, size)))))
        for _ in range(random.randint(1, 14))
    }
    return costs, sorted(found)


def circles(parts: int) -> tuple[list[int], list[Landmark]]:
    """Return circles of five equal modules, of which neighbours make landmarks.

    Half of every module is enough for the linear relaxation, 5 in ten; each circle needs three
    modules, so that the bound of n circles is 2.5 n and the least cost 3 n.
    """
    around = [(5 * k + i, 5 * k + (i + 1) % 5) for k in range(parts) for i in range(5)]
    return [1] * (5 * parts), [(min(pair), max(pair)) for pair in around]


def least_cost(costs: Sequence[int], landmarks: Sequence[Landmark]) -> int:
    """Return the least cost of all sets that hit all landmarks."""
    everything = range(len(costs))
    return min(
        sum(costs[m] for m in chosen)
        for count in range(len(costs) + 1)
        for chosen in combinations(everything, count)
        if all(set(landmark).intersection(chosen) for landmark in landmarks)
    )


def relaxed(costs: Sequence[int], landmarks: Sequence[Landmark]) -> Relaxation:
    relaxation = Relaxation(costs)
    relaxation.add(landmarks)
    assert relaxation.solve() is not None
    return relaxation


def searched(
    costs: Sequence[int], landmarks: Sequence[Landmark], cost: int, threads: int = 1
) -> Branching:
    relaxation = relaxed(costs, landmarks)
    dual = relaxation.dual()
    never, always = dual.never(cost - 1), dual.always(cost - 1)
    found = Branching(relaxation, costs, never, always, cost, threads=threads)
    found.run(NO_LIMIT, 10_000, lambda: False)
    return found


@pytest.fixture(params=[branching.ALONE, 0])
def lanes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the second lane start as ever, and with the first open part."""
    monkeypatch.setattr(branching, "ALONE", request.param)


@pytest.mark.usefixtures("lanes")
def test_the_cheapest_hitting_set_is_found_and_proven() -> None:
    """Whatever it is compared with: nothing known, something dearer, or as cheap a set."""
    for seed in range(150):
        costs, landmarks = random_landmarks(seed)
        least = least_cost(costs, landmarks)
        for above in (sum(costs) + 1 - least, 2, 1):
            found = searched(costs, landmarks, least + above)
            assert found.best is not None, seed
            assert all(set(landmark).intersection(found.best) for landmark in landmarks), seed
            assert sum(costs[m] for m in found.best) == found.bound == least, seed
            assert found.is_done
        nothing = searched(costs, landmarks, least)
        assert (nothing.best, nothing.bound, nothing.is_done) == (None, least, True), seed


@pytest.mark.usefixtures("lanes")
def test_what_the_relaxation_leaves_open_is_searched() -> None:
    """Circles have a gap, so that many parts are needed."""
    found = searched(*circles(3), 16)
    assert found.best is not None
    assert (len(found.best), found.bound, found.is_done) == (9, 9, True)


def test_two_threads_find_what_one_does() -> None:
    """Lanes exchange what they found after the same parts, however many threads there are."""
    costs, landmarks = circles(4)
    costs = [10 + m % 3 for m in range(len(costs))]
    alone = searched(costs, landmarks, sum(costs) + 1)
    beside = searched(costs, landmarks, sum(costs) + 1, threads=2)
    assert (alone.best, alone.bound, alone.effort) == (beside.best, beside.bound, beside.effort)


@pytest.mark.parametrize("parts", [1, 3, 7])
def test_a_search_that_is_cut_short_says_nothing_false(parts: int) -> None:
    """The bound is at most the least cost, what was found hits all landmarks."""
    costs, landmarks = circles(5)
    relaxation = relaxed(costs, landmarks)
    nothing = [False] * len(costs)
    found = Branching(relaxation, costs, nothing, nothing, 26)
    found.run(NO_LIMIT, parts, lambda: False)
    assert not found.is_done
    assert 13 <= found.bound <= 15
    assert found.best is not None
    assert all(set(landmark).intersection(found.best) for landmark in landmarks)


@pytest.mark.parametrize("works", range(6))
def test_a_relaxation_that_fails_proves_nothing(
    works: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts whose relaxation fails stay open."""
    costs, landmarks = circles(3)
    relaxation = relaxed(costs, landmarks)
    nothing = [False] * len(costs)
    found = Branching(relaxation, costs, nothing, nothing, 9)
    calls = iter(range(works))
    is_solved = Relaxation.is_solved
    monkeypatch.setattr(
        Relaxation, "is_solved", lambda self: next(calls, None) is not None and is_solved(self)
    )
    found.run(NO_LIMIT, 10_000, lambda: False)
    assert not found.is_done
    assert found.best is None
    assert found.bound <= 8


def test_the_relaxation_is_handed_back_as_it_was() -> None:
    """Afterwards all modules may be taken or not."""
    costs, landmarks = circles(2)
    relaxation = relaxed(costs, landmarks)
    before = relaxation.dual().value
    nothing = [False] * len(costs)
    Branching(relaxation, costs, nothing, nothing, 11).run(NO_LIMIT, 5, lambda: False)
    assert relaxation.solve() is not None
    assert relaxation.dual().value == pytest.approx(before, abs=len(landmarks))


def test_costs_that_a_double_cannot_add_up_are_refused() -> None:
    """Three landmarks of a cost of 2 ** 34 are less than 2 ** 36, of 2 ** 35 more."""
    landmarks = [(0,), (1,), (0, 1)]
    assert fits(landmarks, [1 << 34, 1])
    assert not fits(landmarks, [1 << 35, 1])
