"""The queries of the store against filters in plain Python over generated evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.evidence import Store, write_database, write_sources, write_statements
from marsad.model import Date, Kind, Statement

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

PLACES = ["khar", "bajaur", "kp", "pakistan", "afghanistan", "world"]
ACTORS = ["ttp", "iskp", "taliban", "police"]
DATES = [
    "2021",
    "2022-04",
    "2022-04-16",
    "2023-24",
    "2021-08/2022-02",
    "2022/..",
    "../2021-12",
    "2022-03/",
    "..",
    "../..",
]
DATES += ["2022~", "/2023"]
SOURCES = ["pips", "picss", "", "thesis"]

# What a property of each kind may hold. A target of an event is a class of victims, though an actor may bear its name.
COLUMNS: dict[Kind, dict[str, list[str]]] = {
    Kind.ACTOR: {"name": ["A name"], "parent": ACTORS, "from": DATES, "to": DATES},
    Kind.ATTRIBUTE: {"actor": ACTORS, "value": ["deobandi", *ACTORS], "from": DATES, "to": DATES},
    Kind.RELATION: {"a": ACTORS, "b": ACTORS, "about": ACTORS, "by": ACTORS, "from": DATES, "to": DATES},
    Kind.EVENT: {"date": DATES, "place": PLACES, "actor": ACTORS, "target": ["police", "civilians"]},
    Kind.FIGURE: {"period": DATES, "area": PLACES, "actor": ACTORS, "reported_by": ACTORS, "compared_to": DATES},
    Kind.ACTION: {"from": DATES, "to": DATES, "place": PLACES, "actor": ACTORS, "target": ACTORS, "first_since": DATES},
    Kind.PLACE: {"name": ["A place"], "admin1": PLACES, "country": PLACES},
}


@st.composite
def _record(draw: st.DrawFn, number: int) -> list[Statement]:
    kind = draw(st.sampled_from([*COLUMNS, Kind.PLACE, Kind.EVENT]))
    subject = {Kind.PLACE: PLACES, Kind.ACTOR: ACTORS, Kind.ATTRIBUTE: ACTORS, Kind.RELATION: ACTORS}.get(kind, ["x"])
    base = {
        "kind": kind,
        "record": f"r{number}",
        "subject": draw(st.sampled_from(subject)),
        "source": draw(st.sampled_from(SOURCES)),
        "via": draw(st.sampled_from(SOURCES)),
    }
    cells = draw(st.lists(st.sampled_from(sorted(COLUMNS[kind])), max_size=5, unique=True))
    found = [base | {"property": name, "value": draw(st.sampled_from(COLUMNS[kind][name]))} for name in cells]
    return [Statement.model_validate(fields) for fields in found]


evidence = (
    st.integers(0, 12)
    .flatmap(lambda count: st.tuples(*(_record(number) for number in range(count))))
    .map(lambda records: [statement for record in records for statement in record])
)


def _store(folder: Path, statements: list[Statement]) -> Store:
    write_statements(folder / "statements.parquet", statements)
    write_sources(folder / "sources.parquet", {})
    database = folder / "marsad.duckdb"
    write_database(database, statements=folder / "statements.parquet", sources=folder / "sources.parquet")
    return Store(database)


def _records(statements: list[Statement], fits: Callable[[Kind, list[Statement]], bool]) -> tuple[Statement, ...]:
    """The statements of those records that fit, in their order."""
    groups: dict[tuple[Kind, str], list[Statement]] = {}
    for statement in statements:
        groups.setdefault((statement.kind, statement.record), []).append(statement)
    wanted = {key for key, group in groups.items() if fits(key[0], group)}
    return tuple(statement for statement in statements if (statement.kind, statement.record) in wanted)


def _span(group: list[Statement]) -> tuple[date, date] | None:
    """From the first to the last day of a record's own dates; None where it has no date.

    `..` says only that something still goes on: it has no start of its own.
    """
    own = [Date.parse(one.value) for one in group if one.property in ("date", "from", "to", "period")]
    if not own:
        return None
    starts = [one.earliest or date.min for one in own if one.text != ".."]
    return min(starts, default=date.min), max(one.latest or date.max for one in own)


def _within(statements: list[Statement], outer: str) -> set[str]:
    """Every place that lies in `outer`, by following provinces and countries until nothing new appears."""
    inside = {outer}
    while True:
        more = {
            one.subject
            for one in statements
            if one.kind is Kind.PLACE and one.property in ("admin1", "country") and one.value in inside
        }
        if more <= inside:
            return inside
        inside |= more


def _names_actor(kind: Kind, group: list[Statement], actor: str) -> bool:
    roles = {"actor", "a", "b", "about", "by", "reported_by", "parent"} | ({"target"} if kind is Kind.ACTION else set())
    is_about = kind in (Kind.ACTOR, Kind.ATTRIBUTE, Kind.RELATION) and group[0].subject == actor
    return is_about or any(one.property in roles and one.value == actor for one in group)


@quick
@given(
    evidence,
    st.sampled_from([None, *Kind]),
    st.sampled_from([None, "x", *PLACES, *ACTORS]),
    st.sampled_from([None, "date", "actor", "unheard_of"]),
    st.sampled_from([None, *SOURCES]),
)
def test_kind_subject_property_and_source(
    tmp_path: Path,
    statements: list[Statement],
    kind: Kind | None,
    subject: str | None,
    name: str | None,
    source: str | None,
) -> None:
    found = _store(tmp_path, statements).statements(kind=kind, subject=subject, property=name, source=source)
    assert found == tuple(
        one
        for one in statements
        if (kind is None or one.kind is kind)
        and (subject is None or one.subject == subject)
        and (name is None or one.property == name)
        and (source is None or source in (one.source, one.via))
    )


@quick
@given(evidence, st.sampled_from([*DATES, "2010", "2030", "2022-02-28"]).map(Date.parse))
def test_period(tmp_path: Path, statements: list[Statement], period: Date) -> None:
    first, last = period.earliest or date.min, period.latest or date.max

    def overlaps(_: Kind, group: list[Statement]) -> bool:
        span = _span(group)
        return span is not None and span[0] <= last and first <= span[1]

    assert _store(tmp_path, statements).statements(period=period) == _records(statements, overlaps)


@quick
@given(evidence, st.sampled_from([*PLACES, "nowhere"]))
def test_place(tmp_path: Path, statements: list[Statement], place: str) -> None:
    inside = _within(statements, place)

    def is_there(kind: Kind, group: list[Statement]) -> bool:
        named = any(one.property in ("place", "area", "admin1", "country") and one.value in inside for one in group)
        return named or (kind is Kind.PLACE and group[0].subject in inside)

    assert _store(tmp_path, statements).statements(place=place) == _records(statements, is_there)


@quick
@given(evidence, st.sampled_from([*ACTORS, "nobody"]))
def test_actor(tmp_path: Path, statements: list[Statement], actor: str) -> None:
    expected = _records(statements, lambda kind, group: _names_actor(kind, group, actor))
    assert _store(tmp_path, statements).statements(actor=actor) == expected


@quick
@given(evidence, st.sampled_from(PLACES), st.sampled_from(ACTORS), st.sampled_from(DATES))
def test_conditions_narrow_one_another(
    tmp_path: Path, statements: list[Statement], place: str, actor: str, period: str
) -> None:
    store = _store(tmp_path, statements)
    separate = [
        set(store.statements(place=place)),
        set(store.statements(actor=actor)),
        set(store.statements(period=Date.parse(period))),
    ]
    both = store.statements(place=place, actor=actor, period=Date.parse(period))
    assert set(both) == set.intersection(*separate)


def _of(about: Kind, record: str, **cells: str) -> Iterator[Statement]:
    for name, value in cells.items():
        yield Statement(kind=about, subject=record, record=record, property=name.strip("_"), value=value)


@pytest.mark.parametrize(
    ("period", "records"),
    [
        ("2022", {"month", "running", "open"}),
        ("2022-05", {"running", "open"}),
        ("2020", {"open"}),
        ("2030/..", {"running", "open"}),
        ("../2021-07", {"open"}),
        ("..", {"month", "running", "open"}),
    ],
)
def test_examples_of_periods(tmp_path: Path, period: str, records: set[str]) -> None:
    statements = [
        *_of(Kind.EVENT, "month", kind="clash", date="2022-04"),
        *_of(Kind.RELATION, "running", kind="shelter", from_="2021-08", to="..", a="x"),
        *_of(Kind.RELATION, "open", kind="dispute", to=".."),
        *_of(Kind.EVENT, "undated", kind="clash"),
    ]
    found = _store(tmp_path, statements).statements(period=Date.parse(period))
    assert {one.record for one in found} == records


def test_a_place_holds_its_towns_and_a_circle_of_places_ends(tmp_path: Path) -> None:
    statements = [
        *_of(Kind.PLACE, "khar", admin1="kp"),
        *_of(Kind.PLACE, "kp", country="pakistan"),
        *_of(Kind.PLACE, "left", admin1="right"),
        *_of(Kind.PLACE, "right", admin1="left"),
        *_of(Kind.EVENT, "rally", place="khar"),
        *_of(Kind.FIGURE, "total", area="pakistan"),
        *_of(Kind.EVENT, "circular", place="left"),
    ]
    store = _store(tmp_path, statements)
    assert {one.record for one in store.statements(place="pakistan")} == {"khar", "kp", "rally", "total"}
    assert {one.record for one in store.statements(place="kp", kind=Kind.EVENT)} == {"rally"}
    assert {one.record for one in store.statements(place="right")} == {"left", "right", "circular"}


def test_a_class_of_victims_is_no_actor_of_the_same_name(tmp_path: Path) -> None:
    statements = [
        *_of(Kind.EVENT, "on-police", target="police"),
        *_of(Kind.EVENT, "by-police", actor="police"),
        *_of(Kind.ACTION, "towards-police", target="police"),
    ]
    found = _store(tmp_path, statements).statements(actor="police")
    assert {one.record for one in found} == {"by-police", "towards-police"}
