"""Files of draws: one possible future a draw, wholes that are the sums of their parts, in bounded memory."""

from __future__ import annotations

import csv
import resource
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.evidence.draws import read_draws
from marsad.forecast import PanelColumns, coupled, month_number, read_panel
from marsad.forecast.backtest import seed_of
from marsad.forecast.models import MODELS
from marsad.workbench.draw_scores import score_file
from marsad.workbench.forecast_files import Backtested, backtest_file

Floats = NDArray[np.float64]
FLAT = PanelColumns("unit", "month", "n")
NESTED = PanelColumns("unit", "month", "n", None, "within")
ORIGIN = "2005-06"
STEPS = (1, 2, 3, 5)
MONTHS = 72

AREAS = {"north": "X", "south": "X", "sea": "X", "east": "Y", "west": "Y", "island": None}


def rows_of(
    series: dict[str, Floats], within: dict[str, str | None] | None = None, *, first: int = 2000 * 12
) -> list[dict[str, Any]]:
    return [
        {
            "unit": unit,
            "month": f"{(first + n) // 12:04d}-{(first + n) % 12 + 1:02d}",
            "n": float(value),
            "within": (within or {}).get(unit),
        }
        for unit, values in series.items()
        for n, value in enumerate(values)
        if not np.isnan(value)
    ]


@pytest.fixture
def areas() -> dict[str, Floats]:
    rng = np.random.default_rng(6)
    level = np.exp(rng.normal(0, 0.3, (len(AREAS), MONTHS)).cumsum(axis=1))
    found = {name: rng.poisson(4 * level[row]).astype(np.float64) for row, name in enumerate(AREAS)}
    found["sea"][:20] = np.nan
    found["west"][:] = 0
    return found


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    kinds = pa.schema([("unit", pa.string()), ("month", pa.string()), ("n", pa.float64()), ("within", pa.string())])
    pq.write_table(pa.Table.from_pylist(rows, kinds), path)
    return path


def made(path: Path, columns: PanelColumns, *, model: str = "empirical", draws: int = 60, **given: Any) -> Backtested:
    return backtest_file(
        path,
        columns,
        path.with_name(path.stem + "-draws.parquet"),
        origins=given.get("origins", [ORIGIN]),
        steps=given.get("steps", STEPS),
        model=model,
        draws=draws,
    )


def draws_in(path: Path) -> dict[str, Floats]:
    """By unit, times x draws."""
    table = read_draws(path.with_name(path.stem + "-draws.parquet"))
    shape = (len(table.units), len(table.times), int(table.draw.max()) + 1)
    found = np.full(shape, np.nan)
    found[table.unit, table.time, table.draw] = table.value
    return {str(unit): found[row] for row, unit in enumerate(table.units)}


def test_each_cell_holds_the_draws_of_the_model_and_each_draw_is_a_future(
    tmp_path: Path, areas: dict[str, Floats]
) -> None:
    path = write(tmp_path / "p.parquet", rows_of(areas))
    told = made(path, FLAT)
    panel = read_panel(path, FLAT)
    origin = month_number(2005, 6)
    fitted = MODELS["empirical"]().fit(panel, origin)
    drawn = fitted.draw(STEPS, 60, seed_of(0, origin))
    joint = coupled(drawn, panel, origin, STEPS, seed=seed_of(0, origin))
    found = draws_in(path)
    assert (told.units, told.parents, told.rows) == (6, 0, 6 * 4 * 60)
    for row, unit in enumerate(fitted.units):
        assert np.array_equal(found[unit], joint[row])
        assert np.array_equal(np.sort(found[unit]), np.sort(drawn[row]))
    noted = read_draws(tmp_path / "p-draws.parquet").metadata
    assert "possible future" in noted["joint"]
    assert "within" not in noted["columns"]


