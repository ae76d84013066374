"""The rooms of the package keep the order that ARCHITECTURE.md draws."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import trajectory_engine

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "trajectory_engine"
SUBMODULES = sorted(
    m.name for m in pkgutil.walk_packages(trajectory_engine.__path__, "trajectory_engine.")
)

HOMES = {
    "ortools.sat": ("cpsat/",),
    "ortools.graph": ("problem/split.py",),
    "matplotlib": ("plotting/",),
    "networkx": ("graph/",),
    "numba": ("heuristics/compiled.py",),
    "rich": ("cli/",),
    "typer": ("cli/",),
    "yaml": ("io/",),
}
"""Where a library may be imported."""


def imported_names(source: str) -> set[str]:
    """Return every module that a source text imports, with the names taken from it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def importers(library: str) -> list[str]:
    """Return the files of the package that import a library, relative to the package."""
    return sorted(
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(
            name == library or name.startswith(f"{library}.")
            for name in imported_names(path.read_text(encoding="utf-8"))
        )
    )


def test_contracts_hold() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


@pytest.mark.parametrize("library", HOMES)
def test_library_stays_in_its_room(library: str) -> None:
    found = importers(library)
    assert found, f"nobody imports {library}"
    assert [f for f in found if not f.startswith(HOMES[library])] == []


@pytest.mark.parametrize("name", SUBMODULES)
def test_submodule_imports(name: str) -> None:
    assert importlib.import_module(name).__doc__
