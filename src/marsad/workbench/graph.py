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

__all__ = ["Graph", "Progress", "StepResult", "locked"]

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


Progress = Callable[[str], None]
"""Called with the name of a step when it begins."""


@dataclass(slots=True)
class Graph:
    """Runs the steps of one build.

    Attributes:
        folder: the build folder.
        code: hash of the program; a part of every step's key.
        force: whether to run every step, fresh or not.
        progress: called when a step begins.
        results: the steps so far, in order.
    """

    folder: Path
    code: str
    force: bool = False
    progress: Progress = lambda _: None
    results: list[StepResult] = field(default_factory=list)

    def step(self, name: str, *, inputs: Iterable[str], make: Callable[[Path], Iterable[str]]) -> StepResult:
        """Run a step unless its outputs stand for the same inputs already.

        Args:
            name: unique in the build; letters, digits, hyphens and dots.
            inputs: everything that its outputs depend on, as text or hashes.
            make: writes the outputs into the build folder, each atomically, and returns their relative paths.
        """
        self.progress(name)
        started = time.perf_counter()
        key = content_hash(self.code, name, *inputs)
        outputs = None if self.force else self._recorded(name, key)
        fresh = outputs is not None
        if outputs is None:
            outputs = {path: sha256_of(self.folder / path) for path in sorted(make(self.folder))}
            self.record(name, key, outputs)
        result = StepResult(name, outputs, fresh, time.perf_counter() - started)
        self.results.append(result)
        return result

    def is_fresh(self, name: str, *, inputs: Iterable[str]) -> Mapping[str, str] | None:
        """The outputs of a step where they stand for these inputs; None where it must run."""
        return None if self.force else self._recorded(name, content_hash(self.code, name, *inputs))

    def record(self, name: str, key: str, outputs: Mapping[str, str]) -> None:
        """Note that the outputs stand for the key."""
        text = json.dumps({"key": key, "outputs": outputs}, indent=1, sort_keys=True)
        write_atomically(self.folder / _RECORDS / f"{name}.json", text.encode())

    def sweep(self, keep: Iterable[str]) -> None:
        """Delete unfinished files and the records and findings of steps that are no longer part of the build."""
        kept = {self.folder / path for path in keep}
        kept |= {self.folder / _RECORDS / f"{result.name}.json" for result in self.results}
        for name in (_RECORDS, "findings"):
            for path in (self.folder / name).glob("*"):
                if path not in kept and path.name != "build.json":
                    _remove(path)
        remove_unfinished(self.folder)

    def _recorded(self, name: str, key: str) -> dict[str, str] | None:
        try:
            record = json.loads((self.folder / _RECORDS / f"{name}.json").read_bytes())
            outputs: dict[str, str] = record["outputs"]
            stands = record["key"] == key and all(sha256_of(self.folder / path) == outputs[path] for path in outputs)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return outputs if stands else None


def remove_unfinished(folder: Path) -> None:
    """Delete what killed processes left behind in a build folder."""
    for path in folder.rglob(f"{TEMPORARY}*"):
        _remove(path)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the build folder for one process; raises ``BusyError`` where another holds it."""
    if folder.is_symlink():
        raise InputError(f"{folder} is a link; the build folder must be a folder of its own. Delete the link")
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

