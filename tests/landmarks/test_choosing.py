"""The cheapest choice of modules against all choices, on small systems full of circles."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from reduce.cases import mode, module, problem

from landmarks.systems import all_standing, hours_of, random_system, stands
from trajectory_engine.cpsat import hitting
from trajectory_engine.cpsat.hitting import choose
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.landmarks.foundation import Part, parts_of
from trajectory_engine.landmarks.growth import Growth
from trajectory_engine.landmarks.minimal import LandmarkSearch
from trajectory_engine.landmarks.relaxation import Relaxation
from trajectory_engine.reduce.arrays import Arrays
from trajectory_engine.reduce.certain import certain_classes

HOURS = ObjectiveName.STUDY_HOURS


def session(effort: float = 30.0) -> Session:
    return Session(0, effort, time.monotonic() + effort)


@pytest.mark.parametrize("parts", [40, 1, 0])
@pytest.mark.parametrize("first", range(0, 400, 100))
def test_the_least_hours_are_those_of_the_cheapest_choice_that_stands(
    first: int, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bound, value and choice agree with trying all choices.

    By branch and bound, by the solver after a branch and bound that did not end, and by the
    solver alone.
    """
    monkeypatch.setattr(hitting, "PARTS", parts)
    monkeypatch.setattr(hitting, "FEW_PARTS", parts)
    circular = 0
    for seed in range(first, first + 100):
        found = random_system(seed)
        standing = all_standing(found)
        if not standing:
            continue
        least = min(hours_of(found, choice) for choice in standing)
        chosen = choose(found, HOURS, session())
        assert chosen.modes is not None, seed
        taken = set(chosen.modes)
        assert (chosen.bound, hours_of(found, taken)) == (least, least), seed
        assert stands(found, taken), seed
        circular += len(chosen.landmarks) > 0
    assert circular > 20


@pytest.mark.parametrize("first", range(400, 600, 100))
def test_every_standing_choice_hits_every_landmark(first: int) -> None:
    """What is said of all plans holds for all choices that stand."""
    for seed in range(first, first + 100):
        found = random_system(seed)
        standing = all_standing(found)
        if standing:
            for landmark in choose(found, HOURS, session()).landmarks:
                assert all(choice.intersection(landmark) for choice in standing), seed


def test_certain_classes_are_formed_by_every_standing_choice() -> None:
    """The mask of certain classes marks nothing that some choice does without."""
    marked = 0
    for seed in range(400):
        found = random_system(seed)
        certain = certain_classes(Arrays(found)).nonzero()[0].tolist()
        for choice in all_standing(found):
            growth = {c for m in choice for c in found.modules[m].attains}
            derived = {c for c, k in enumerate(found.classes) if k.rule_needs is not None}
            assert set(certain) <= growth | derived, seed
        marked += len(certain)
    assert marked > 400


def test_modules_that_justify_each_other_are_not_enough() -> None:
    """The two cheap modules wait for each other; only with the third one do they stand."""
    found = problem(
        module("a", 0, needs=(1,), modes=(mode(hours=1),)),
        module("b", 1, needs=(0,), modes=(mode(hours=1),)),
        module("c", 1, modes=(mode(hours=9),)),
        goals=(0, 1),
        objectives=(HOURS,),
    )
    chosen = choose(found, HOURS, session())
    assert chosen.bound == 10
    assert set(chosen.modes or ()) == {0, 2}


def test_parts_that_share_nothing_are_chosen_by_themselves() -> None:
    """Four modules of two separate classes make two parts, with one bound in all."""
    found = problem(
        module("a", 0, modes=(mode(hours=3),)),
        module("b", 0, modes=(mode(hours=2),)),
        module("c", 1, needs=(0,), modes=(mode(hours=5),)),
        module("d", 1, modes=(mode(hours=7),)),
        goals=(0, 1),
        objectives=(HOURS,),
    )
    assert [p.modules for p in parts_of(Arrays(found))] == [(0, 1), (2, 3)]
    assert choose(found, HOURS, session()).bound == 7


