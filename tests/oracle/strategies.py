"""Random small scenarios with one teacher to plan: from a seed, or as Hypothesis draws them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import strategies as st

from oracle.brute_force import deciding_features
from oracle.clashes import without_contradictions
from oracle.disturbances import (
    random_decisions,
    random_funds,
    random_objectives,
    random_resources,
    random_runs,
    random_standard,
    random_windows,
    relate_modules,
)
from oracle.generator import (
    MOTIF_WEIGHTS,
    MOTIFS,
    Draft,
    add_measurements,
    add_requirements,
    add_tasks,
    fill_catalogue,
    plant_circle,
    plant_derived,
    plant_or,
    random_model,
)
from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.people import Goal, Profile, Teacher
from trajectory_engine.domain.scenario import Scenario

__all__ = ["TEACHER", "deciding_features", "random_scenario", "scenario_of_seed", "scenarios"]

TEACHER = "T"
"""Id of the teacher to plan, alone, in every random scenario."""

PLANT = {"circle": plant_circle, "or": plant_or, "derived": plant_derived}


def random_scenario(rng: Random) -> Scenario:
    """Return a valid scenario with one teacher to plan, up to six modules, up to eight periods."""
    model = random_model(rng)
    motif = rng.choices(MOTIFS, MOTIF_WEIGHTS)[0]
    draft = Draft(rng, rng.randint(4, 8), motif, rng.random() < 0.55, model)
    add_requirements(draft)
    add_tasks(draft)
    add_measurements(draft)
    if motif in PLANT:
        PLANT[motif](draft)
    _add_goals(draft)
    fill_catalogue(draft)
    rng.shuffle(draft.modules)
    relate_modules(draft)
    resources = random_resources(draft)
    runs = random_runs(draft)
    windows = random_windows(draft, runs)
    standard = random_standard(draft)
    funds = random_funds(draft)
    decisions = random_decisions(draft, runs)
    blocked = tuple(p for p in range(draft.horizon) if draft.trouble(8))
    teacher, profiles = _teacher(draft)
    scenario = Scenario(
        "random",
        f"random problem around {motif}",
        replace(draft.model, profiles=profiles),
        tuple(draft.modules),
        Calendar.weeks(date(2027, 1, 4), draft.horizon, blocked),
        (teacher, _bystander(draft)),
        standard,
        funds,
        resources,
        runs,
        windows,
        decisions,
        random_objectives(rng),
    )
    return without_contradictions(scenario)


def _add_goals(draft: Draft) -> None:
    """Add goals besides the planted one, at least one in all, on distinct targets."""
    targets = {str(g) for g in draft.goals}
    for _ in range(draft.rng.randint(0 if draft.goals else 1, 2)):
        hard, weight = draft.chance(20), draft.rng.randint(1, 3)
        if draft.model.tasks and draft.chance(50):
            goal = Goal(task=draft.rng.choice(draft.model.tasks).id, hard=hard, weight=weight)
        else:
            nodes = draft.unknown() or list(draft.knowledge().bit)
            goal = Goal(draft.rng.choice(nodes), hard=hard, weight=weight)
        if str(goal) not in targets:
            targets.add(str(goal))
            draft.goals.append(goal)


def _teacher(draft: Draft) -> tuple[Teacher, tuple[Profile, ...]]:
    """Return the teacher, and the profile that holds some of the goals."""
    rng = draft.rng
    goals, profiles, profile = list(draft.goals), (), ""
    if draft.chance(30):
        shared = [replace(g, weight=g.weight + rng.randint(0, 1)) for g in goals]
        kept = [g for g in goals if draft.chance(50)]
        profiles, profile, goals = (Profile("target", "target", tuple(shared)),), "target", kept
    base = rng.choice([6, 8, 10, 12]) + 2 * draft.calm
    varying = draft.chance(40)
    hours = tuple(base + (rng.randint(-3, 3) if varying else 0) for _ in range(draft.horizon))
    return (
        Teacher(
            TEACHER,
            hours,
            group=rng.choice(["", "staff"]),
            profile=profile,
            goals=tuple(goals),
            measurements=tuple(draft.measurements),
            recognised=tuple(draft.recognised),
            completed=(rng.choice(draft.modules).id,) if draft.trouble(10) else (),
            blocked=tuple(p for p in range(draft.horizon) if draft.trouble(8)),
            deadline=rng.randint(2, draft.horizon) if draft.trouble(35) else None,
            languages=rng.choice([(), (), (), ("kk", "ru"), ("kk",)]),
            technologies=rng.choice([None, (), ("lab",)]) if draft.trouble(60) else None,
        ),
        profiles,
    )


def _bystander(draft: Draft) -> Teacher:
    """Return another teacher, whom funds and decisions may name; is not planned."""
    node = next(iter(draft.knowledge().bit))
    return Teacher("other", (5,) * draft.horizon, group="staff", goals=(Goal(node),))


def scenario_of_seed(seed: int) -> Scenario:
    """Return the scenario of a seed; the same one every time."""
    return random_scenario(Random(seed))


def scenarios() -> st.SearchStrategy[Scenario]:
    """Return the scenarios as a strategy, drawn so that Hypothesis can shrink them."""
    return st.randoms(use_true_random=False).map(random_scenario)
