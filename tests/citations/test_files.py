"""BibTeX and CSL-JSON in and out, and APA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.citations import csl_entries, find_references, read_bibliography, render_apa, write_bibtex, write_csl
from marsad.citations.reading import parse_bibtex, parse_csl
from marsad.errors import InputError

from . import texts
from .texts import document

ENTRIES: list[dict[str, Any]] = [
    {"id": "sow2017a", "type": "article-journal", "title": "Fishing & ice: 100 % {cold}",
     "volume": "4",
     "container-title": "Ocean Studies",
     "author": [{"family": "Sow", "given": "O."}, {"literal": "Board of Ice and Salt"}],
     "issued": {"date-parts": [[2017, 3]]}, "URL": "https://example.org/a_b"},
    {"id": "berg2016", "type": "book", "title": "Nets", "publisher": "Brill",
     "author": [{"family": "Berg", "given": "P.", "non-dropping-particle": "van den"}],
     "issued": {"date-parts": [[2016]]}},
]  # fmt: skip


@pytest.mark.parametrize("suffix", ["bib", "json"])
def test_what_is_written_is_read_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"sources.{suffix}"
    path.write_text(write_bibtex(ENTRIES) if suffix == "bib" else write_csl(ENTRIES), encoding="utf-8")
    found = read_bibliography(path)
    assert list(found.entries) == ENTRIES
    assert found.notices == ()


def test_a_document_s_list_can_be_written_as_bibtex() -> None:
    entries = csl_entries(find_references(document("Text.", entries=texts.CLEAN_LIST)))
    found = parse_bibtex(write_bibtex(entries))
    assert [entry["id"] for entry in found.entries] == [entry["id"] for entry in entries]
    assert [entry["title"] for entry in found.entries] == [entry["title"] for entry in entries]
    assert found.notices == ()


def test_a_broken_entry_costs_itself_and_a_notice() -> None:
    found = parse_bibtex("@book{a, title = {One}, date = {2010-45}}\n@book{b, title = {Two}\n@book{c, title={Three}}")
    assert [entry["id"] for entry in found.entries][:1] == ["a"]
    assert "c" in [entry["id"] for entry in found.entries]
    assert len(found.notices) >= 2


@pytest.mark.parametrize("text", ["{", '"words"', "[" * 100_000])
def test_no_json_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError):
        parse_csl(text)


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_bibliography(tmp_path / "none.bib")


@given(st.text(max_size=200))
def test_any_bibtex_is_read_without_failing(text: str) -> None:
    parse_bibtex(text)
    parse_bibtex(f"@book{{k, title = {{{text}}}, author = {{{text}}}, date = {{{text}}}}}")


def test_apa_gives_letters_to_works_of_one_author_and_year() -> None:
    twin = [{**ENTRIES[1], "id": "b", "title": "Boats"}, ENTRIES[1]]
    found = render_apa(twin)
    assert [each.in_text for each in found] == ["van den Berg, 2016a", "van den Berg, 2016b"]
    assert "<i>Boats</i>" in found[0].entry