def test_a_module_that_is_taken_back_leaves_nothing_behind() -> None:
    """After a step that was refused the closure goes on as if it had never been tried."""
    a, b, c, d = range(4)
    one, two, three = 0b001, 0b010, 0b100
    part = Part(
        modules=(a, b, c, d),
        forms=[one, two, three, two],
        needs=[0, one, two, 0],
        wants=[()] * 4,
        certain=three,
        facts=3,
    )
    growth = Growth(part)
    assert growth.add(b)
    assert growth.add(c)
    assert not growth.add(a, forbidden=three)
    assert (growth.formed, growth.added) == (0, 1 << b | 1 << c)
    assert not growth.add(d, forbidden=three)
    assert growth.add(d)
    assert growth.formed == two | three
    assert growth.add(a)
    assert growth.formed == one | two | three


def test_the_bound_of_the_relaxation_is_exact() -> None:
    """Three landmarks over three modules of which two must be taken: one and a half, rounded up."""
    relaxation = Relaxation([1, 1, 1])
    relaxation.add([(0, 1), (1, 2), (0, 2)])
    shares = relaxation.solve()
    assert shares == pytest.approx([0.5, 0.5, 0.5])
    assert relaxation.dual().bound == 2


def test_landmarks_are_minimal() -> None:
    """Without any one of its modules a landmark is none: the others reach the fact."""
    for seed in range(200):
        for part in parts_of(Arrays(random_system(seed))):
            search = LandmarkSearch(part, [1] * len(part.modules), seed)
            found: list[tuple[int, ...]] = []
            if search.complete([0.0] * len(part.modules), 0.5, found) is None:
                continue
            for landmark in found:
                for spared in landmark:
                    left = [m for m in range(len(part.modules)) if m not in landmark or m == spared]
                    growth = Growth(part)
                    for m in left:
                        growth.add(m)
                    rest = [m for m in range(len(part.modules)) if m not in landmark]
                    short = Growth(part)
                    for m in rest:
                        short.add(m)
                    assert part.certain & growth.formed & ~short.formed, seed


def test_without_effort_the_bound_still_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that may do next to nothing says nothing false."""
    monkeypatch.setattr(hitting, "ROUNDS", 1)
    monkeypatch.setattr(hitting, "IMPROVE", 0)
    for seed in range(200):
        found = random_system(seed)
        standing = all_standing(found)
        if standing:
            bound = choose(found, HOURS, session(1e-9)).bound
            assert bound <= min(hours_of(found, choice) for choice in standing), seed


def test_two_threads_choose_as_one_does() -> None:
    """Parts know nothing of each other, also where effort runs out in some of them."""
    several = 0
    for seed in range(300):
        found = random_system(seed)
        several += len(parts_of(Arrays(found))) > 1
        for effort in (30.0, 1e-4):
            alone, beside = session(effort), session(effort)
            alone.wall_deadline = beside.wall_deadline = time.monotonic() + 60.0
            beside.threads = 2
            assert choose(found, HOURS, alone) == choose(found, HOURS, beside), (seed, effort)
            assert alone.spent == beside.spent
    assert several > 10


def test_modules_of_a_plan_are_where_the_search_begins() -> None:
    """A search that may not begin returns what a plan takes, less what it can do without."""
    known = 0
    for seed in range(200):
        found = random_system(seed)
        for standing in all_standing(found)[-1:]:
            ended = session()
            ended.cancel = threading.Event()
            ended.cancel.set()
            chosen = choose(found, HOURS, ended, standing)
            assert chosen.modes is not None, seed
            assert standing.issuperset(chosen.modes), seed
            known += 0 < len(chosen.modes) < len(standing)
    assert known > 50


def test_cost_is_chosen_by_price() -> None:
    """The cheapest mode counts, and it is the first of the cheapest ones."""
    modes = (mode("a", 0, price=5), mode("b", 1, price=2), mode("c", 2, price=2))
    found = problem(module("m", 0, modes=modes), goals=(0,), objectives=(ObjectiveName.COST,))
    chosen = choose(replace(found), ObjectiveName.COST, session())
    assert (chosen.bound, chosen.modes) == (2, {0: 1})


def test_a_relaxation_that_is_cut_short_still_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is effort enough, but for one round only; the rest is left to the search."""
    monkeypatch.setattr(hitting, "ROUNDS", 1)
    for seed in range(200):
        found = random_system(seed)
        standing = all_standing(found)
        if standing:
            chosen = choose(found, HOURS, session())
            assert chosen.bound == min(hours_of(found, choice) for choice in standing), seed
