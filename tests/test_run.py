"""The script ``run``: what it answers before it makes anything."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WORDS = ("study", "test", "bench", "marsad", "lock", "help")


def _run(folder: Path, *words: str, script: Path = ROOT / "run") -> subprocess.CompletedProcess[str]:
    return subprocess.run(["/bin/sh", script, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [(), ("help",), ("--help",)], ids=str)
def test_says_how_to_use_it_from_any_folder(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = _run(tmp_path, *words)
    assert done.returncode == 0
    assert done.stderr == ""
    assert all(f"\n  {word} " in done.stdout for word in WORDS)


def test_an_unknown_word_is_bad_input(tmp_path: Path) -> None:
    done = _run(tmp_path, "stduy")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "unknown word 'stduy'" in done.stderr


def test_without_python_it_says_what_to_install(tmp_path: Path) -> None:
    """A machine without Python, apt-get and the rights of root: a PATH that holds only what the script itself needs."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("dirname", "flock", "cat"):
        (tools / name).symlink_to(shutil.which(name) or name)
    (tools / "id").write_text("#!/bin/sh\necho 1000\n", encoding="utf-8")
    (tools / "apt-get").write_text("#!/bin/sh\nexit 99\n", encoding="utf-8")
    for name in ("id", "apt-get"):
        (tools / name).chmod(0o755)
    checkout = tmp_path / "a checkout"
    checkout.mkdir()
    for name in ("run", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, checkout)
    done = subprocess.run(
        ["/bin/sh", checkout / "run", "study"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "apt-get update && apt-get install -y --no-install-recommends python3 python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_scripts_may_be_executed(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
