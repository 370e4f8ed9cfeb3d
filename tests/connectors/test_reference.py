"""The reference of the connectors is generated, and says what their descriptions say."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.connectors import connector, connector_names, connectors_markdown
from marsad.documents.shipped import shipped_text

TEXT = connectors_markdown()


def test_the_page_is_up_to_date() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "connectors.md"
    assert page.read_text(encoding="utf-8") == TEXT, "write it anew: ./run docs"


def test_it_begins_with_the_handbook() -> None:
    assert TEXT.startswith(shipped_text("marsad.connectors", "handbook.md").rstrip("\n"))


@pytest.mark.parametrize("name", connector_names())
def test_each_source_has_its_entry(name: str) -> None:
    spec = connector(name).spec
    entry = TEXT.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
    for text in (spec.producer, spec.licence, spec.citation, f"`{spec.table}`", f"`{spec.definition.id}`"):
        assert " ".join(text.split()) in entry
    for option in (*spec.options, *spec.credentials):
        assert f"`{option}`" in entry
    assert ("`marsad fetch`" in entry) == (connector(name).fetch is not None)
    assert f"| may redistribute | {'yes' if spec.may_redistribute else 'no'} |" in entry