def test_parts_add_up_to_wholes_that_keep_their_own_forecast(tmp_path: Path, areas: dict[str, Floats]) -> None:
    path = write(tmp_path / "p.parquet", rows_of(areas, AREAS))
    told = made(path, NESTED)
    wholes = {
        parent: np.nansum([areas[name] for name in AREAS if AREAS[name] == parent], axis=0) for parent in ("X", "Y")
    }
    alone = write(tmp_path / "alone.parquet", rows_of(wholes | {"island": areas["island"]}))
    made(alone, FLAT)
    found, wanted = draws_in(path), draws_in(alone)
    assert (told.units, told.parents) == (8, 2)
    assert np.array_equal(found["X"], found["north"] + found["south"] + found["sea"])
    assert np.array_equal(found["Y"], found["east"] + found["west"])
    for unit in ("X", "Y", "island"):
        assert np.array_equal(found[unit], wanted[unit])
    assert read_draws(tmp_path / "p-draws.parquet").metadata["columns"]["within"] == "within"


def test_wholes_may_be_in_the_file_and_have_wholes_of_their_own(tmp_path: Path, areas: dict[str, Floats]) -> None:
    wholes = {
        parent: np.nansum([areas[name] for name in AREAS if AREAS[name] == parent], axis=0) for parent in ("X", "Y")
    }
    tree = AREAS | {"X": "world", "Y": "world"}
    made(path := write(tmp_path / "p.parquet", rows_of(areas | wholes, tree)), NESTED)
    found = draws_in(path)
    assert np.array_equal(found["world"], found["X"] + found["Y"])
    assert np.array_equal(found["X"], found["north"] + found["south"] + found["sea"])
    made(bare := write(tmp_path / "bare.parquet", rows_of(areas, AREAS)), NESTED)
    assert not np.array_equal(found["X"], draws_in(bare)["X"])  # settled by the world
    wrong = {"X": wholes["X"] + (np.arange(MONTHS) == 30)}
    with pytest.raises(InputError, match=r"X has .* in 2002-07, its parts together have"):
        made(write(tmp_path / "wrong.parquet", rows_of(areas | wrong, AREAS)), NESTED)
    assert not (tmp_path / "wrong-draws.parquet").exists()


def test_a_part_of_two_wholes_is_refused(tmp_path: Path, areas: dict[str, Floats]) -> None:
    rows = rows_of({"centre": areas["north"]}, {"centre": "Mali"}) + rows_of(
        {"centre": areas["south"]}, {"centre": "Cameroon"}, first=2010 * 12
    )
    with pytest.raises(InputError, match="centre is a part of Mali and of Cameroon"):
        made(write(tmp_path / "p.parquet", rows), NESTED)


@pytest.mark.parametrize("columns", [FLAT, NESTED])
def test_few_at_a_time_or_all_at_once_is_the_same(
    tmp_path: Path, areas: dict[str, Floats], columns: PanelColumns, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "p.parquet", rows_of(areas, AREAS))
    made(path, columns)
    whole = draws_in(path)
    before = set(tmp_path.iterdir())
    monkeypatch.setattr("marsad.workbench.joint_draws._HELD", 700)
    monkeypatch.setattr("marsad.workbench.joint_draws._BLOCK_VALUES", 250)
    made(path, columns)
    assert set(tmp_path.iterdir()) == before
    for unit, drawn in draws_in(path).items():
        assert np.array_equal(drawn, whole[unit])


