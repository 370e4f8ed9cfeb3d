"""The store: bit for bit the same, loses nothing, and takes whatever a text holds for data."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.errors import InputError, NotFoundError
from marsad.evidence import Store, sha256_of, write_database, write_sources, write_statements
from marsad.model import Date, Kind, Reliability, Source, SourceKind, Statement

quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

HOSTILE = [
    "'; DROP TABLE statements; --",
    '"; DROP TABLE statements; --',
    "' OR '1'='1",
    "$1 ? :x %s {0}",
    "مرصد \u202eعكس\u202c",
    "🕊️ 👩‍👩‍👧",
    "tab\tand\nline\r\nand\x00nul",
    "NULL",
    "",
    " ",
    "%_\\",
    "a" * 100_000,
]


def _statement(kind: Kind = Kind.EVENT, name: str = "kind", value: str = "clash", **fields: str) -> Statement:
    base = {"subject": "s", "record": "r", "source": "src", "origin": "events.csv:2"}
    return Statement.model_validate({"kind": kind, "property": name, "value": value} | base | fields)


def _store(folder: Path, statements: Sequence[Statement], sources: dict[str, Source] | None = None) -> Store:
    """Write everything into a folder and open it."""
    write_statements(folder / "statements.parquet", statements)
    write_sources(folder / "sources.parquet", sources or {})
    database = folder / "marsad.duckdb"
    write_database(database, statements=folder / "statements.parquet", sources=folder / "sources.parquet")
    return Store(database)


SAMPLE = [
    _statement(Kind.EVENT, "date", "2022-04"),
    _statement(Kind.EVENT, "killed", ">=50", unit="persons"),
    _statement(Kind.EVENT, "note", "نص; 'quoted'"),
    _statement(Kind.FIGURE, "value", "20..25", record="f"),
    _statement(Kind.RELATION, "to", "..", record="t"),
    _statement(Kind.PLACE, "lat", "34.5", record="p"),
]
WRITER = """
import sys
from pathlib import Path
from marsad.evidence import write_sources, write_statements
from marsad.model import Source, Statement
folder = Path(sys.argv[1])
statements = [Statement.model_validate_json(line) for line in sys.stdin]
write_statements(folder / "statements.parquet", statements)
fields = {"kind": "primary", "reliability": "B", "csl": {}}
sources = {key: Source(key=key, title=key.upper(), **fields) for key in {"b", "a", "c", "d"}}
write_sources(folder / "sources.parquet", sources)
"""


def test_parquet_is_the_same_bit_for_bit_in_every_process(tmp_path: Path) -> None:
    hashes = set()
    for seed in ("0", "1", "2"):
        folder = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", WRITER, str(folder)],
            input="\n".join(statement.model_dump_json() for statement in SAMPLE),
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Karachi" if seed == "1" else "UTC"},
            text=True,
            check=True,
        )
        hashes.add((sha256_of(folder / "statements.parquet"), sha256_of(folder / "sources.parquet")))
    write_statements(tmp_path / "here.parquet", SAMPLE)
    assert len(hashes) == 1
    assert sha256_of(tmp_path / "here.parquet") == next(iter(hashes))[0]


def test_written_twice_the_bytes_are_the_same_and_another_value_changes_them(tmp_path: Path) -> None:
    path = tmp_path / "statements.parquet"
    write_statements(path, SAMPLE)
    first = sha256_of(path)
    write_statements(path, SAMPLE)
    assert sha256_of(path) == first
    write_statements(path, [*SAMPLE[:-1], SAMPLE[-1].model_copy(update={"value": "34.6"})])
    assert sha256_of(path) != first


texts = st.text(max_size=8)
statements_of_text = st.builds(
    Statement,
    kind=st.sampled_from(Kind),
    property=st.sampled_from(["kind", "name", "note", "outcome", "actor"]),
    subject=texts,
    record=texts,
    value=texts,
    unit=texts,
    source=texts,
    via=texts,
    locator=texts,
    origin=texts,
)


@quick
@given(st.lists(statements_of_text, max_size=12))
def test_reading_gives_back_what_was_written_in_its_order(tmp_path: Path, statements: list[Statement]) -> None:
    store = _store(tmp_path, statements)
    assert store.statements() == tuple(statements)
    for statement in statements:
        assert store.by_id(statement.id).id == statement.id


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_only_data(tmp_path: Path, text: str) -> None:
    names = {"value": text, "subject": text, "record": text, "source": text, "via": text, "origin": text}
    hostile = _statement(Kind.RELATION, "a", **names)
    other = _statement(Kind.EVENT, record="other", subject="other")
    store = _store(tmp_path, [hostile, other])
    assert store.statements() == (hostile, other)
    assert store.statements(subject=text) == (hostile,)
    assert store.statements(source=text)[0] == hostile
    assert store.statements(actor=text) == (hostile,)
    assert store.statements(property=text) == ()
    assert store.statements(place=text) == ()
    assert store.statements() == (hostile, other)
    with pytest.raises(NotFoundError):
        store.by_id(text)


@pytest.mark.parametrize("name", ["with space", "q'uo\"te;", "[b]*{x,y}", "نص 🕊️", "k=v", "a:b", "%20", "~"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    assert _store(tmp_path / name, SAMPLE).statements() == tuple(SAMPLE)


def test_a_folder_whose_name_the_engine_misreads_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="rename"):
        _store(tmp_path / "why?", SAMPLE)
    assert [path.name for path in (tmp_path / "why?").iterdir() if "duckdb" in path.name] == []


def test_numbers_and_dates_have_their_bounds(tmp_path: Path) -> None:
    write_statements(tmp_path / "s.parquet", [*SAMPLE, _statement(Kind.EVENT, "injured", "<10")])
    rows = pq.read_table(tmp_path / "s.parquet").to_pylist()
    bounds = [(row["low"], row["high"], str(row["earliest"]), str(row["latest"])) for row in rows]
    assert bounds == [
        (None, None, "2022-04-01", "2022-04-30"),
        (50, None, "None", "None"),
        (None, None, "None", "None"),
        (20, 25, "None", "None"),
        (None, None, "None", "None"),
        (34.5, 34.5, "None", "None"),
        (None, 10, "None", "None"),
    ]
    assert [row["id"] for row in rows[: len(SAMPLE)]] == [statement.id for statement in SAMPLE]


def test_sources_are_written_by_key(tmp_path: Path) -> None:
    made = {
        key: Source(
            key=key,
            kind=SourceKind.PRIMARY,
            reliability=Reliability.B,
            issued=Date.parse("2023"),
            title=f"Title of {key}",
            csl={"id": key},
            listed=listed,
            cited_as=("(One, 2023)", "Two (2023)"),
        )
        for key, listed in (("b", None), ("a", 0))
    }
    write_sources(tmp_path / "sources.parquet", made)
    rows = pq.read_table(tmp_path / "sources.parquet").to_pylist()
    assert [(row["key"], row["listed"], row["issued"]) for row in rows] == [("a", 0, "2023"), ("b", None, "2023")]
    assert rows[0]["cited_as"] == "(One, 2023);Two (2023)"


def test_without_a_database_the_error_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="run `marsad build` first"):
        Store(tmp_path / "marsad.duckdb")
    with pytest.raises(NotFoundError, match="run `marsad build` first"):
        Store(tmp_path)


def test_an_unknown_identifier_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="'feedfacefeedface'"):
        _store(tmp_path, SAMPLE).by_id("feedfacefeedface")


def test_reading_changes_no_byte(tmp_path: Path) -> None:
    store = _store(tmp_path, SAMPLE)
    before = {path.name: sha256_of(path) for path in tmp_path.iterdir()}
    store.statements(period=Date.parse("2022"), place="kp", actor="ttp")
    assert {path.name: sha256_of(path) for path in tmp_path.iterdir()} == before
