"""What tests of several packages share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# A slow machine is no counterexample.
settings.register_profile("marsad", deadline=None)
settings.load_profile("marsad")

ROOT = Path(__file__).resolve().parent.parent
CASE = ROOT / "studies" / "pakistan-afghanistan-2021-2024"


@pytest.fixture(scope="session")
def case() -> Path:
    """The shipped study, to be read only."""
    return CASE


@pytest.fixture
def case_copy(tmp_path: Path) -> Path:
    """A copy of the shipped study without its build, to be written into."""
    return copy_study(CASE, tmp_path / "case")


def copy_study(source: Path, target: Path) -> Path:
    """Copy a study folder without its build."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("build", ".*"))
    return target
