"""Charts: no label is cut, none lies on another, and axes of counts have whole numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.analysis import Inputs, run_analysis
from marsad.analysis.chart_grids import Dot, Lane, dots, lanes
from marsad.analysis.chart_lines import line
from marsad.analysis.charts import Bar, Range, bars, data, finish, ranges, text_width
from marsad.model import Date, Evidence

from .samples import SOURCES, event, months

MONTHS = list(months("2020-01", [None] * 60))


def _parts(spec: Any) -> list[Any]:
    """Every mapping in a specification."""
    if isinstance(spec, dict):
        return [spec, *(found for value in spec.values() for found in _parts(value))]
    return [found for value in spec for found in _parts(value)] if isinstance(spec, list) else []


def _rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The longest data of a specification."""
    return max((part["data"]["values"] for part in _parts(spec) if "data" in part), key=len)


def _ticks(spec: dict[str, Any], channel: str) -> list[Any]:
    axes = [part[channel].get("axis") for part in _parts(spec) if isinstance(part.get(channel), dict)]
    return next(axis["values"] for axis in axes if axis and "values" in axis)


@pytest.mark.parametrize("highest", [1, 2, 3, 7, 40, 999, 12345])
def test_axes_of_counts_have_whole_numbers(highest: int) -> None:
    specs = [
        (line([("2020-01-01", 0.0), ("2020-02-01", float(highest))], [], title="x"), "y"),
        (bars([Bar("2020", highest)], title="x", unit="y"), "y"),
        (ranges([Range("2020", 0, highest, "x")], ["2020"], title="x", unit="y"), "y"),
        (dots([Dot("a", "g", 0, "0"), Dot("a", "h", highest, "x")], ["g", "h"], unit="x"), "x"),
    ]
    for spec, channel in specs:
        ticks = _ticks(spec, channel)
        assert all(float(tick).is_integer() for tick in ticks)
        assert len(set(ticks)) == len(ticks)
        assert 2 <= len(ticks) <= 12


def test_an_axis_of_rates_keeps_its_decimals() -> None:
    spec = line([("2020-01-01", 0.0), ("2020-02-01", 0.7)], [], title="x")
    assert next(part["format"] for part in _parts(spec) if "format" in part and "values" in part) == ",~f"


def test_no_label_of_a_legend_is_cut() -> None:
    name = "A research institute with a very long name, such as institutes have, and its department of figures"
    spec = dots([Dot("a", name, 1, "1"), Dot("a", "h", 2, "2")], [name, "h"], unit="x")
    legends = [part["legend"] for part in _parts(spec) if part.get("legend") and "orient" in part["legend"]]
    assert legends
    assert all(legend["labelLimit"] == 0 and legend["columns"] == 1 for legend in legends)


def test_neighbouring_ranges_are_not_both_labelled_where_their_labels_would_meet() -> None:
    near = [Range(MONTHS[0], 10, 100, "10–100"), Range(MONTHS[1], 10, 99, "10–99"), Range(MONTHS[30], 1, 5, "1–5")]
    rows = _rows(ranges(near, MONTHS, title="x", unit="y"))
    assert [row["label"] for row in rows] == ["10–100", "", "1–5"]
    few = _rows(ranges(near, MONTHS[:1] + MONTHS[1:2] + MONTHS[30:31], title="x", unit="y"))
    assert [row["label"] for row in few] == ["10–100", "10–99", "1–5"]


def test_months_are_labelled_at_januaries_and_years_at_round_ones() -> None:
    names = [f"{name} {year}" for year in range(2019, 2024) for name in ("Jan", "Apr", "Jul", "Oct")][3:]
    spec = bars([Bar(name, 1) for name in names], title="x", unit="y")
    assert all(name.startswith(("Jan", "Jul")) for name in _ticks(spec, "x"))
    years = bars([Bar(str(year), 1) for year in range(1987, 2024)], title="x", unit="y")
    assert _ticks(years, "x") == ["1990", "1995", "2000", "2005", "2010", "2015", "2020"]


