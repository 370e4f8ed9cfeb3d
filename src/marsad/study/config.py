"""What a person writes in YAML: the study itself, its findings and options, and where a series comes from."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator

from marsad.errors import ParseError
from marsad.model import Date, Locator, Release, TurningPoint
from marsad.model.statement import Frozen
from marsad.study.faults import shown

__all__ = [
    "AnalysisRequest",
    "AttributeName",
    "Chapter",
    "FindingPoint",
    "Grounds",
    "RelationName",
    "Section",
    "Sidecar",
    "StudyConfig",
    "StudyFinding",
    "StudyOption",
    "is_right_to_left",
]

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,199}$")]
"""Lower-case letters, digits and hyphens."""

Text = Annotated[str, StringConstraints(min_length=1)]
"""Text that is not empty."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-([A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*")
_RTL_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
_RTL_LANGUAGES = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "nqo", "prs", "ps", "sd", "syr", "ug", "ur", "yi"})


def is_right_to_left(language: str) -> bool:
    """Whether a language (BCP 47) is written from right to left; a script in the tag decides over the language."""
    parts = language.lower().split("-")
    script = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), None)
    return parts[0] in _RTL_LANGUAGES if script is None else script in _RTL_SCRIPTS


def _direction(fields: dict[str, Any]) -> Literal["ltr", "rtl"]:
    return "rtl" if is_right_to_left(fields.get("language", "en")) else "ltr"


class AnalysisRequest(Frozen):
    """An analysis that stands in a section.

    Attributes:
        name: name of the analysis.
        parameters: its parameters; a value is a text or a list of texts.
    """

    name: Text
    parameters: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)


class Section(Frozen):
    """A section of a chapter.

    Attributes:
        id: identifier, unique among all chapters and sections.
        title: heading.
        text: introductory paragraphs.
        analyses: the analyses that stand here, in their order.
        findings: ids of the findings that stand here.
    """

    id: Id
    title: Text
    text: str = ""
    analyses: tuple[AnalysisRequest, ...] = ()
    findings: tuple[str, ...] = ()


class Chapter(Frozen):
    """A chapter of the report.

    Attributes:
        id: identifier, unique among all chapters and sections.
        title: heading.
        text: introductory paragraphs.
        sections: its sections, in their order.
        findings: ids of the findings that stand at its end.
    """

    id: Id
    title: Text
    text: str = ""
    sections: tuple[Section, ...] = ()
    findings: tuple[str, ...] = ()


class StudyConfig(Frozen):
    """A question about a place and a time, and the order in which the report answers it.

    Attributes:
        id: identifier of the study.
        title: title of the report.
        subtitle: second line of the title.
        language: language of the report (BCP 47); ``en`` where it is left out.
        direction: ``ltr`` or ``rtl``; follows from the language where it is left out.
        authors: who wrote it, one name each.
        document: citation key of the study's own text; empty where it has none.
        period: the span of time that it covers (EDTF), with a first and a last day.
        area: ids of the places that it covers.
        objectives: what it sets out to do.
        questions: what it asks.
        abstract: the study in a paragraph.
        turning_points: dates against which it compares before and after.
        chapters: the chapters of the report, in their order.
    """

    id: Id
    title: Text
    subtitle: str = ""
    language: str = "en"
    direction: Literal["ltr", "rtl"] = Field(default_factory=_direction)
    authors: tuple[Text, ...] = Field(min_length=1)
    document: str = ""
    period: Date
    area: tuple[Text, ...] = Field(min_length=1)
    objectives: tuple[Text, ...] = ()
    questions: tuple[Text, ...] = Field(min_length=1)
    abstract: str = ""
    turning_points: tuple[TurningPoint, ...] = ()
    chapters: tuple[Chapter, ...] = ()

    @field_validator("language")
    @classmethod
    def _is_language(cls, language: str) -> str:
        if not _LANGUAGE.fullmatch(language):
            raise ParseError(f"{shown(language)} is no BCP 47 language tag such as en, ur or fa-AF")
        return language

    @field_validator("period")
    @classmethod
    def _is_bounded(cls, period: Date) -> Date:
        if period.earliest is None or period.latest is None:
            raise ParseError(f"{period.text!r} is open; a study covers a span with two ends, such as 2021-01/2024-06")
        return period


