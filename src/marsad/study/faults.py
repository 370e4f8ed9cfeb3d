"""Collecting what is wrong in a study folder, and finding the words that a person may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from marsad.errors import Fault

__all__ = ["At", "Faults", "meant", "nearest", "shown"]

_MAX_SHOWN = 60
_MIN_LIKENESS = 60


class At(NamedTuple):
    """A place in the study folder, as in ``Fault``."""

    file: str
    line: int = 0
    column: int = 0
    field: str = ""


class Faults:
    """All faults and warnings found so far, each once."""

    def __init__(self) -> None:
        self._faults: dict[Fault, None] = {}
        self._warnings: dict[Fault, None] = {}

    def add(self, at: At, message: str, remedy: str) -> None:
        """Note a fault: the study cannot be used until it is mended."""
        self._faults[Fault(*at, message, remedy)] = None

    def warn(self, at: At, message: str, remedy: str) -> None:
        """Note something odd that does not stop the study."""
        self._warnings[Fault(*at, message, remedy)] = None

    @property
    def count(self) -> int:
        """How many faults there are."""
        return len(self._faults)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """In order of file, line and column."""
        return tuple(sorted(self._faults))

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """In order of file, line and column."""
        return tuple(sorted(self._warnings))


def shown(text: str) -> str:
    """A text in quotes for a message, cut where it is long."""
    return repr(text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "...")


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words most like the given one, at most three, the best first; ties in alphabetical order."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a faulty study pays for the import

    found = process.extract(
        word[:200].casefold(),
        sorted(known),
        scorer=fuzz.ratio,
        processor=str.casefold,
        limit=3,
        score_cutoff=_MIN_LIKENESS,
    )
    return tuple(name for name, _, _ in found)


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
    listed = found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"
    return f"Did you mean {listed}? Otherwise {otherwise}"
