from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.model import Source
from marsad.study.bibliography import read_sources
from marsad.study.csl import decode
from marsad.study.faults import Faults

GRADED = "kind = {primary}, reliability = {A}"


def read(text: str) -> dict[str, Source]:
    faults = Faults()
    sources, keys = read_sources("sources.bib", text, faults)
    assert faults.faults == ()
    assert keys == frozenset(sources)
    return sources


def csl_of(fields: str, entry_type: str) -> dict[str, Any]:
    return read(f"@{entry_type}{{k, title = {{T}}, {fields}, {GRADED}}}")["k"].csl


def test_a_whole_entry() -> None:
    source = read(
        r"""% a comment
        @Article{basit2022,
          author = {Basit, A. and {Human Rights Watch} and van der Berg, Jan},
          title = {The {TTP} after \'Etienne: 50\% of it},
          subtitle = "A review",
          date = {2022-10-20},
          journaltitle = {Terrorism Monitor},
          volume = 20, number = {20}, pages = {71--94},
          doi = {10.1000/a_b}, url = {https://x.org/a%20b_c?d=1&e=2},
          kind = {secondary}, reliability = {B}, listed = {2},
          citedas = {(Basit, 2022);(Basit, 2021)}, note = {a remark},
        }"""
    )["basit2022"]
    assert source.csl == {
        "id": "basit2022",
        "type": "article-journal",
        "author": [
            {"family": "Basit", "given": "A."},
            {"literal": "Human Rights Watch"},
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
        ],
        "title": "The TTP after Étienne: 50% of it: A review",
        "container-title": "Terrorism Monitor",
        "volume": "20",
        "issue": "20",
        "page": "71–94",
        "DOI": "10.1000/a_b",
        "URL": "https://x.org/a%20b_c?d=1&e=2",
        "issued": {"date-parts": [[2022, 10, 20]]},
    }
    assert (source.kind, source.reliability, source.listed) == ("secondary", "B", 2)
    assert source.cited_as == ("(Basit, 2022)", "(Basit, 2021)")
    assert (source.note, source.title, str(source.issued)) == (
        "a remark",
        "The TTP after Étienne: 50% of it",
        "2022-10-20",
    )


@pytest.mark.parametrize(
    ("fields", "issued", "csl"),
    [
        ("date = {2022-04}", "2022-04", {"date-parts": [[2022, 4]]}),
        ("date = {2022-04/2022-05}", "2022-04/2022-05", {"date-parts": [[2022, 4], [2022, 5]]}),
        ("date = {2022~}", "2022~", {"date-parts": [[2022]], "circa": True}),
        ("date = {199X}", "199X", {"literal": "199X"}),
        ("date = {2022-21}", "2022-21", {"literal": "2022-21"}),
        ("date = {2022/..}", "2022/..", {"literal": "2022/.."}),
        ("year = 2022, month = apr", "2022-04", {"date-parts": [[2022, 4]]}),
        ("year = {2022}, month = {4}, day = {6}", "2022-04-06", {"date-parts": [[2022, 4, 6]]}),
        ("year = {2022}, month = {April}", "2022-04", {"date-parts": [[2022, 4]]}),
        ("year = {2022}", "2022", {"date-parts": [[2022]]}),
        ("volume = {1}", None, None),
    ],
)
def test_dates(fields: str, issued: str | None, csl: dict[str, Any] | None) -> None:
    source = read(f"@misc{{k, title = {{T}}, {fields}, {GRADED}}}")["k"]
    assert (source.issued and str(source.issued), source.csl.get("issued")) == (issued, csl)


@pytest.mark.parametrize(
    ("entry_type", "fields", "variable", "value"),
    [
        ("article", "entrysubtype = {newspaper}", "type", "article-newspaper"),
        ("report", "institution = {PIPS}, number = {7}", "number", "7"),
        ("report", "institution = {PIPS}", "publisher", "PIPS"),
        ("phdthesis", "school = {IIUI}", "genre", "PhD thesis"),
        ("thesis", "type = {MS thesis}", "genre", "MS thesis"),
        ("online", "urldate = {2024-01-02}", "accessed", {"date-parts": [[2024, 1, 2]]}),
        ("incollection", "booktitle = {A \\& B}", "container-title", "A & B"),
        ("book", "author = {A and others}", "author", [{"family": "A"}, {"literal": "et al."}]),
        ("book", "author = {{A {B} C}}", "author", [{"family": "A B C"}]),
        ("misc", "author = {Khan}", "author", [{"family": "Khan"}]),
        ("book", "author = {King, Jr., Martin}", "author", [{"family": "King", "given": "Martin", "suffix": "Jr."}]),
    ],
)
def test_types_and_fields(entry_type: str, fields: str, variable: str, value: object) -> None:
    assert csl_of(fields, entry_type)[variable] == value


def test_strings_are_resolved() -> None:
    assert read(f"@string{{tm = {{Terrorism Monitor}}}}\n@article{{k, title = tm, {GRADED}}}")["k"].title == (
        "Terrorism Monitor"
    )


def test_nothing_is_printed_of_a_broken_entry(capfd: pytest.CaptureFixture[str]) -> None:
    read_sources("sources.bib", "@article{a title}", Faults())
    assert capfd.readouterr() == ("", "")


def test_braces_without_end_are_a_fault_and_no_crash() -> None:
    faults = Faults()
    read_sources("sources.bib", f"@misc{{k, title = {{{'{' * 3000}x{'}' * 3000}}}, {GRADED}}}", faults)
    assert [fault.line for fault in faults.faults] == [1]


@given(st.text(st.characters(exclude_characters="\\{}~$%&#-`'", exclude_categories=["C", "Z"])))
def test_plain_text_is_kept(text: str) -> None:
    assert decode(text) == text


@given(st.text(st.sampled_from('@{}(),="\\%# \nabk')))
def test_no_text_crashes_the_reader(text: str) -> None:
    faults = Faults()
    sources, _ = read_sources("sources.bib", text, faults)
    assert sources == {} or all(key for key in sources)