names = st.text(alphabet="abc ", min_size=1, max_size=40)
days = st.dates(Date.parse("2020").earliest, Date.parse("2023").latest)  # type: ignore[arg-type] # both are given
items = st.lists(
    st.builds(
        lambda row, ends, text, weight: Lane(row, "g", min(ends).isoformat(), max(ends).isoformat(), text, weight),
        st.sampled_from("xyz"), st.tuples(days, days), names, st.integers(1, 3),
    ),
    min_size=1, max_size=60,
)  # fmt: skip


@given(items)
def test_names_in_a_timeline_meet_no_mark_and_no_name_of_their_row(found: list[Lane]) -> None:
    rows = _rows(lanes(found, ["g"], domain=("2020-01-01", "2023-12-31")))
    width = 680 - 20 - text_width("x")
    first, last = (Date.parse(day).earliest for day in ("2020-01-01", "2023-12-31"))
    assert first
    assert last

    def pixel(day: str) -> float:
        found = Date.parse(day).earliest
        assert found
        return (found - first).days / (last - first).days * width

    named = [row for row in rows if row["side"]]
    assert len(named) <= 25
    assert len({row["text"] for row in named}) == len(named)
    for lane in "xyz":
        boxes = [(pixel(row["start"]), pixel(row["end"])) for row in rows if row["row"] == lane]
        words = []
        for row in named:
            if row["row"] == lane:
                long = text_width(row["text"], 11)
                edge = pixel(row["end"]) + 8 if row["side"] > 0 else pixel(row["start"]) - 8 - long
                words.append((edge, edge + long))
        assert all(0 <= left <= right <= width + 1e-6 for left, right in words)
        assert all(right <= start or end <= left for left, right in words for start, end in boxes)
        assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(sorted(words)))


def test_a_lone_day_has_its_name_and_near_days_have_none_between_them() -> None:
    found = [Lane("x", "g", day, day, text) for day, text in (("2020-02-01", "lone"), ("2022-01-01", "a"))]
    found += [Lane("x", "g", "2022-01-03", "2022-01-03", "b")]
    rows = _rows(lanes(found, ["g"], domain=("2020-01-01", "2023-12-31")))
    assert {row["text"]: row["side"] for row in rows} == {"lone": 1, "a": 0, "b": 0}


def test_data_are_rows_in_the_finished_specification() -> None:
    import altair as alt  # noqa: PLC0415 - slow to import

    rows: list[dict[str, object]] = [{"a": 1, "b": "x"}, {"a": None, "b": "é"}]
    assert _rows(finish(alt.Chart(data(rows)).mark_point().encode(x="a:Q"))) == rows


def test_marks_of_one_value_do_not_hide_one_another() -> None:
    spec = dots([Dot("a", "g", 5, "5"), Dot("a", "h", 5, "5"), Dot("a", "g", 5, "5")], ["g", "h"], unit="x")
    rows = [row for row in _rows(spec) if "lift" in row]
    assert [(row["group"], row["lift"]) for row in rows] == [("g", 0), ("h", -5)]
    assert [row["side"] for row in rows].count(0) == 1


def test_many_events_with_many_reports_make_charts_that_vega_lite_accepts() -> None:
    import vl_convert  # noqa: PLC0415 - slow to import

    reports = [
        event(f"e{n}", f"e{n}-{r}", date=f"2022-{n % 12 + 1:02d}", killed=str(n)) for n in range(60) for r in "ab"
    ]
    inputs = Inputs(
        evidence=Evidence.assemble([line for rows in reports for line in rows], SOURCES), period=Date.parse("2022")
    )
    for name in ("events-by-month", "events-by-year", "timeline"):
        for chart in run_analysis(name, inputs, {}).charts:
            assert vl_convert.vegalite_to_svg(chart.spec).startswith("<svg")
