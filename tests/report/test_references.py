"""APA 7: oracles from the Publication Manual's rules (chapters 8 to 10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from marsad.model import Source
from marsad.report import Bibliography, bibliography


def _source(key: str, csl: dict[str, object], *, listed: int | None = None) -> Source:
    title = str(csl.get("title", key))
    return Source(key=key, kind="secondary", reliability="B", title=title, csl={"id": key, **csl}, listed=listed)


def _many(**items: dict[str, object]) -> Bibliography:
    return bibliography({key: _source(key, csl) for key, csl in items.items()})


def _news(title: str, date: list[int], family: str = "Hussain", given: str = "Abid") -> dict[str, object]:
    return {
        "type": "article-newspaper",
        "title": title,
        "author": [{"family": family, "given": given}],
        "issued": {"date-parts": [date]},
        "container-title": "Dawn",
    }


ARTICLE: dict[str, object] = {
    "type": "article-journal",
    "title": "Pakistan's strategy",
    "author": [{"family": "Akhtar", "given": "Sana"}, {"family": "Ahmed", "given": "Zahid Shahab"}],
    "issued": {"date-parts": [[2023]]},
    "container-title": "Asymmetric Conflict",
    "volume": "16",
    "issue": "3",
    "page": "285-306",
    "DOI": "https://doi.org/10.1000/xyz",
}
BOOK: dict[str, object] = {
    "type": "book",
    "title": "Social theory of international politics",
    "author": [{"family": "Wendt", "given": "Alexander"}],
    "issued": {"date-parts": [[1999]]},
    "publisher": "Cambridge University Press",
}
EDITED: dict[str, object] = {
    "type": "book",
    "title": "The Taliban",
    "editor": [{"family": "Giustozzi", "given": "A."}],
    "issued": {"date-parts": [[2021]]},
    "edition": "2",
    "publisher": "Hurst",
}
CHAPTER: dict[str, object] = {
    "type": "chapter",
    "title": "Borders",
    "author": [{"family": "Shah", "given": "A. B."}],
    "editor": [{"family": "Leake", "given": "E."}, {"family": "Ali", "given": "S."}],
    "issued": {"date-parts": [[2020]]},
    "container-title": "The frontier",
    "page": "1-9",
    "publisher": "Hurst",
}
THESIS: dict[str, object] = {
    "type": "thesis",
    "title": "Security challenges",
    "genre": "Master's thesis",
    "author": [{"family": "Asma", "given": ""}],
    "issued": {"date-parts": [[2024]]},
    "publisher": "International Islamic University",
}
WEB: dict[str, object] = {
    "type": "webpage",
    "title": "Afghanistan",
    "author": [{"literal": "Crisis Group"}],
    "issued": {"date-parts": [[2023, 3, 29]]},
    "container-title": "Reports",
    "URL": "https://example.org/a?b=1&c=2",
}
UNDATED: dict[str, object] = {
    "type": "report",
    "title": "Dealing with TTP",
    "author": [{"family": "Zahid", "given": "F."}],
    "publisher": "Pak Institute for Peace Studies",
}
NAMELESS: dict[str, object] = {
    "type": "article-newspaper",
    "title": "Taliban issues warning over civilians killed in air strikes",
    "issued": {"date-parts": [[2022, 4, 16]]},
    "container-title": "Al Jazeera",
}
QUESTION: dict[str, object] = _news("Is it over?", [2023])


@pytest.mark.parametrize(
    ("csl", "in_text", "entry"),
    [
        (
            ARTICLE,
            "Akhtar & Ahmed, 2023",
            "Akhtar, S., & Ahmed, Z. S. (2023). Pakistan's strategy. Asymmetric Conflict, 16(3), 285–306. https://doi.org/10.1000/xyz",
        ),
        (
            BOOK,
            "Wendt, 1999",
            "Wendt, A. (1999). Social theory of international politics. Cambridge University Press.",
        ),
        (EDITED, "Giustozzi, 2021", "Giustozzi, A. (Ed.). (2021). The Taliban (2nd ed.). Hurst."),
        (
            CHAPTER,
            "Shah, 2020",
            "Shah, A. B. (2020). Borders. In E. Leake & S. Ali (Eds.), The frontier (pp. 1–9). Hurst.",
        ),
        (
            THESIS,
            "Asma, 2024",
            "Asma. (2024). Security challenges [Master's thesis, International Islamic University].",
        ),
        (
            WEB,
            "Crisis Group, 2023",
            "Crisis Group. (2023, March 29). Afghanistan. Reports. https://example.org/a?b=1&c=2",
        ),
        (UNDATED, "Zahid, n.d.", "Zahid, F. (n.d.). Dealing with TTP. Pak Institute for Peace Studies."),
        (
            NAMELESS,
            "“Taliban Issues Warning Over Civilians Killed,” 2022",
            "Taliban issues warning over civilians killed in air strikes. (2022, April 16). Al Jazeera.",
        ),
        (QUESTION, "Hussain, 2023", "Hussain, A. (2023). Is it over? Dawn."),
    ],
)
def test_apa(csl: dict[str, object], in_text: str, entry: str) -> None:
    reference = _many(one=csl).by_key["one"]
    assert reference.in_text == in_text
    assert html.fromstring(f"<p>{reference.entry}</p>").text_content() == entry


def test_the_journal_is_italic_and_the_address_a_link() -> None:
    entry = _many(one=ARTICLE).by_key["one"].entry
    assert "<i>Asymmetric Conflict</i>" in entry
    assert 'href="https://doi.org/10.1000/xyz"' in entry


def test_works_of_one_author_and_year_get_letters_by_date_then_title() -> None:
    made = _many(
        late=_news("A", [2023, 12, 5]),
        zebra=_news("Zebra", [2023, 8, 2]),
        apple=_news("The apple", [2023, 8, 2]),
        year=_news("M", [2023]),
        other=_news("N", [2022]),
    )
    assert [reference.key for reference in made.references] == ["other", "year", "apple", "zebra", "late"]
    assert [reference.in_text for reference in made.references] == [
        "Hussain, 2022",
        "Hussain, 2023a",
        "Hussain, 2023b",
        "Hussain, 2023c",
        "Hussain, 2023d",
    ]
    assert "(2023c, August 2)" in made.by_key["zebra"].entry


def test_undated_works_of_one_author_get_a_hyphen_and_stand_first() -> None:
    made = _many(b={**UNDATED, "title": "B"}, a={**UNDATED, "title": "A"}, dated=_news("C", [2020], "Zahid", "F."))
    assert [reference.in_text for reference in made.references] == ["Zahid, n.d.-a", "Zahid, n.d.-b", "Zahid, 2020"]
    assert "(n.d.-b)" in made.by_key["b"].entry


def test_first_authors_of_one_name_get_initials() -> None:
    made = _many(a=_news("A", [2023]), s=_news("B", [2022], given="Said"), k=_news("C", [2022], family="Khan"))
    assert {reference.key: reference.in_text for reference in made.references} == {
        "a": "A. Hussain, 2023",
        "s": "S. Hussain, 2022",
        "k": "Khan, 2022",
    }


def test_three_authors_are_shortened_as_far_as_they_stay_distinct() -> None:
    def by(*families: str) -> dict[str, object]:
        return {**BOOK, "author": [{"family": family, "given": "X."} for family in families]}

    alone = _many(one=by("Jadoon", "Sayed", "Mines"))
    assert alone.by_key["one"].in_text == "Jadoon et al., 1999"
    pair = _many(one=by("Jadoon", "Sayed", "Mines", "Webber"), two=by("Jadoon", "Khan", "Mines", "Webber"))
    assert {reference.in_text for reference in pair.references} == {
        "Jadoon, Sayed, et al., 1999",
        "Jadoon, Khan, et al., 1999",
    }
    last = _many(one=by("Jadoon", "Sayed", "Mines"), two=by("Jadoon", "Sayed", "Webber"))
    assert last.by_key["one"].in_text == "Jadoon, Sayed, & Mines, 1999"


def test_fewer_authors_stand_before_more() -> None:
    made = _many(two=ARTICLE, one={**ARTICLE, "author": ARTICLE["author"][:1], "issued": {"date-parts": [[2024]]}})  # type: ignore[index] # values are of any type
    assert [reference.key for reference in made.references] == ["one", "two"]


def test_the_date_of_the_source_stands_in_for_a_missing_one() -> None:
    source = Source(key="a", kind="primary", reliability="A", issued="2022-04", title="T", csl={"type": "report"})
    assert bibliography({"a": source}).by_key["a"].in_text == "“T,” 2022"


@pytest.mark.parametrize(("listed", "remark"), [(None, ""), (1, ""), (0, "not in its reference list"), (2, "twice")])
def test_what_is_odd_in_the_documents_list_is_said(listed: int | None, remark: str) -> None:
    found = bibliography({"a": _source("a", BOOK, listed=listed)}).by_key["a"].remark
    assert (remark in found) if remark else found == ""


def test_markup_in_a_source_is_text_and_other_schemes_are_no_links() -> None:
    hostile = {**WEB, "title": "<script>alert(1)</script> & <b>x</b>", "URL": "javascript:alert(1)"}
    entry = _many(one=hostile).by_key["one"].entry
    root = html.fromstring(f"<p>{entry}</p>")
    assert {element.tag for element in root.iter()} <= {"p", "i"}
    assert "<script>alert(1)</script> & <b>x</b>" in root.text_content()


def test_what_citeproc_cannot_print_is_printed_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marsad.citations.apa.apa_entry", lambda *_args, **_options: None)
    entry = _many(one=BOOK).by_key["one"].entry
    assert entry == "Wendt, A. (1999). Social theory of international politics. Cambridge University Press."


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)
_FIELDS = st.sampled_from(
    ["type", "title", "author", "editor", "issued", "publisher", "volume", "URL", "page", "genre"]
)


@given(st.dictionaries(_FIELDS, _JSON, max_size=6))
def test_no_source_makes_it_fail(csl: dict[str, object]) -> None:
    reference = bibliography({"k": _source("k", csl)}).references[0]
    root = html.fromstring(f"<p>{reference.entry}</p>")
    assert {element.tag for element in root.iter()} <= {"p", "i", "b", "sup", "sub", "a"}
    assert reference.in_text


def test_it_is_the_same_after_a_round_trip_and_in_any_order() -> None:
    sources = {key: _source(key, csl) for key, csl in {"a": ARTICLE, "b": BOOK, "c": WEB}.items()}
    made = bibliography(sources)
    assert bibliography(dict(reversed(sources.items()))) == made
    assert Bibliography.model_validate_json(made.model_dump_json()) == made
    assert made.in_text("b") == "Wendt, 1999"
    assert made.in_text("missing") == "missing"


@pytest.mark.parametrize(
    ("family", "given", "in_text", "entry"),
    [
        ("احمد", "بشیر", "احمد, 1999", "احمد، بشیر. (1999)."),
        ("王", "小明", "王, 1999", "王, 小明. (1999)."),
        ("Иванов", "Иван", "Иванов, 1999", "Иванов, И. (1999)."),
    ],
)
def test_names_without_capitals_are_printed_whole(family: str, given: str, in_text: str, entry: str) -> None:
    found = _many(one={**BOOK, "author": [{"family": family, "given": given}]}).by_key["one"]
    assert found.in_text == in_text
    assert found.entry.startswith(entry)


def test_and_others_is_printed_as_et_al() -> None:
    made = _many(one={**ARTICLE, "author": [{"family": "Momand", "given": "T."}, {"literal": "et al."}]})
    assert made.by_key["one"].in_text == "Momand et al., 2023"
    assert made.by_key["one"].entry.startswith("Momand, T., et al. (2023).")