def test_a_full_disk_is_told_and_leaves_what_was(
    tmp_path: Path, areas: dict[str, Floats], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "p.parquet", rows_of(areas, AREAS))
    (tmp_path / "p-draws.parquet").write_text("old")
    monkeypatch.setattr("marsad.workbench.joint_draws._HELD", 700)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        with pytest.raises(InputError, match=r"no room for a passing file of .* MB .* fewer draws or steps"):
            made(path, FLAT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (tmp_path / "p-draws.parquet").read_text() == "old"


@pytest.mark.parametrize("columns", [FLAT, NESTED])
def test_nothing_after_the_origin_is_looked_at(tmp_path: Path, areas: dict[str, Floats], columns: PanelColumns) -> None:
    known = MONTHS - 6
    poisoned = {name: np.where(np.arange(MONTHS) < known, values, 1e9) for name, values in areas.items()}
    poisoned["later"] = np.where(np.arange(MONTHS) < known, np.nan, 7.0)
    tree = AREAS | {"later": "X"}
    one = write(tmp_path / "one.parquet", rows_of(areas, AREAS))
    other = write(tmp_path / "other.parquet", rows_of(poisoned, tree))
    made(one, columns)
    made(other, columns)
    found, same = draws_in(one), draws_in(other)
    assert found.keys() == same.keys()
    assert all(np.array_equal(found[unit], same[unit]) for unit in found)


def test_scores_are_those_of_the_model(tmp_path: Path, areas: dict[str, Floats]) -> None:
    path = write(tmp_path / "p.parquet", rows_of(areas))
    made(path, FLAT, draws=40)
    found = score_file(tmp_path / "p-draws.parquet", path)
    panel = read_panel(path, FLAT)
    origin = month_number(2005, 6)
    drawn = MODELS["empirical"]().fit(panel, origin).draw(STEPS, 40, 99)
    observed = panel.observed([origin + step for step in STEPS])
    crps = np.abs(drawn - observed[..., None]).mean(axis=-1)
    crps -= np.abs(drawn[..., None] - drawn[..., None, :]).mean(axis=(-1, -2)) / 2
    assert found.overall["crps"] == pytest.approx(crps.mean(), abs=1e-9)


def test_a_unit_without_a_forecast_is_told_and_the_others_share(tmp_path: Path, areas: dict[str, Floats]) -> None:
    series = areas | {"north": np.where(np.arange(MONTHS) < 30, areas["north"], np.nan)}
    path = write(tmp_path / "p.parquet", rows_of(series, AREAS))
    told = made(path, NESTED, model="conflictology")
    found = draws_in(path)
    assert told.without == (("north", ORIGIN),)
    assert np.array_equal(found["X"], found["south"] + found["sea"])


def test_a_whole_without_a_forecast_is_the_sum_of_its_parts(tmp_path: Path) -> None:
    month, last = np.arange(MONTHS), MONTHS - 7  # the origin's
    counts = np.random.default_rng(1).poisson(5, (3, MONTHS)).astype(np.float64)
    series = {
        "rare": np.where((month > last - 12) & (month < last), np.nan, counts[0]),
        "late": np.where(month >= last, np.nan, counts[1]),
        "alone": counts[2],
    }
    path = write(tmp_path / "p.parquet", rows_of(series, {"rare": "P", "late": "P"}))
    told = made(path, NESTED, model="conflictology")
    found = draws_in(path)
    assert told.without == ()
    assert np.array_equal(found["P"], found["rare"] + found["late"])
    assert np.array_equal(np.sort(found["rare"]), np.full((4, 60), counts[0][last]))


def test_numbers_stay_numbers_where_wholes_are_numbers_too(tmp_path: Path) -> None:
    months = [300 + n for n in range(40)]
    rows = [
        {"unit": unit, "month": month, "n": unit * month % 7, "within": whole} for unit in (7, 8) for month in months
        for whole in (1,)
    ]  # fmt: skip
    path = tmp_path / "p.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    made(path, NESTED, origins=["2007-06"])
    assert read_draws(tmp_path / "p-draws.parquet").units == (1, 7, 8)
    pq.write_table(pa.Table.from_pylist([row | {"within": "one"} for row in rows]), path)
    made(path, NESTED, origins=["2007-06"])
    assert read_draws(tmp_path / "p-draws.parquet").units == ("one", "7", "8")


def test_units_that_come_later_change_no_byte_and_are_told(tmp_path: Path) -> None:
    rows = rows_of({"7": np.arange(float(MONTHS)) % 5, "8": np.ones(MONTHS)})
    later = {"unit": "a text", "month": "2005-12", "n": 1.0, "within": "a whole"}
    file = tmp_path / "p-draws.parquet"
    pq.write_table(pa.Table.from_pylist([row | {"unit": int(row["unit"])} for row in rows]), tmp_path / "p.parquet")
    assert made(tmp_path / "p.parquet", FLAT).unseen == ()
    assert read_draws(file).units == (7, 8), "numbers stay numbers"
    path = tmp_path / "p.csv"
    for columns in (FLAT, NESTED):
        found = []
        for more in ([], [later, later | {"month": "2005-11", "unit": "9", "n": ""}]):
            with path.open("w", newline="") as csv_file:
                writer = csv.DictWriter(csv_file, ["unit", "month", "n", "within"])
                writer.writeheader()
                writer.writerows([*rows, *more])
            told = made(path, columns)
            found.append(file.read_bytes())
        assert told.unseen == ("9", "a text")
        assert found[0] == found[1]


def test_months_that_no_panel_can_hold_are_not_forecast(tmp_path: Path) -> None:
    path = write(tmp_path / "p.parquet", rows_of({"north": np.ones(MONTHS)}, first=2144 * 12))
    assert made(path, FLAT, origins=["2149-07"]).months == ("2149-08", "2149-12")
    with pytest.raises(InputError, match="2150-01 is after 2149-12"):
        made(path, FLAT, origins=["2149-08"])


def test_the_panel_is_not_written_over(tmp_path: Path, areas: dict[str, Floats]) -> None:
    path = write(tmp_path / "p.parquet", rows_of(areas))
    before = path.read_bytes()
    (tmp_path / "link.parquet").symlink_to(path)
    for name, match in (
        ("p.parquet", "the panel itself"),
        ("link.parquet", "the panel itself"),
        ("d.csv", "d.parquet"),
    ):
        with pytest.raises(InputError, match=match):
            backtest_file(path, FLAT, tmp_path / name, origins=[ORIGIN], steps=STEPS, model="zero")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("units", "match"),
    [
        (pa.array([float("nan")]), "an empty name"),
        (pa.array([b"x"]), "bytes is no name"),
        (pa.array([{"a": 1}]), "texts, whole numbers or dates"),
        (pa.array([[1]]), "texts, whole numbers or dates"),
    ],
)
def test_draws_of_units_without_names_are_refused(
    tmp_path: Path, areas: dict[str, Floats], units: pa.Array, match: str
) -> None:
    path = write(tmp_path / "p.parquet", rows_of(areas))
    pq.write_table(
        pa.table({"unit": units, "time": ["2005-07"], "draw": [0], "value": [1.0]}), tmp_path / "foreign.parquet"
    )
    with pytest.raises(InputError, match=match):
        score_file(tmp_path / "foreign.parquet", path, unit="unit", time="month", target="n")


def test_a_model_without_any_forecast_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "p.parquet", rows_of({"north": np.where(np.arange(MONTHS) < 30, 1.0, np.nan)}))
    pq.write_table(
        pa.Table.from_pylist([*pq.read_table(path).to_pylist(), {"unit": "north", "month": "2005-12", "n": 1.0}]), path
    )
    with pytest.raises(InputError, match="makes no forecast of any unit"):
        made(path, FLAT, model="conflictology")
    assert not (tmp_path / "p-draws.parquet").exists()


def test_parts_whose_months_are_full_of_holes_make_no_whole(tmp_path: Path) -> None:
    month = np.arange(MONTHS)
    series = {"odd": np.where(month % 2, 1.0, np.nan), "even": np.where(month % 2, np.nan, 1.0)}
    path = write(tmp_path / "p.parquet", rows_of(series, {"odd": "P", "even": "P"}))
    with pytest.raises(InputError, match=r"The count of P is known in 1 of 66 months up to 2005-06.*count of zero"):
        made(path, NESTED)
