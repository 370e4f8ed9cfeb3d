"""Small evidence for the tests of the analyses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marsad.analysis import Inputs
from marsad.analysis.forecast_parameters import EarlyWarningParameters, ForecastParameters
from marsad.analysis.scenario_parameters import ScenarioParameters
from marsad.model import (
    Date,
    EarlyWarning,
    EarlyWarnings,
    Evidence,
    Forecast,
    ForecastMonth,
    ForecastRecord,
    Kind,
    Match,
    Register,
    RegisterMonth,
    Release,
    Reliability,
    Series,
    SeriesPoint,
    Source,
    SourceKind,
    Statement,
    TurningPoint,
    WarningScore,
)
from marsad.model.forecasts import (
    ActionEffect,
    ForecastSum,
    PastSpell,
    ScenarioForecast,
    ScenarioMonth,
    ScenarioSum,
    SpellReading,
    SumRecord,
)

ROW = {"source": "news2023", "via": "thesis", "locator": "sec 1 para 1"}
LISTS = {"place", "actor", "target", "area", "aliases"}


def statements(kind: Kind, subject: str, record: str, /, **values: str) -> list[Statement]:
    """The statements of one row; list properties are written with ``;``."""
    about = {name: values.pop(name, text) for name, text in ROW.items()}
    return [
        Statement(kind=kind, subject=subject, record=record, property=name.rstrip("_"), value=value, **about)
        for name, text in values.items()
        for value in (text.split(";") if name in LISTS else [text])
        if value
    ]


def event(subject: str, report: str, /, **values: str) -> list[Statement]:
    return statements(Kind.EVENT, subject, report, **{"kind": "bombing"} | values)


def action(subject: str, report: str, /, **values: str) -> list[Statement]:
    return statements(Kind.ACTION, subject, report, **{"kind": "talks", "actor": "state"} | values)


def figure(record: str, /, **values: str) -> list[Statement]:
    defaults = {"measure": "attacks", "unit": "count", "definition": "attacks"}
    return statements(Kind.FIGURE, record, record, **defaults | values)


def relation(record: str, a: str, b: str, /, **values: str) -> list[Statement]:
    defaults = {"kind": "support", "sign": "positive", "stance": "asserted"}
    return statements(Kind.RELATION, record, record, a=a, b=b, **defaults | values)


def attribute(record: str, actor: str, dimension: str, value: str) -> list[Statement]:
    return statements(Kind.ATTRIBUTE, record, record, actor=actor, dimension=dimension, value=value)


def actor(subject: str, /, **values: str) -> list[Statement]:
    return statements(Kind.ACTOR, subject, subject, **{"name": subject.title(), "kind": "armed_group"} | values)


def place(subject: str, kind: str, /, **values: str) -> list[Statement]:
    return statements(Kind.PLACE, subject, subject, **{"name": subject.title(), "kind": kind} | values)


def source(key: str) -> Source:
    return Source(
        key=key,
        kind=SourceKind.SECONDARY,
        reliability=Reliability.B,
        issued=Date.parse("2023"),
        title=key,
        csl={"author": [{"family": key.rstrip("0123456789").title()}]},
    )


PLACES = [
    *place("country", "country"),
    *place("north", "admin1", country="country"),
    *place("south", "admin1", country="country"),
    *place("town", "city", admin1="north", country="country"),
    *place("frontier", "region"),
]
ACTORS = [*actor("band", aliases="BAND"), *actor("cell", parent="band"), *actor("state", kind="state")]

EVENTS = [
    *event("market", "market-1", date="2022-07-30", place="town", actor="band", target="police", killed=">=50"),
    *event("market", "market-2", date="2022-07-31", place="country", actor="cell", target="people", killed="60"),
    *event("bridge", "bridge-1", date="2022-12-31", place="south", target="civilians", killed="dozens"),
    *event("bridge", "bridge-2", date="2023-01-01", place="north", actor="band", attribution="claimed"),
    *event("gate", "gate-1", date="2023", place="frontier", killed_security="2", killed_civilians="3"),
    *event("undated", "undated-1", killed="9"),
    *event("old", "old-1", date="2010-05", killed="100"),
    *event("stage", "stage-1", date="2022-07-30", part_of="market", killed="5"),
    *event("speech", "speech-1", kind="statement", date="2022-03-01"),
]
OTHERS = [
    *action("talks", "talks-1", from_="2022-01", to="2022-03", target="band", outcome="a truce"),
    *action("talks", "talks-2", from_="2022-05-02", target="band", outcome="nothing", source="book2023"),
    *action("return", "return-1", kind="repatriation", from_="2023-11-01", target="state"),
    *action("return-more", "return-more-1", kind="repatriation", from_="2023-09", part_of="return"),
    *action("raid", "raid-1", kind="operation", killed="12"),
    *figure("f1", value="262", area="country", period="2022", reported_by="band"),
    *figure("f2", value=">300", area="country", period="2022", source="book2023", definition="incidents"),
    *figure("f3", value="5", area="country", period="2022", reported_by="band", whole="f1", definition="blasts"),
    *figure("f4", measure="returned", unit="persons", value="hundreds of thousands", period="2023-11/.."),
    *figure("f5", measure="attacks", unit="percent_change", value="42", period="2022", compared_to="2021"),
    *relation("r1", "state", "band"),
    *relation("r2", "state", "band", stance="denied", by="state", source="book2023"),
    *relation("r3", "band", "state", kind="attack", sign="negative"),
    *attribute("a1", "band", "religion", "one-creed"),
    *attribute("a2", "cell", "religion", "one-creed"),
    *attribute("a3", "state", "religion", "other-creed"),
    *attribute("a4", "state", "power", "army"),
    *attribute("a5", "band", "power", "army"),
]
SOURCES = {key: source(key) for key in ("news2023", "book2023", "thesis", "data2025")}
EVIDENCE = Evidence.assemble([*PLACES, *ACTORS, *EVENTS, *OTHERS], SOURCES)


def release(name: str) -> Release:
    return Release(
        id=name,
        title=f"Series {name}",
        producer="a producer",
        version="1.0",
        licence="CC BY 4.0",
        citation="A producer: a series",
        retrieved_at=Date.parse("2025-01-01"),
        sha256="0" * 64,
        may_redistribute=True,
    )


def monthly(values: Mapping[str, float | None], *, name: str = "deaths", unit: str = "persons") -> Series:
    return Series(
        release=release(name),
        source="data2025",
        measure="killed",
        unit=unit,
        area="country",
        definition="deaths",
        points=tuple(SeriesPoint(period=Date.parse(period), value=value) for period, value in values.items()),
    )


def months(start: str, values: Sequence[float | None]) -> dict[str, float | None]:
    """Values by month from a first month on."""
    first = date.fromisoformat(f"{start}-01")
    base = first.year * 12 + first.month - 1
    return {f"{(base + i) // 12:04d}-{(base + i) % 12 + 1:02d}": value for i, value in enumerate(values)}


def turning(name: str, when: str) -> TurningPoint:
    return TurningPoint(id=name, date=Date.parse(when), title=f"Turn {name}")


def month(area: str, when: str, events: int, *deaths: int | None) -> RegisterMonth:
    low, best, high = deaths or (None, None, None)
    return RegisterMonth(area=area, month=when, events=events, low=low, best=best, high=high)


def register(name: str, *found: RegisterMonth, **values: Any) -> Register:
    given: dict[str, Any] = {
        "release": release(name),
        "source": "data2025",
        "definition": "attacks",
        "counts": "Attacks in which somebody was killed.",
        "records": sum(one.events for one in found),
        "first": date(2021, 12, 5),
        "last": date(2023, 2, 27),
        "months": found,
    }
    return Register(**given | values)


def match(event: str, name: str, **values: Any) -> Match:
    given: dict[str, Any] = {
        "event": event,
        "release": name,
        "source_id": f"{name}-1",
        "row": 1,
        "probability": 0.9,
        "decision": "same",
        "start": date(2022, 7, 30),
        "end": date(2022, 7, 30),
        "place": "Town",
    }
    return Match(**given | values)


REGISTERS = (
    register(
        "ged",
        month("country", "2021-12", 1, 2, 2, 2),
        month("country", "2022-07", 3, 50, 55, 70),
        month("country", "2022-08", 2),
        month("north", "2022-07", 1, 50, 50, 50),
    ),
    register("acled", month("country", "2022-07", 9, 0, 0, 0), remarks={"an odd record": 2}, quarantined={"why": 3}),
)
MATCHES = (
    match("market", "ged", low=40, best=45, high=49),
    match("market", "ged", source_id="ged-2", row=2, probability=0.3, decision="review"),
    match("bridge", "acled", decision="review", probability=0.4),
)
SERIES = monthly(months("2020-01", [float(value % 7) for value in range(60)]))


def forecast(**values: Any) -> Forecast:
    """A forecast of two months of the sample series, with a record that is better than its rival's."""
    given: dict[str, Any] = {
        "request": ForecastParameters().as_text(),
        "series": "deaths",
        "model": "empirical",
        "origin": "2024-12",
        "known": 60,
        "draws": 1000,
        "thresholds": (5.0, 6.0),
        "months": (
            ForecastMonth(month="2025-01", quantiles=(0, 1, 3, 5, 6), chances=(0.3, 0.1)),
            ForecastMonth(month="2025-02", quantiles=(0, 1, 3, 5, 7.5), chances=(0.3, 0.2), observed=4),
        ),
        "sums": (
            ForecastSum(months=1, last="2025-01", quantiles=(0, 1, 3, 5, 6), means=(0.3, 0.1), some=(0.3, 0.1)),
            ForecastSum(
                months=2,
                last="2025-02",
                quantiles=(1, 3, 6, 9, 12),
                means=(0.3, 0.1),
                some=(0.5, 0.2),
                before=7,
                more=0.4,
            ),
        ),
        "sum_record": (
            SumRecord(months=2, cells=20, crps=2.0, crps_apart=2.5, covered=0.9, covered_apart=0.7, width=9.0),
        ),
        "record": (record("empirical", crps=1.0), record("conflictology", crps=2.0)),
        "origins": ("2022-01", "2024-11"),
        "scored_months": 35,
        "difference": (-1.0, -1.5, -0.5),
        "recent": 3.0,
        "before": 2.5,
    }
    return Forecast(**given | values)


