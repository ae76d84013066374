"""Relations between modules that no plan could keep, whatever is taken beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation.faults import Fault, Where
from trajectory_engine.validation.references import References, excluding


def check_relations(scenario: Scenario, references: References) -> Iterator[Fault]:
    """Yield the modules that their `co` and `strict_co` keep out of every plan."""
    related = _Related(scenario, references)
    if not any(m.excludes or (m.entry is not None and m.entry.modules) for m in scenario.modules):
        return  # Nothing is kept apart, and nothing waits.
    for i, module in enumerate(scenario.modules):
        if module.co or module.strict_co:
            yield from related.faults(("modules", i), module)


class _Related:
    """What stands beside modules for certain: references that nothing else can satisfy."""

    def __init__(self, scenario: Scenario, references: References) -> None:
        self.modules = references.module_by_id
        replaced = {r for m in scenario.modules for r in m.replaces}
        replaced |= {s.instead_of for s in scenario.substitutions}
        completed = {m for t in scenario.teachers for m in scenario.completed_by(t)}
        self._open = replaced | completed

    def _certain(self, ids: tuple[str, ...]) -> list[str]:
        return [m for m in ids if m in self.modules and m not in self._open]

    def _beside(self, module: Module, listed: Callable[[Module], tuple[str, ...]]) -> list[str]:
        """Return the module and all that its relations bring along, over relations of relations."""
        found = {module.id: None}
        waiting = [module]
        while waiting:
            for other in self._certain(listed(waiting.pop())):
                if other not in found:
                    found[other] = None
                    waiting.append(self.modules[other])
        return list(found)

    def _waits_for(self, module: str, other: str) -> bool:
        """Return whether a module has another one, which lasts, as an entry module."""
        entry = self.modules[module].entry
        lasts = all(mode.duration for mode in self.modules[other].modes)
        return entry is not None and lasts and other in self._certain(entry.modules)

    def faults(self, where: Where, module: Module) -> Iterator[Fault]:
        """Yield what contradicts the relations of a module."""
        field = "co" if module.co else "strict_co"
        beside = self._beside(module, lambda m: (*m.co, *m.strict_co))
        for a, b in excluding(self.modules, beside):
            found = f"module {module.id}, beside which {a} and {b} exclude each other"
            yield Fault("relation", (*where, field), found, "modules that can be taken together")
        together = dict.fromkeys(self._beside(module, lambda m: m.strict_co))
        for a in together:
            entry = self.modules[a].entry
            for b in dict.fromkeys(() if entry is None else entry.modules):
                if a != b and b in together and self._waits_for(a, b):
                    found = (
                        f"module {module.id}, with which {a} and {b} start, but {a} needs {b} first"
                    )
                    expected = "modules that can start together"
                    yield Fault("relation", (*where, "strict_co"), found, expected)
        for other in self._certain(module.co):
            lasts = all(mode.duration for mode in self.modules[other].modes)
            if lasts and self._waits_for(other, module.id):
                found = f"{other}, which needs {module.id} before it starts"
                yield Fault("relation", (*where, "co"), found, "a module that can end first")
