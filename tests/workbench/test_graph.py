"""The runner: what is made again, what is not, and what survives a killed process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import BusyError, InputError
from marsad.evidence import TEMPORARY, write_atomically
from marsad.workbench.graph import FINDINGS, Graph, Make, locked


def writes(name: str, content: str, calls: list[str] | None = None) -> Make:
    def make(folder: Path) -> Iterable[str]:
        write_atomically(folder / name, content.encode())
        if calls is not None:
            calls.append(name)
        return [name]

    return make


def test_a_step_runs_once_for_the_same_inputs(tmp_path: Path) -> None:
    calls: list[str] = []
    first = Graph(tmp_path, "code").step("a", inputs=["x"], make=writes("a.txt", "1", calls))
    second = Graph(tmp_path, "code").step("a", inputs=["x"], make=writes("a.txt", "1", calls))
    assert (first.fresh, second.fresh) == (False, True)
    assert calls == ["a.txt"]
    assert first.outputs == second.outputs


@pytest.mark.parametrize(("code", "inputs"), [("other", ["x"]), ("code", ["y"]), ("code", ["x", ""]), ("code", [])])
def test_another_input_or_another_program_runs_it_again(tmp_path: Path, code: str, inputs: list[str]) -> None:
    Graph(tmp_path, "code").step("a", inputs=["x"], make=writes("a.txt", "1"))
    assert not Graph(tmp_path, code).step("a", inputs=inputs, make=writes("a.txt", "1")).fresh


@pytest.mark.parametrize("damage", ["delete", "change", "directory"])
def test_a_damaged_output_is_made_again(tmp_path: Path, damage: str) -> None:
    Graph(tmp_path, "code").step("a", inputs=[], make=writes("a.txt", "1"))
    path = tmp_path / "a.txt"
    path.unlink()
    if damage == "change":
        path.write_text("2")
    if damage == "directory":
        path.mkdir()
        path.rmdir()
    assert not Graph(tmp_path, "code").step("a", inputs=[], make=writes("a.txt", "1")).fresh
    assert path.read_text() == "1"


@given(st.binary(max_size=40))
def test_a_broken_record_is_never_trusted(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("graph")
    Graph(folder, "code").step("a", inputs=[], make=writes("a.txt", "1"))
    (folder / "steps" / "a.json").write_bytes(noise)
    assert not Graph(folder, "code").step("a", inputs=[], make=writes("a.txt", "1")).fresh


def test_a_later_step_rests_when_the_content_before_it_is_the_same(tmp_path: Path) -> None:
    def both(graph: Graph, source: str) -> bool:
        first = graph.step("a", inputs=[source], make=writes("a.txt", source.strip()))
        return graph.step("b", inputs=first.hashes, make=writes("b.txt", "b")).fresh

    assert not both(Graph(tmp_path, "code"), "x")
    assert both(Graph(tmp_path, "code"), " x "), "the inputs differ, the outputs do not"
    assert not both(Graph(tmp_path, "code"), "y")


def test_force_runs_everything(tmp_path: Path) -> None:
    Graph(tmp_path, "code").step("a", inputs=[], make=writes("a.txt", "1"))
    assert not Graph(tmp_path, "code", force=True).step("a", inputs=[], make=writes("a.txt", "1")).fresh


def test_sweep_deletes_what_is_no_longer_of_the_build_and_nothing_else(tmp_path: Path) -> None:
    old = Graph(tmp_path, "code")
    old.step("gone", inputs=[], make=writes(f"{FINDINGS}/gone.json", "1"))
    old.step("stays", inputs=[], make=writes(f"{FINDINGS}/stays.json", "1"))
    (tmp_path / f"{TEMPORARY}abc").mkdir()
    (tmp_path / "of-the-user.txt").write_text("keep")
    new = Graph(tmp_path, "code")
    new.step("stays", inputs=[], make=writes(f"{FINDINGS}/stays.json", "1"))
    new.sweep()
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {f"{FINDINGS}/stays.json", "steps/stays.json", "of-the-user.txt"}
    assert not list(tmp_path.glob(f"{TEMPORARY}*"))


HOLD = """
import sys
from pathlib import Path
from marsad.workbench.graph import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_only_one_process_builds(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "build")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match="another build"), locked(tmp_path / "build"):
            pass
        other.communicate()
    with locked(tmp_path / "build"):
        assert (tmp_path / "build").is_dir()


def test_a_file_as_build_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "build").touch()
    with pytest.raises(InputError, match="is a file"), locked(tmp_path / "build"):
        pass


def test_a_link_as_build_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "build").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is a link"), locked(tmp_path / "build"):
        pass
