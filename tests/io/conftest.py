"""Fixtures of the tests of files."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_files import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return the files of a sound scenario, not yet written."""
    return Folder(tmp_path)