def record(model: str, **values: Any) -> ForecastRecord:
    given: dict[str, Any] = {
        "crps_log1p": 0.2,
        "interval_score": 9.0,
        "covered": 0.9,
        "width": 5.0,
        "brier": (0.2, 0.1),
    }
    return ForecastRecord(model=model, cells=70, **given | values)


def warning(month: str, ahead: int, chance: float, observed: float | None) -> EarlyWarning:
    return EarlyWarning(
        month=month,
        ahead=ahead,
        chance=chance,
        climatology=0.4,
        recent=0.5,
        quantiles=(0, 1, 3, 5, 6),
        observed=observed,
    )


def warnings(**values: Any) -> EarlyWarnings:
    given: dict[str, Any] = {
        "request": EarlyWarningParameters().as_text(),
        "series": "deaths",
        "model": "empirical",
        "threshold": 5.0,
        "warnings": (
            warning("2022-01", 1, 0.7, 6),
            warning("2022-01", 2, 0.6, 6),
            warning("2022-02", 1, 0.2, 1),
            warning("2022-02", 2, 0.8, 1),
            warning("2022-03", 1, 0.1, 5),
            warning("2022-04", 1, 1.0, None),
        ),
        "scores": (
            WarningScore(ahead=1, months=3, passed=2, brier=0.3, climatology=0.36, recent=0.25, low=-0.1, high=0.02),
            WarningScore(ahead=2, months=2, passed=1, brier=0.4, climatology=0.26, recent=0.25),
        ),
    }
    return EarlyWarnings(**given | values)


