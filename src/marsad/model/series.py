"""Monthly or yearly series of a dataset, and the turning points that a study sets against them."""

from __future__ import annotations

from marsad.model.dates import Date
from marsad.model.source import Release
from marsad.model.statement import Frozen

__all__ = ["Series", "SeriesPoint", "TurningPoint"]


class SeriesPoint(Frozen):
    """One value; None where the producer has none for that period."""

    period: Date
    value: float | None


class Series(Frozen):
    """A series from one release.

    Attributes:
        release: which dataset, with version, licence and hash.
        source: citation key of the dataset.
        measure: what is counted, a word of the vocabulary of measures.
        unit: unit of the values.
        area: identifier of the place.
        definition: what was counted, in words.
        points: in order of time, one a period, all of one length.
    """

    release: Release
    source: str
    measure: str
    unit: str
    area: str
    definition: str
    points: tuple[SeriesPoint, ...]


class TurningPoint(Frozen):
    """A date against which a study compares before and after.

    Attributes:
        id: identifier.
        date: when, as precise as known.
        title: in a few words.
        subject: the action or event that it is; empty where it is none of the evidence.
    """

    id: str
    date: Date
    title: str
    subject: str = ""
