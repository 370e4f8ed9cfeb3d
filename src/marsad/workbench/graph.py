"""The build graph: steps whose results are kept as long as their inputs stay the same.

A step is called with the hashes of what it reads and gives back the hashes of what it wrote, so a later step that
names them among its own inputs runs again only when the *content* before it changed (as in doit and Shake, not by time
stamps as in make). One JSON record a step, written last, says which outputs belong to which inputs; whatever a killed
process left without its record is made again.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from marsad.errors import BusyError, InputError
from marsad.evidence import TEMPORARY, sha256_of, write_atomically
from marsad.model import content_hash

__all__ = ["FINDINGS", "Graph", "Make", "StepResult", "locked"]

FINDINGS = "findings"
"""The folder of the build in which the findings of the analyses stand."""

_RECORDS = "steps"


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of a step.

    Attributes:
        name: name of the step.
        outputs: path relative to the build folder -> SHA-256.
        fresh: whether nothing had to be done.
        seconds: how long it took.
    """

    name: str
    outputs: Mapping[str, str]
    fresh: bool
    seconds: float

    @property
    def hashes(self) -> tuple[str, ...]:
        """Names and hashes of the outputs, for the inputs of later steps."""
        return tuple(f"{path} {digest}" for path, digest in sorted(self.outputs.items()))


Make = Callable[[Path], Iterable[str]]
"""Writes outputs into the build folder, each atomically, and returns their paths relative to it."""


@dataclass(slots=True)
class Graph:
    """Runs the steps of one build.

    Attributes:
        folder: the build folder.
        code: hash of the program; a part of every step's key.
        force: whether to run every step, fresh or not.
        results: the steps so far, in order.
    """

    folder: Path
    code: str
    force: bool = False
    results: list[StepResult] = field(default_factory=list)

    def step(self, name: str, *, inputs: Iterable[str], make: Make) -> StepResult:
        """Run a step unless its outputs stand for the same inputs already.

        Args:
            name: unique in the build; letters, digits, hyphens and dots.
            inputs: everything that its outputs depend on, as text or hashes.
            make: writes the outputs.
        """
        started = time.perf_counter()
        inputs = tuple(inputs)
        outputs = self.recorded(name, inputs=inputs)
        fresh = outputs is not None
        if outputs is None:
            outputs = {path: sha256_of(self.folder / path) for path in sorted(make(self.folder))}
            self.record(name, inputs=inputs, outputs=outputs)
        result = StepResult(name, outputs, fresh, time.perf_counter() - started)
        self.results.append(result)
        return result

    def recorded(self, name: str, *, inputs: Iterable[str]) -> dict[str, str] | None:
        """The outputs of a step where they stand for these inputs and are as they were written; None otherwise."""
        if self.force:
            return None
        try:
            record = json.loads(self._record_path(name).read_bytes())
            outputs: dict[str, str] = record["outputs"]
            stands = record["key"] == self._key(name, inputs)
            stands = stands and all(sha256_of(self.folder / path) == digest for path, digest in outputs.items())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return outputs if stands else None

    def record(self, name: str, *, inputs: Iterable[str], outputs: Mapping[str, str]) -> None:
        """Note that the outputs stand for the inputs."""
        entry = {"key": self._key(name, inputs), "outputs": dict(outputs)}
        write_atomically(self._record_path(name), json.dumps(entry, indent=1, sort_keys=True).encode())

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of all steps so far."""
        return {path: digest for result in self.results for path, digest in result.outputs.items()}

    def sweep(self, *, keep: Iterable[str] = (), folders: Iterable[str] = ()) -> None:
        """Delete what a killed process left, and the records and findings of steps that this build does not have.

        Args:
            keep: names of further records to keep.
            folders: further folders in which nothing but outputs may stand.
        """
        kept = {self.folder / path for path in self.outputs}
        kept |= {self._record_path(name) for name in (*keep, *(result.name for result in self.results))}
        for name in (_RECORDS, FINDINGS, *folders):
            for path in (self.folder / name).glob("*"):
                if path not in kept:
                    _remove(path)
        for path in self.folder.rglob(f"{TEMPORARY}*"):
            _remove(path)

    def _key(self, name: str, inputs: Iterable[str]) -> str:
        return content_hash(self.code, name, *inputs)

    def _record_path(self, name: str) -> Path:
        return self.folder / _RECORDS / f"{name}.json"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the build folder for one process; raises ``BusyError`` where another holds it."""
    if folder.is_symlink():
        raise InputError(f"{folder} is a link; the build folder must be a folder of its own. Delete the link")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; the build goes into a folder of that name. Delete or rename the file")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError(f"another build of {folder.parent} is running; wait for it to end") from error
        yield


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
