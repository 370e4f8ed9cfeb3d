"""A study folder for tests, with marks that say where a fault is planted and what its message must hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from marsad.errors import Fault, StudyError
from marsad.study import load_study, new_study

MARK = re.compile(r"§([^§]*)§")


class Planted(NamedTuple):
    """A fault that the loader must report: its place, and words that its message must hold."""

    file: str
    line: int
    column: int
    words: str


class StudyFolder:
    """A valid folder (the skeleton) that a test spoils."""

    def __init__(self, root: Path) -> None:
        self.root = root
        new_study(root, title="A test")
        self.planted: list[Planted] = []

    def plant(self, file: str, text: str) -> None:
        """Write a file; each ``§words§`` is taken out and stands before what is wrong."""
        clean: list[str] = []
        for number, marked in enumerate(text.split("\n"), start=1):
            line = marked
            while match := MARK.search(line):
                self.planted.append(Planted(file, number, match.start() + 1, match[1]))
                line = line[: match.start()] + line[match.end() :]
            clean.append(line)
        (self.root / file).write_text("\n".join(clean), encoding="utf-8", newline="")

    def add(self, file: str, lines: str) -> None:
        """Add marked lines at the end of a file."""
        self.plant(file, self.read(file) + lines)

    def spoil(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands there once by a marked one."""
        text = self.read(file)
        assert text.count(old) == 1, (file, old, text.count(old))
        self.plant(file, text.replace(old, new))

    def read(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")

    def faults(self) -> tuple[Fault, ...]:
        with pytest.raises(StudyError) as caught:
            load_study(self.root)
        return caught.value.faults

    def snapshot(self) -> dict[str, bytes]:
        """All regular files, to see that nothing was written."""
        return {str(path): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def assert_all_reported(self) -> tuple[Fault, ...]:
        """Exactly the planted faults are reported, each at its place with its words and a remedy."""
        faults = self.faults()
        assert sorted(place(fault) for fault in faults) == sorted(planted[:3] for planted in self.planted)
        unmatched = list(faults)
        for planted in self.planted:
            fits = [fault for fault in unmatched if place(fault) == planted[:3] and planted.words in str(fault)]
            assert fits, (planted, [str(fault) for fault in unmatched if place(fault) == planted[:3]])
            unmatched.remove(fits[0])
        assert all(fault.remedy for fault in faults)
        return faults


def place(fault: Fault) -> tuple[str, int, int]:
    return (fault.file, fault.line, fault.column)
