"""Reference lists: entries of every usual style, merged and wrapped entries, keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.citations import Reference, audit_citations, find_references

from . import texts
from .texts import document

STYLES = {
    "Mensah, K., & Diallo, A. B. (2019). Small fish. Fish Research, 214(3), 33–41.": "Mensah,Diallo 2019 Small fish",
    "Mensah, K. and Diallo, A.B., 2019. Small fish. Fish Research, 2(3), pp.33-41.": "Mensah,Diallo 2019 Small fish",
    "Mensah, K. and Diallo, A.B. (2019) ‘Small fish’, Fisheries Research, 214(3).": "Mensah,Diallo 2019 Small fish",
    "Mensah, Kofi, and Awa Diallo. 2019. “Small Fish.” Fish Research 2 (3): 3–4.": "Mensah,Diallo 2019 Small Fish",
    "Mensah, Kofi, and Awa Diallo. “Small Fish.” Fish Research, vol. 2, 2019.": "Mensah,Diallo 2019 Small Fish",
    "Mensah, Kofi. The Empty Net. Accra: Sankofa Press, 2015.": "Mensah 2015 The Empty Net",
    "K. Mensah and A. Diallo, “Small fish,” Fish. Res., vol. 2, pp. 3–4, 2019.": "Mensah,Diallo 2019 Small fish",
    "Mensah K, Diallo AB. Small fish. Fish Res. 2019;214(3):33-41.": "Mensah,Diallo 2019 Small fish",
    "World Bank. (2018). Ports. World Bank.": "World Bank 2018 Ports",
    "van den Berg, P. (2016). Nets. Brill.": "van den Berg 2016 Nets",
    "The river that left. (2020, March 4). Le Soleil.": " 2020 The river that left",
    "Sow, O.(2023), “Tides” The Mirror.": "Sow 2023 Tides",
    "Sow, O. Tides and times of the lagoon. Heron Books.": "Sow None Tides and times of the lagoon",
}


@pytest.mark.parametrize("text", STYLES)
def test_authors_year_and_title_of_every_style(text: str) -> None:
    entries = [text, *texts.CLEAN_LIST[:3]]
    found = find_references(document("Nothing.", entries=entries))[0]
    names = ",".join(name.family for name in found.names)
    assert f"{names} {found.year} {found.title}" == STYLES[text]


def test_parts_become_csl() -> None:
    text = "Mensah, K. (2019). Small fish. Fisheries Research, 214(3), 33–41. https://doi.org/10.1016/j.x.2019.1"
    found = find_references(document("Nothing.", entries=[text, *texts.CLEAN_LIST]))[0]
    assert found.csl["type"] == "article-journal"
    assert found.csl["container-title"] == "Fisheries Research"
    assert (found.csl["volume"], found.csl["issue"], found.csl["page"]) == ("214", "3", "33–41")
    assert found.csl["DOI"] == "10.1016/j.x.2019.1"
    assert found.csl["author"] == [{"family": "Mensah", "given": "K."}]


def test_merged_entries_are_parted_and_flagged() -> None:
    doc = document("Nothing.", entries=texts.FAULTY_LIST)
    found = {entry.key: entry for entry in find_references(doc)}
    assert doc.text[found["tetteh2012"].start : found["tetteh2012"].end].startswith("Tetteh, B. (2012)")
    assert [key for key, entry in found.items() if "merged" in entry.faults] == ["quaye2011", "tetteh2012"]


def test_an_entry_that_runs_over_two_blocks_is_joined() -> None:
    entries = [*texts.CLEAN_LIST[:4], "Zongo, P. (2003). A title that is broken", "by the end of a page. Heron Books."]
    found = find_references(document("Nothing.", entries=entries, items=False))
    assert found[-1].title == "A title that is broken by the end of a page"
    assert len(found) == 5


def test_a_list_without_blocks_of_its_own_is_parted() -> None:
    people = [entry for entry in texts.CLEAN_LIST if "(n.d.)" in entry or ", K." in entry or ", O. " in entry]
    found = find_references(document("Nothing.", entries=[" ".join(people)]))
    assert [entry.key for entry in found] == ["bând".replace("â", "a"), "mensah2019", "sow2017a", "sow2017b"]


@pytest.mark.parametrize(
    "heading", ["REFERENCES", "Bibliography", "6. Works cited", "LIST OF REFERENCES", "Literature"]
)
def test_the_list_is_found_under_its_usual_headings(heading: str) -> None:
    assert len(find_references(document("Text.", entries=texts.CLEAN_LIST, heading=heading))) == len(texts.CLEAN_LIST)


def test_a_list_ends_where_an_appendix_begins() -> None:
    doc = document(
        "Text.", "# References", *texts.CLEAN_LIST, "# Appendix A", "In 2014 we asked (see 2015) twelve crews."
    )
    assert len(find_references(doc)) == len(texts.CLEAN_LIST)


def test_keys_are_stable_and_shared_by_duplicates() -> None:
    found = find_references(document("Text.", entries=texts.FAULTY_LIST))
    assert [entry.key for entry in found if entry.names[0].family in ("Ndiaye", "Sow")] == [
        "ndiaye2014", "ndiaye2014", "sow2017a", "sow2017b",
    ]  # fmt: skip


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_read_without_failing(body: str, entry: str) -> None:
    doc = document(body, f"({body}, 2020)", entries=[entry, "Sow, O. (2017). Fishing. Heron.", entry])
    found = audit_citations(doc)
    places = [(each.start, each.end) for each in found.citations] + [
        (each.start, each.end) for each in found.references
    ]
    assert all(0 <= start <= end <= len(doc.text) for start, end in places)
    assert all(isinstance(each, Reference) for each in found.references)
    assert all(doc.text[q.start : q.end] == q.text for finding in found.findings for q in finding.quotes)
