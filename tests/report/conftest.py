"""A small study's content, made by hand: three events, two figures, an action, a tie, a chart, two contradictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from marsad.model import (
    Cell,
    Chart,
    Check,
    CheckStatus,
    Cite,
    Column,
    Date,
    Evidence,
    Finding,
    Kind,
    Method,
    Number,
    Release,
    Severity,
    Source,
    Statement,
    Table,
)
from marsad.report import ReportContent, bibliography, chart_key, draw
from marsad.study.config import StudyConfig, StudyFinding, StudyOption

AUTHOR = [{"family": "Hussain", "given": "Abid"}]


def source(key: str, title: str, **csl: Any) -> Source:
    """A source from the fields of its CSL-JSON; ``_`` in a name stands for ``-``."""
    fields = {name.replace("_", "-"): value for name, value in csl.items() if name not in ("listed", "date")}
    if "date" in csl:
        fields["issued"] = {"date-parts": [csl["date"]]}
    item = {"id": key, "type": "article-newspaper", "title": title, **fields}
    return Source(key=key, kind="secondary", reliability="B", title=title, csl=item, listed=csl.get("listed"))


SOURCES = {
    entry.key: entry
    for entry in (
        source("thesis", "Security challenges", type="thesis", genre="Master's thesis", date=[2024], author=AUTHOR),
        source("blast", "Blast in Bajaur", date=[2023, 7, 31], author=AUTHOR, container_title="Al Jazeera"),
        source("rally", "A rally bombed", date=[2023, 8, 2], author=AUTHOR, container_title="Dawn", listed=0),
        source(
            "pips",
            "Security report 2022",
            type="report",
            date=[2023],
            author=[{"literal": "Pak Institute for Peace Studies"}],
            URL="https://example.org/report?a=1&b=2",
            listed=2,
        ),
    )
}


def statement(kind: Kind, row: str, name: str, value: str, **rest: str) -> Statement:
    """A statement of ``row``, written ``subject/report``."""
    return Statement(kind=kind, subject=row.partition("/")[0], record=row, property=name, value=value, **rest)


def _record(kind: Kind, row: str, line: int, values: dict[str, str], said_by: str, place: str) -> list[Statement]:
    units = {"killed": "persons", "injured": "persons"}
    return [
        statement(
            kind,
            row,
            name,
            value,
            unit=values["unit"] if name == "value" and kind is Kind.FIGURE else units.get(name, ""),
            source=said_by,
            via="thesis" if said_by else "",
            locator=place,
            origin=f"{kind.value}s.csv:{line}",
        )
        for name, value in values.items()
    ]


def _statements() -> list[Statement]:
    event = {"kind": "suicide_bombing", "place": "bajaur", "actor": "iskp"}
    figure = {"measure": "attacks", "unit": "count", "area": "pakistan", "period": "2022"}
    return [
        *_record(Kind.ACTOR, "iskp/1", 2, {"name": "ISKP", "kind": "armed_group"}, "", ""),
        *_record(Kind.ACTOR, "ttp/1", 3, {"name": "TTP (تحریک طالبان)", "kind": "armed_group"}, "", ""),
        *_record(Kind.PLACE, "bajaur/1", 2, {"name": "Bajaur", "kind": "admin2"}, "", ""),
        *_record(Kind.PLACE, "pakistan/1", 3, {"name": "Pakistan", "kind": "country"}, "", ""),
        *_record(Kind.EVENT, "rally/1", 2, {**event, "date": "2023-07-30", "killed": ">60"}, "blast", "sec 1 para 3"),
        *_record(Kind.EVENT, "rally/2", 3, {**event, "date": "2023-07-31", "killed": "54"}, "rally", "sec 2.1 para 4"),
        *_record(
            Kind.FIGURE,
            "pips-2022/1",
            2,
            {**figure, "value": "262", "definition": "terrorist attacks"},
            "pips",
            "page 7",
        ),
        *_record(
            Kind.ACTION,
            "fence/1",
            2,
            {"kind": "fence", "actor": "pakistan", "from": "2017", "to": "..", "outcome": "most of it stands"},
            "blast",
            "sec 3 para 1",
        ),
        *_record(
            Kind.RELATION,
            "iskp-ttp/1",
            2,
            {"a": "iskp", "b": "ttp", "kind": "rivalry", "sign": "negative", "stance": "denied", "by": "ttp"},
            "pips",
            "page 9",
        ),
        *_record(
            Kind.ATTRIBUTE,
            "iskp-creed/1",
            2,
            {"actor": "iskp", "dimension": "religion", "value": "salafi"},
            "pips",
            "page 2",
        ),
    ]


def _ids(statements: list[Statement], subject: str, *names: str) -> tuple[str, ...]:
    return tuple(s.id for s in statements if s.subject == subject and s.property in names)


def _analysis(statements: list[Statement]) -> Finding:
    tolls = _ids(statements, "rally", "killed")
    years = Table(
        title="Attacks by year",
        columns=(Column(name="year", label="Year"), Column(name="n", label="Attacks", unit="count", numeric=True)),
        rows=(
            (Cell(text="2022"), Cell(text="262", statements=_ids(statements, "pips-2022", "value"), cites=("pips",))),
        ),
        note="Attacks as the source counts them.",
    )
    reports = Table(
        title="Reports of the rally",
        columns=(Column(name="who", label="Source"), Column(name="killed", label="Killed", numeric=True)),
        rows=tuple(
            (Cell(cites=(key,)), Cell(text=toll, statements=(found,)))
            for key, toll, found in zip(("blast", "rally"), (">60", "54"), tolls, strict=True)
        ),
    )
    spec = {
        "data": {"values": [{"year": "2021", "n": 207}, {"year": "2022", "n": 262}]},
        "mark": "bar",
        "encoding": {"x": {"field": "year", "type": "nominal"}, "y": {"field": "n", "type": "quantitative"}},
        "width": 600,
        "height": 200,
    }
    return Finding(
        id="attacks-by-year",
        kind="analysis",
        title="Attacks by year",
        text=(
            ("Two reports give a toll of ", Number(text="54 to >60", statements=tolls), " ", Cite(cite="blast"), "."),
        ),
        tables=(years, reports),
        charts=(Chart(title="Attacks a year", alt="Attacks rose from 207 to 262.", spec=spec, table=0),),
        checks=(Check(name="coverage", status=CheckStatus.FAIL, text="One source only."),),
        sources=("pips",),
        method=Method(name="attacks-by-year", parameters={"period": "2021/2022"}, reference="UCDP codebook"),
    )


def _contradiction(statements: list[Statement], name: str, severity: Severity) -> Finding:
    ids = _ids(statements, "rally", name)
    return Finding(
        id=f"rally-{name}",
        kind="event_disagreement",
        title=f"Two values of {name} for one event",
        text=(("The reports of the rally differ in ", Number(text=name, statements=ids), "."),),
        severity=severity,
        subjects=("rally",),
        property=name,
        statements=ids,
        sources=("blast", "rally"),
        method=Method(name="reports-of-one-event"),
    )


def _config(**changes: Any) -> StudyConfig:
    fields: dict[str, Any] = {
        "id": "small",
        "title": "Security challenges for Pakistan",
        "subtitle": "A small study",
        "authors": ["A. Scholar", "B. Scholar"],
        "document": "thesis",
        "period": "2021/2024",
        "area": ["pakistan"],
        "objectives": ["Find out what changed."],
        "questions": ["Did attacks rise?", "Who says so [@pips]?"],
        "abstract": "A study of reports [@blast, sec 2; @rally].\n\nSecond paragraph.",
        "turning_points": [{"id": "takeover", "date": "2021-08-15", "title": "The takeover"}],
        "chapters": [
            {
                "id": "impacts",
                "title": "Security impacts",
                "text": "What the text says.",
                "sections": [
                    {"id": "resurgence", "title": "The resurgence", "text": "More [@pips].", "findings": ["worse"]}
                ],
                "findings": ["worse"],
            }
        ],
    }
    return StudyConfig.model_validate(fields | changes)


def _finding() -> StudyFinding:
    return StudyFinding.model_validate(
        {
            "id": "worse",
            "title": "Security became worse",
            "text": "Attacks rose [@blast].",
            "source": "thesis",
            "locator": "sec 5 para 1",
            "points": [{"title": "Tolls", "text": "They differ.", "locator": "sec 5 para 2"}],
            "rests_on": {
                "events": ["rally"],
                "figures": ["pips-2022"],
                "actions": ["fence"],
                "relations": [{"a": "iskp", "b": "ttp", "kind": "rivalry"}],
                "attributes": [{"actor": "iskp", "dimension": "religion"}],
                "series": ["deaths"],
            },
        }
    )


def _option() -> StudyOption:
    return StudyOption.model_validate(
        {
            "id": "watch",
            "title": "Watch the border",
            "text": "Add patrols.",
            "actor": "pakistan",
            "levers": ["more patrols"],
            "uncertainties": ["terrain"],
            "outcomes": ["fewer crossings"],
            "addresses": ["worse"],
            "source": "thesis",
        }
    )


def _release() -> Release:
    return Release(
        id="deaths",
        title="Monthly deaths",
        producer="UCDP",
        version="24.1",
        licence="CC BY 4.0",
        citation="UCDP (2024).",
        retrieved_at=Date.parse("2024-06-30"),
        sha256="0" * 64,
        may_redistribute=True,
        url="https://ucdp.uu.se/",
    )


def make_content(**changes: Any) -> ReportContent:
    """The small study's content; ``changes`` are fields of its configuration."""
    statements = _statements()
    analysis = _analysis(statements)
    return ReportContent(
        config=_config(**changes),
        evidence=Evidence.assemble(statements, SOURCES),
        headline=analysis.model_copy(update={"charts": (), "tables": (), "title": "In numbers"}),
        analyses={"resurgence": (analysis,)},
        contradictions=(
            _contradiction(statements, "date", Severity.ERROR),
            _contradiction(statements, "killed", Severity.NOTE),
        ),
        findings=(_finding(),),
        options=(_option(),),
        bibliography=bibliography(SOURCES),
        drawings={chart_key(chart): draw(chart) for chart in analysis.charts},
        statements={found.id: found for found in statements},
        releases=(_release(),),
        manifest={
            "program": {"name": "marsad", "version": "0.1.0", "code": "abc"},
            "libraries": {"jinja2": "3.1"},
            "files": {"events.csv": "1" * 64},
            "counts": {"statements": len(statements)},
        },
    )


@pytest.fixture(scope="session")
def content() -> ReportContent:
    """The small study's content."""
    return make_content()


@pytest.fixture(scope="session", name="make_content")
def _make_content() -> Callable[..., ReportContent]:
    """Makes the small study's content with other fields of its configuration."""
    return make_content
