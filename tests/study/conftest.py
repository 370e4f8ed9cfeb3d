from __future__ import annotations

from pathlib import Path

import pytest

from .study_folder import StudyFolder


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    return StudyFolder(tmp_path / "study")
