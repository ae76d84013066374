"""What a scenario must be, beyond its syntax: every invariant of the domain, checked at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.memory import remembered
from trajectory_engine.domain.scenario import CompetenceModel, Scenario
from trajectory_engine.errors import InputProblem
from trajectory_engine.validation.competences import check_model
from trajectory_engine.validation.exceptions import check_exceptions
from trajectory_engine.validation.faults import Fault as Fault
from trajectory_engine.validation.faults import Locator, first_of_each_kind, located_in
from trajectory_engine.validation.funds import check_funds
from trajectory_engine.validation.limits import check_axis
from trajectory_engine.validation.modules import check_modules, check_offers
from trajectory_engine.validation.people import check_decisions, check_teachers
from trajectory_engine.validation.references import References
from trajectory_engine.validation.relations import check_relations
from trajectory_engine.validation.repairs import check_repairs
from trajectory_engine.validation.rules import check_standard
from trajectory_engine.validation.sizes import check_sizes
from trajectory_engine.validation.warnings import find_warnings as find_warnings


def find_model_faults(model: CompetenceModel, modules: tuple[Module, ...]) -> tuple[Fault, ...]:
    """Return every fault of a competence model and its catalogue."""
    references = References(model, modules)
    return (*check_model(model, references), *check_modules(references))


def find_faults(scenario: Scenario) -> tuple[Fault, ...]:
    """Return every fault of a scenario by the path of the object that is wrong; looked for once."""
    return remembered(scenario, "_faults", lambda: _look_for_faults(scenario))


def _look_for_faults(scenario: Scenario) -> tuple[Fault, ...]:
    return tuple(first_of_each_kind(_faults(scenario)))


def _faults(scenario: Scenario) -> Iterator[Fault]:
    references = References(scenario.model, scenario.modules)
    if not scenario.calendar.boundaries:
        # Without a first day there is nothing to compare dates with.
        return chain(
            check_model(scenario.model, references),
            check_modules(references),
            check_axis(scenario),
        )
    return chain(
        check_model(scenario.model, references),
        check_modules(references),
        check_axis(scenario),
        check_teachers(scenario, references),
        check_decisions(scenario, references),
        check_funds(scenario, references),
        check_offers(scenario, references),
        check_relations(scenario, references),
        check_standard(scenario, references),
        check_exceptions(scenario, references),
        check_repairs(scenario.repairs),
        check_sizes(scenario),
    )


def validate(scenario: Scenario, locate: Locator | None = None) -> tuple[InputProblem, ...]:
    """Return every problem of a scenario, wherever it comes from.

    Parameters
    ----------
    scenario : Scenario
    locate : callable or None
        Gives a fault its place; by default ``column`` names the object by its ids, such as
        ``modules[M12].excludes``.
    """
    place = located_in(scenario) if locate is None else locate
    return tuple(map(place, find_faults(scenario)))


def warn(scenario: Scenario, locate: Locator | None = None) -> tuple[InputProblem, ...]:
    """Return what is odd but allowed in a valid scenario: it is reported and changes nothing.

    Parameters
    ----------
    scenario : Scenario
    locate : callable or None
        As for :func:`validate`.
    """
    place = located_in(scenario) if locate is None else locate
    return tuple(map(place, find_warnings(scenario)))