class RelationName(Frozen):
    """Which tie: every row of relations.csv with these three.

    Attributes:
        a: the actor from whom the tie leads.
        b: the actor to whom it leads.
        kind: what sort of tie.
    """

    a: str
    b: str
    kind: str


class AttributeName(Frozen):
    """Which property: every row of attributes.csv with these two.

    Attributes:
        actor: who has it.
        dimension: which dimension.
    """

    actor: str
    dimension: str


class Grounds(Frozen):
    """The evidence that a finding rests on.

    Attributes:
        events: ids of events.
        actions: ids of actions.
        figures: ids of figures.
        relations: ties, each by a, b and kind.
        attributes: properties, each by actor and dimension.
        series: ids of series.
    """

    events: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    relations: tuple[RelationName, ...] = ()
    attributes: tuple[AttributeName, ...] = ()
    series: tuple[str, ...] = ()


class FindingPoint(Frozen):
    """One point of a finding.

    Attributes:
        title: in a few words.
        text: the point in paragraphs.
        locator: where the source says it.
    """

    title: Text
    text: Text
    locator: Locator | None = None


class StudyFinding(Frozen):
    """A finding of the study, in its author's words.

    Attributes:
        id: identifier.
        title: in a few words.
        text: the finding in paragraphs.
        source: citation key of the text that states it; empty where the study itself does.
        locator: where that text states it.
        points: its points, in their order.
        rests_on: the evidence for it.
    """

    id: Id
    title: Text
    text: Text
    source: str = ""
    locator: Locator | None = None
    points: tuple[FindingPoint, ...] = ()
    rests_on: Grounds = Grounds()


class StudyOption(Frozen):
    """A policy option.

    Attributes:
        id: identifier.
        title: in a few words.
        text: the option in paragraphs.
        actor: id of the actor that could take it.
        levers: what the actor can move.
        uncertainties: what the actor does not control.
        outcomes: what is hoped for.
        addresses: ids of the findings that it answers.
        source: citation key of the text that proposes it; empty where the study itself does.
        locator: where that text proposes it.
    """

    id: Id
    title: Text
    text: Text
    actor: Text
    levers: tuple[Text, ...] = ()
    uncertainties: tuple[Text, ...] = ()
    outcomes: tuple[Text, ...] = ()
    addresses: tuple[str, ...] = ()
    source: str = ""
    locator: Locator | None = None


class Sidecar(Frozen):
    """Where a series comes from and what it counts; it stands beside the CSV file of the same name.

    Attributes:
        id: identifier of the series.
        title: what it is.
        producer: who made the dataset.
        version: the producer's name of the version.
        licence: under which licence.
        citation: how to cite it.
        source: citation key of the dataset.
        url: where it comes from.
        retrieved_at: the day on which it was fetched (EDTF).
        sha256: SHA-256 of the CSV file, 64 hexadecimal digits.
        may_redistribute: whether an export may contain its rows.
        measure: what is counted, a word of the vocabulary ``measure``.
        unit: unit of the values, a word of the vocabulary ``unit``.
        area: id of the place.
        definition: what was counted, in words.
    """

    id: Id
    title: Text
    producer: Text
    version: Text
    licence: Text
    citation: Text
    source: Text
    url: str = ""
    retrieved_at: Date
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    may_redistribute: bool
    measure: Text
    unit: Text
    area: Text
    definition: Text

    @field_validator("retrieved_at")
    @classmethod
    def _is_day(cls, retrieved_at: Date) -> Date:
        if not retrieved_at.is_day:
            raise ParseError(f"{retrieved_at.text!r} is no day such as 2024-06-30")
        return retrieved_at

    @property
    def release(self) -> Release:
        """The snapshot that it describes."""
        return Release(
            id=self.id,
            title=self.title,
            producer=self.producer,
            version=self.version,
            licence=self.licence,
            citation=self.citation,
            retrieved_at=self.retrieved_at,
            sha256=self.sha256,
            may_redistribute=self.may_redistribute,
            url=self.url,
        )
