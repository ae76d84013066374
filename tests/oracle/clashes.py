"""Keeps random scenarios valid: rules that contradict each other on their face are refused."""

from __future__ import annotations

from dataclasses import replace

from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation.contradictions import find_contradictions


def without_contradictions(scenario: Scenario) -> Scenario:
    """Return the scenario without the rules that are refused as contradictory on their face."""
    while clashing := {r for fault in find_contradictions(scenario) for r in fault.rules}:
        rules = tuple(r for r in scenario.standard.rules if r.id not in clashing)
        waivers = tuple(w for w in scenario.waivers if w.rule not in clashing)
        standard = replace(scenario.standard, rules=rules)
        scenario = replace(scenario, standard=standard, waivers=waivers)
    return scenario
