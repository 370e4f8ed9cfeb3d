"""All exceptions of Marsad, in one tree.

::

    MarsadError
    ├── InputError            the person's input cannot be used (exit code 2)
    │   ├── ParseError        a value is not in the grammar of its type
    │   ├── StudyError        a study folder has faults; carries every one of them
    │   └── NotFoundError     the named study, table, finding or statement is not there
    ├── FetchError            a server did not give what was asked for (exit code 2); in ``marsad.connectors.transport``
    │   └── ChangedError      what it gives changed while it was being fetched
    ├── BusyError             another build of the same study is running (exit code 2)
    └── InternalError         our fault: please report it (exit code 3)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "BusyError",
    "Fault",
    "InputError",
    "InternalError",
    "MarsadError",
    "NotFoundError",
    "ParseError",
    "StudyError",
]


class MarsadError(Exception):
    """Root of all errors that Marsad raises on purpose."""


class InputError(MarsadError):
    """What the person gave cannot be used; the message says why and how to mend it."""


class ParseError(InputError, ValueError):
    """A text is not in the grammar of its type.

    It is a ``ValueError`` too, so that pydantic reports it as a validation error of its field.
    """


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in a study folder.

    Attributes:
        file: path relative to the study folder.
        line: 1-based line; 0 where the fault is of the file as a whole.
        column: 1-based column of characters in that line; 0 where it has none.
        field: name of the CSV column or path of the YAML key; empty where there is none.
        message: what is wrong.
        remedy: how to mend it.
    """

    file: str
    line: int
    column: int
    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """``file:line:column: field: message. remedy``, without the parts that are missing."""
        place = ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])
        name = f"{self.field}: " if self.field else ""
        return f"{place}: {name}{self.message}. {self.remedy}"


class StudyError(InputError):
    """A study folder has faults. ``faults`` holds all of them, in order of file and line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        count = len(self.faults)
        super().__init__(
            f"{count} fault{'s' if count != 1 else ''} in the study folder\n"
            + "\n".join(str(fault) for fault in self.faults)
        )


class NotFoundError(InputError):
    """The named thing does not exist."""


class BusyError(MarsadError):
    """Another process is building the same study."""


class InternalError(MarsadError):
    """A state that the program should never reach."""
