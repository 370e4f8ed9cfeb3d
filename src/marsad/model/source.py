"""Sources: publications and datasets, and who is behind them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from marsad.model.dates import Date
from marsad.model.statement import Frozen

__all__ = ["Release", "Reliability", "Source", "SourceKind"]


class SourceKind(StrEnum):
    """Whether a source stands at the event or writes about it."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class Reliability(StrEnum):
    """The Admiralty scale of the reliability of a source (NATO AJP-2.1)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"

    @property
    def meaning(self) -> str:
        """The scale's own words."""
        return {
            "A": "completely reliable",
            "B": "usually reliable",
            "C": "fairly reliable",
            "D": "not usually reliable",
            "E": "unreliable",
            "F": "reliability cannot be judged",
        }[self.value]


class Source(Frozen):
    """A publication or an organisation's dataset.

    Attributes:
        key: citation key.
        kind: primary or secondary.
        reliability: grade on the Admiralty scale.
        issued: when it was published; None where it bears no date.
        title: its title as printed.
        csl: the whole reference as CSL-JSON.
        listed: how often it stands in the reference list of the study's document; None where that was not recorded.
        cited_as: how the document cites it in the text, each form once.
        note: remark of the coder.
    """

    key: str
    kind: SourceKind
    reliability: Reliability
    issued: Date | None = None
    title: str
    csl: dict[str, Any]
    listed: int | None = None
    cited_as: tuple[str, ...] = ()
    note: str = ""


class Release(Frozen):
    """One dated snapshot of a dataset.

    Attributes:
        id: identifier in the study.
        title: what it is.
        producer: who made it.
        version: the producer's name of the version.
        licence: under which licence.
        citation: how to cite it.
        retrieved_at: when it was fetched.
        sha256: hash of the file, 64 hexadecimal digits.
        may_redistribute: whether an export may contain its rows.
        url: where it comes from.
    """

    id: str
    title: str
    producer: str
    version: str
    licence: str
    citation: str
    retrieved_at: Date
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    may_redistribute: bool
    url: str = ""