def effect(**values: Any) -> ActionEffect:
    """What came with the talks of the sample: one spell that is used, and one that is not."""
    ids = tuple(found for one in EVIDENCE.actions if one.subject == "talks" for found in one.ids_of("from", "to"))
    given: dict[str, Any] = {
        "kind": "talks",
        "spells": (
            PastSpell(
                actions=("talks",),
                readings=(SpellReading(first="2022-01", last="2022-03", expected=9.5, observed=4.5),),
                statements=ids,
                sources=("news2023",),
                ratio=0.6,
            ),
            PastSpell(actions=("return",), problem="no report dates it"),
        ),
        "ratio": 0.6,
        "low": 0.2,
        "high": 1.9,
        "pooled": 0.6,
        "pooled_low": 0.2,
        "pooled_high": 1.9,
        "placebo": (0.5, 0.8, 1.0, 1.25, 2.0),
        "usual": 0.9,
        "separate": 12,
        "as_far": 0.2,
        "fall": 0.3,
        "rise": 3.1,
    }
    return ActionEffect(**given | values)


def scenario(**values: Any) -> ScenarioForecast:
    """A forecast of two months, the first of them given talks; without a request the overview of all kinds."""
    asked = ScenarioParameters.model_validate({"scenario": "talks 2025-01"})
    plain = forecast().months
    given = plain[0].model_copy(update={"quantiles": (0, 0, 2, 4, 9), "chances": (0.2, 0.15)})
    made: dict[str, Any] = {
        "request": asked.as_text(),
        "series": "deaths",
        "model": "empirical",
        "measure": "empirical",
        "origin": "2024-12",
        "draws": 1000,
        "thresholds": (5.0, 6.0),
        "effects": (effect(),),
        "months": (
            ScenarioMonth(kinds=("talks",), plain=plain[0], given=given),
            ScenarioMonth(kinds=(), plain=plain[1], given=plain[1]),
        ),
        "total": ScenarioSum(months=1, plain=(0, 1, 3, 5, 6), given=(0, 0, 2, 4, 9), lower=0.6),
        "record": (record("empirical", crps=1.0), record("conflictology", crps=2.0)),
        "origins": ("2022-01", "2024-11"),
        "scored_months": 35,
    }
    return ScenarioForecast(**made | values)


OVERVIEW = scenario(request=ScenarioParameters().as_text(), months=(), total=None, record=(), origins=None)
INPUTS = Inputs(
    evidence=EVIDENCE,
    series=(SERIES, monthly({"2020": 20.0, "2021": None}, name="yearly")),
    registers=REGISTERS,
    matches=MATCHES,
    forecasts=(forecast(),),
    warnings=(warnings(),),
    scenarios=(OVERVIEW,),
    turning_points=(turning("early", "2021"), turning("change", "2022-06-15")),
    period=Date.parse("2022/2023"),
    data_versions={"deaths": "1.0"},
)
EMPTY = Inputs()
