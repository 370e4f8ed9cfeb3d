"""Collecting what is wrong in a study folder, and finding the words that a person may have meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from marsad.errors import Fault
from marsad.model import enumerated

__all__ = ["MAX_FAULTS", "At", "Faults", "Remedy", "meant", "nearest", "shown"]

MAX_FAULTS = 200
"""Most faults, and most warnings, that are told of one file."""

Remedy = str | Callable[[], str]
"""How to mend a fault, or what finds that out: it is asked only where the fault is told."""

_MAX_SHOWN = 60
_MIN_LIKENESS = 60


class At(NamedTuple):
    """A place in the study folder, as in ``Fault``."""

    file: str
    line: int = 0
    column: int = 0
    field: str = ""


class Faults:
    """All faults and warnings found so far, each once, and no more of one file than a person can use."""

    def __init__(self) -> None:
        self._faults = _Capped("faults")
        self._warnings = _Capped("warnings")

    def add(self, at: At, message: str, remedy: Remedy) -> None:
        """Note a fault: the study cannot be used until it is mended."""
        self._faults.add(at, message, remedy)

    def warn(self, at: At, message: str, remedy: Remedy) -> None:
        """Note something odd that does not stop the study."""
        self._warnings.add(at, message, remedy)

    def is_cut(self, file: str) -> bool:
        """Whether a file has more faults than are told, so that nothing is gained by looking for more."""
        return file in self._faults.cut

    @property
    def count(self) -> int:
        """How many faults were found, those included that are not told."""
        return self._faults.count

    @property
    def faults(self) -> tuple[Fault, ...]:
        """In order of file, line and column."""
        return self._faults.told

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """In order of file, line and column."""
        return self._warnings.told


class _Capped:
    """Faults or warnings; those of one file beyond the first ``MAX_FAULTS`` are only counted."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._found: dict[Fault, None] = {}
        self._of_file: Counter[str] = Counter()
        self.cut: set[str] = set()
        self.count = 0

    def add(self, at: At, message: str, remedy: Remedy) -> None:
        self.count += 1
        if self._of_file[at.file] >= MAX_FAULTS:
            self.cut.add(at.file)
            return
        fault = Fault(*at, message, remedy if isinstance(remedy, str) else remedy())
        if fault not in self._found:
            self._found[fault] = None
            self._of_file[at.file] += 1

    @property
    def told(self) -> tuple[Fault, ...]:
        """All that were kept; each file that has more ends with one that says so."""
        last = {fault.file: fault for fault in sorted(self._found)}
        more = (
            # One column further than the last, so that it stands behind it in any order by place.
            Fault(
                file,
                last[file].line,
                last[file].column + 1,
                "",
                f"and more: the file has other {self._noun}, which are not listed",
                f"Mend these {MAX_FAULTS} first, then check again",
            )
            for file in self.cut
        )
        return tuple(sorted([*self._found, *more]))


def shown(text: str) -> str:
    """A text in quotes for a message, cut where it is long."""
    return repr(text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "...")


def nearest(word: str, known: Iterable[str], *, likeness: int = _MIN_LIKENESS) -> tuple[str, ...]:
    """The known words most like the given one, at most three, the best first; ties in alphabetical order.

    Args:
        word: the word that is not known.
        known: the words that are.
        likeness: least likeness, from 0 to 100.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a faulty study pays for the import

    names = sorted(known)
    folded = [name.casefold() for name in names]
    found = process.extract(word[:200].casefold(), folded, scorer=fuzz.ratio, limit=3, score_cutoff=likeness)
    return tuple(names[at] for _, _, at in found)


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy: ``did you mean a, b or c? Otherwise ...``; only the latter where nothing is like the word.

    Args:
        word: the word that is not known.
        known: the words that are.
        otherwise: what else to do, beginning with a small letter.
    """
    found = nearest(word, known)
    if not found:
        return otherwise[:1].upper() + otherwise[1:]
    return f"Did you mean {enumerated(found, joint='or')}? Otherwise {otherwise}"
