from __future__ import annotations

import pytest
from lxml import etree

from marsad.errors import InternalError
from marsad.model import Chart
from marsad.report import chart_key, draw


def _chart(title: str = "Attacks", *, encoding: dict[str, object] | None = None, **spec: object) -> Chart:
    base: dict[str, object] = {
        "data": {"values": [{"year": "2021", "n": 207, "link": "https://example.org/x"}]},
        "mark": {"type": "bar", "clip": True},
        "encoding": {
            "x": {"field": "year", "type": "nominal"},
            "y": {"field": "n", "type": "quantitative"},
            **(encoding or {}),
        },
        "width": 300,
        "height": 100,
    }
    return Chart(title=title, alt="One bar & its <number>.", spec=base | spec)


def _svg(chart: Chart) -> etree._Element:
    return etree.fromstring(draw(chart))


def test_a_drawing_names_itself() -> None:
    svg = _svg(_chart("Attacks <b>"))
    title, description = svg[0], svg[1]
    assert (svg.get("role"), title.tag, title.text) == ("img", "title", "Attacks <b>")
    assert (description.tag, description.text) == ("desc", "One bar & its <number>.")
    assert svg.get("aria-labelledby") == title.get("id")
    assert svg.get("aria-describedby") == description.get("id")
    assert (svg.get("viewBox"), svg.get("width")) == (svg.get("viewBox"), None)
    assert svg.get("viewBox", "").startswith("0 0 ")


def test_identifiers_bear_the_key_and_references_resolve() -> None:
    chart = _chart()
    svg = _svg(chart)
    ids = [found for element in svg.iter() if (found := element.get("id"))]
    assert all(chart_key(chart) in found for found in ids)
    used = [value[5:-1] for element in svg.iter() for value in element.attrib.values() if value.startswith("url(#")]
    assert used
    assert set(used) <= set(ids)


def test_links_images_and_foreign_files_are_left_out() -> None:
    drawn = draw(_chart(encoding={"href": {"field": "link"}}))
    assert "example.org" not in drawn
    image = draw(_chart(mark={"type": "image", "url": "https://example.org/x.png"}))
    assert "example.org" not in image


def test_data_from_another_host_are_not_fetched() -> None:
    with pytest.raises(InternalError, match="not allowed"):
        draw(_chart(data={"url": "https://example.org/data.json"}))


def test_a_broken_specification_is_our_fault() -> None:
    with pytest.raises(InternalError, match="'Attacks' cannot be drawn"):
        draw(_chart(mark={"type": "no such mark"}))


def test_the_same_chart_gives_the_same_bytes_and_key() -> None:
    assert draw(_chart()) == draw(_chart())
    assert chart_key(_chart()) == chart_key(_chart())
    assert chart_key(_chart()) != chart_key(_chart("Deaths"))
    assert chart_key(_chart()) != chart_key(_chart(width=301))


def test_the_key_does_not_depend_on_the_order_of_the_specification() -> None:
    chart = _chart()
    turned = chart.model_copy(update={"spec": dict(reversed(chart.spec.items()))})
    assert chart_key(turned) == chart_key(chart)


def _names(name: str) -> Chart:
    return _chart(
        data={"values": [{"who": name, "n": 1, "note": "نوٹ " * 30}]},
        encoding={
            "x": {"field": "n", "type": "quantitative"},
            "y": {"field": "who", "type": "nominal", "title": "From"},
        },
    )


def test_names_from_right_to_left_get_room_beside_the_title_of_the_axis() -> None:
    def title_at(chart: Chart) -> float:
        (title,) = [element for element in _svg(chart).iter("text") if element.text == "From"]
        return float(title.get("transform", "").removeprefix("translate(").partition(",")[0])

    name = "مسلح گروہ"
    assert -40 - 8 * len(name) < title_at(_names(name)) <= -8 * len(name)
    assert title_at(_names("abc")) > -40
