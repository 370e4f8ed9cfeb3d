"""``data.yaml``: the releases of datasets that a study uses; ``data.lock``: which files they are, by hash."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from marsad.model.statement import Frozen
from marsad.study.config import Id, Text

__all__ = [
    "DATA_FILE",
    "LOCK_FILE",
    "RELEASES_FOLDER",
    "RELEASE_MEASURES",
    "BorderLine",
    "DataConfig",
    "DataLock",
    "DataRelease",
    "Pin",
    "WithdrawnList",
]

DATA_FILE = "data.yaml"
"""Which releases the study uses."""

LOCK_FILE = "data.lock"
"""Which files they are; written by ``marsad fetch``."""

RELEASES_FOLDER = "releases"
"""The folder of the study in which releases stand that may be kept, with their mappings."""

RELEASE_MEASURES = ("incidents", "killed")
"""What each release of events gives as a monthly series for each area of the study."""

Alpha3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 3166-1 alpha-3 code of a country."""


class DataRelease(Frozen):
    """One release of a dataset.

    Attributes:
        id: identifier in the study.
        connector: which connector reads it; ``marsad fetch --list`` lists them.
        version: the producer's name of the version.
        source: citation key of the dataset.
        file: its file in ``releases/``; empty where it is fetched.
        retrieved_at: the day on which its file was got, such as ``2026-11-22``; a fetched one has it in data.lock.
        mapping: a mapping in ``releases/`` that says which field is which column; empty where none is needed.
        query: what to fetch: the options of the connector.
    """

    id: Id
    connector: Text
    version: str = ""
    source: Text
    file: str = ""
    retrieved_at: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    mapping: str = ""
    query: dict[str, str] = Field(default_factory=dict)


class BorderLine(Frozen):
    """A border line to which the distance of each event is measured.

    Attributes:
        name: what it is called.
        between: the two countries that it divides.
    """

    name: Text
    between: tuple[Alpha3, Alpha3]


class DataConfig(Frozen):
    """What ``data.yaml`` says.

    Attributes:
        releases: in order of the file.
        border: the line to which distances are measured; None where none is asked for.
    """

    releases: tuple[DataRelease, ...] = ()
    border: BorderLine | None = None


class WithdrawnList(Frozen):
    """Which file lists the records that the producer has withdrawn.

    Attributes:
        file: name of the file.
        bytes: its size.
        sha256: its hash, 64 hexadecimal digits.
    """

    file: Text
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Pin(Frozen):
    """Which file a fetched release is.

    Attributes:
        id: identifier of the release.
        connector, query: what was asked for.
        version: what the producer calls the version, or the day of the snapshot.
        url: where it came from.
        file: name of the file.
        bytes: its size.
        sha256: its hash, 64 hexadecimal digits.
        retrieved_at: day on which it was fetched.
        withdrawn: the list of records that the producer has withdrawn, which a build puts aside; None where the
            producer gives no such list.
    """

    id: Id
    connector: Text
    query: dict[str, str] = Field(default_factory=dict)
    version: str
    url: str
    file: Text
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    retrieved_at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    withdrawn: WithdrawnList | None = None

    @property
    def withdrawn_pin(self) -> Pin | None:
        """The list of withdrawn records as a pin of its own; None where there is none."""
        return None if self.withdrawn is None else self.model_copy(update={**dict(self.withdrawn), "withdrawn": None})


class DataLock(Frozen):
    """What ``data.lock`` says.

    Attributes:
        pins: one for each fetched release, in order of their identifiers.
    """

    pins: tuple[Pin, ...] = ()

    def pin(self, release: str) -> Pin | None:
        """The pin of a release; None where it was never fetched."""
        return next((pin for pin in self.pins if pin.id == release), None)
