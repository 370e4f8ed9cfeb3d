"""VIEWS: forecasts are figures that say so; the run is the version."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import httpx
import pytest

from marsad.connectors.transport import FetchError
from marsad.errors import InputError, NotFoundError

RUN = "fatalities003_2026_08_t01"


def forecast(**values: Any) -> dict[str, Any]:
    """A record in the shape of the service."""
    return {
        "country_id": 136,
        "month_id": 561,
        "name": "Pakistan",
        "gwcode": 770,
        "isoab": "PAK",
        "year": 2026,
        "month": 9,
        "main_mean": 61.2,
        "main_mean_ln": 4.1,
        "main_dich": 0.82,
    } | values


def test_a_row_for_each_model(read: Any, write: Any) -> None:
    found = read("views", write("a.jsonl", [forecast(run=RUN, type_of_violence="sb")]))
    assert [(row["measure"], row["unit"], row["best"]) for row in found.rows] == [
        ("forecast main_mean (sb)", "persons", 61.2),
        ("forecast main_mean_ln (sb)", "ln(1 + persons)", 4.1),
        ("forecast main_dich (sb)", "probability of 25 deaths or more", 0.82),
    ]
    row = found.rows[0]
    assert (row["period_start"], row["period_end"]) == (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    assert row["country"] == "PAK"
    assert found.audit.leftover == Counter()


def test_a_new_model_is_kept_and_reported(read: Any, write: Any) -> None:
    found = read("views", write("a.json", '{"data": [{"isoab": "PAK", "year": 2026, "month": 9, "main_map": 3}]}'))
    assert found.rows[0]["measure"] == "forecast main_map"
    assert found.audit.unknown == {("model", "main_map"): 1}


def test_wrong_records(read: Any, write: Any) -> None:
    records = [forecast(), forecast(month=13), forecast(main_mean="high")]
    found = read("views", write("a.jsonl", records))
    assert found.audit.reasons == {"year, month: not a month": 1, "main_mean: not a number": 1}


def served(pages: list[list[dict[str, Any]]], runs: list[str]) -> Any:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/":
            return httpx.Response(200, json={"runs": runs})
        number = int(request.url.params["page"])
        following = f"https://api.viewsforecasting.org/x?page={number + 1}" if number < len(pages) else "none"
        body = {"next_page": following, "page_count": len(pages), "page_cur": number, "data": pages[number - 1]}
        return httpx.Response(200, json=body)

    return answer


def test_the_newest_run_on_several_pages(service: Any, read: Any) -> None:
    runs = [
        "predictors_fatalities002_0000_00",
        "fatalities002_2023_01_t01",
        RUN,
        "fatalities003_2026_07_t02",
        "current",
    ]
    service.answer = served([[forecast()], [forecast(month=10)], [forecast(month=11)]], runs)
    fetched = service.fetch("views", {"country": "pak,afg", "from": "2026-09-01", "type": "ns"})
    assert fetched.version == RUN
    asked = service.asked[1]
    assert asked.path == f"/{RUN}/cm/ns"
    assert asked.params.get_list("iso") == ["PAK", "AFG"]
    assert asked.params["date_start"] == "2026-09-01"
    rows = read("views", fetched.path).rows
    assert [row["period_start"].month for row in rows[::3]] == [9, 10, 11]
    assert rows[0]["measure"] == "forecast main_dich (ns)"


def test_a_named_run(service: Any) -> None:
    service.answer = served([[forecast()]], [])
    assert service.fetch("views", {"run": RUN}).version == RUN
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [({"run": "../etc"}, "is no run"), ({"type": "xx"}, "none of sb"), ({"page": "2"}, "no option")],
)
def test_wrong_queries(service: Any, query: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        service.fetch("views", query)


def test_no_run_is_listed(service: Any) -> None:
    service.answer = served([], ["current"])
    with pytest.raises(NotFoundError, match="there is no run"):
        service.fetch("views")


def test_another_shape_is_an_error(service: Any) -> None:
    service.answer = lambda _: httpx.Response(200, json={"detail": "gone"})
    with pytest.raises(FetchError, match="no list of records `data`"):
        service.fetch("views", {"run": RUN})
