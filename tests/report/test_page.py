from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from marsad.model import Cell, Column, Evidence, Finding, Method, Number, Place, Severity, Table
from marsad.report import Bibliography, ReportContent, render

MakeContent = Callable[..., ReportContent]
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">&\'"'


@pytest.fixture(scope="module")
def page(content: ReportContent) -> Any:
    return html.fromstring(render(content))


def _ids(page: Any) -> list[str]:
    return [str(found) for found in page.xpath("//@id")]


def _links(page: Any) -> Iterator[str]:
    return (str(found) for found in page.xpath("//@href"))


def test_the_same_content_gives_the_same_bytes_in_every_process() -> None:
    code = "import conftest; from marsad.report import render; print(render(conftest.make_content()))"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("77", "Asia/Karachi"))
    ]
    assert len(runs[0]) > 10_000
    assert runs[0] == runs[1]


def test_identifiers_are_unique_and_links_within_the_page_have_a_target(page: Any) -> None:
    ids = _ids(page)
    assert len(ids) == len(set(ids))
    targets = {link[1:] for link in _links(page) if link.startswith("#")}
    assert targets <= set(ids)
    named = {name for attribute in ("aria-labelledby", "aria-describedby") for name in page.xpath(f"//@{attribute}")}
    assert named <= set(ids)


def test_identifiers_are_unique_where_an_analysis_stands_twice(content: ReportContent) -> None:
    (analysis,) = content.analyses["resurgence"]
    twice = content.model_copy(update={"analyses": {"resurgence": (analysis, analysis)}})
    ids = _ids(html.fromstring(render(twice)))
    assert len(ids) == len(set(ids))


def test_every_number_with_statements_has_a_mark_that_says_so(page: Any) -> None:
    marks = page.xpath("//a[@class='m']")
    assert len(marks) > 10
    assert all(mark.get("href").startswith(("#s", "#e")) for mark in marks)
    labels = {mark.get("aria-label") for mark in marks}
    assert {"evidence for 54 to >60: 2 statements", "evidence for 262: 1 statement"} <= labels


def test_the_appendix_says_who_said_it_where_and_in_which_row(page: Any) -> None:
    (row,) = [row for row in page.xpath("//ul[@class='rows']/li") if "events.csv:2" in row.text_content()]
    text = " ".join(row.text_content().split())
    assert "killed: >60 persons" in text
    assert "Hussain, 2023a, read in Hussain, 2024, section 1, paragraph 3" in text


def test_the_island_holds_the_sets(page: Any) -> None:
    sets = json.loads(page.get_element_by_id("sets").text)
    numbers = [first + step for first, length in sets["1"] for step in range(length)]
    listed = [link.text for link in page.get_element_by_id("e1").iter("a")]
    assert listed == [f"s{number}" for number in numbers]


def test_the_page_asks_no_host_for_anything(page: Any) -> None:
    assert not page.xpath("//@src | //link | //iframe | //object | //embed | //base | //form | //image | //use")
    outside = [element for element in page.iter("a") if not element.get("href").startswith("#")]
    assert outside
    assert all(element.get("href").startswith(("https://", "http://")) for element in outside)
    assert all(element.xpath("ancestor::section[@id='sources' or @id='data']") for element in outside)
    style = page.xpath("//style")[0].text
    assert "url(" not in style
    assert "@import" not in style
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")


def test_the_order_is_that_of_a_brief(page: Any) -> None:
    expected = ["In brief", "Questions and objectives", "1 Security impacts", "Findings", "Recommendations"]
    expected += ["Contradictions", "Sources", "Data", "How this was made", "Evidence"]
    assert [" ".join(found.text_content().split()) for found in page.xpath("//main//h2")] == expected


def test_headings_go_down_one_level_at_a_time(page: Any) -> None:
    levels = [int(found.tag[1]) for found in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scopes(page: Any) -> None:
    tables = page.xpath("//table")
    assert tables
    assert all(len(table.xpath("./caption")) == 1 for table in tables)
    assert all(table.xpath("./thead/tr/th/@scope") for table in tables)
    assert all(table.getparent().get("tabindex") == "0" for table in tables)


def test_a_finding_says_what_it_rests_on_and_that_it_is_contradicted(page: Any) -> None:
    finding = page.get_element_by_id("f-worse")
    text = " ".join(finding.text_content().split())
    assert "In the evidence for this finding the checks found 1 error and 1 note:" in text
    assert ">60 killed (Hussain, 2023a)" in text
    assert "54 killed (Hussain, 2023b)" in text
    assert "262 attacks · Pakistan · 2022" in text
    assert "2017, still open" in text
    assert "denied by TTP" in text
    assert "salafi" in text
    assert "Monthly deaths" in text
    assert {"#c-rally-date", "#c-rally-killed"} <= set(finding.xpath(".//a/@href"))


def test_contradictions_stand_by_severity_with_word_and_place(page: Any) -> None:
    section = page.get_element_by_id("contradictions")
    assert [" ".join(h.text_content().split()) for h in section.xpath(".//h3")] == ["Errors (1)", "Notes (1)"]
    rows = [[cell.text_content() for cell in row] for row in section.xpath(".//section[1]//tbody/tr")]
    read_in = "read in Hussain, 2024"
    assert rows == [
        ["date: 2023-07-30", f"Hussain, 2023a, {read_in}", "section 1, paragraph 3", "events.csv:2"],
        ["date: 2023-07-31", f"Hussain, 2023b, {read_in}", "section 2.1, paragraph 4", "events.csv:3"],
    ]
    assert "error" in section.xpath(".//h4")[0].text_content()


def test_the_reference_list_says_what_is_odd(page: Any) -> None:
    grades = {
        reference.get("id"): " ".join(reference.xpath("./p[2]")[0].text_content().split())
        for reference in page.xpath("//ol[@class='references']/li")
    }
    assert grades["ref-rally"].endswith("statements · cited in the document, not in its reference list")
    assert grades["ref-pips"].endswith("stands twice in the document's reference list")
    assert grades["ref-thesis"] == "secondary · reliability B, usually reliable · 0 statements"


def test_the_table_behind_a_chart_is_folded_and_others_are_not(page: Any) -> None:
    figure = page.xpath("//figure")[0]
    assert figure.xpath(".//svg/@role") == ["img"]
    caption = figure.xpath("./details//caption")[0]
    assert (caption.text, caption.get("class")) == ("Attacks by year", "unseen")
    assert not page.xpath("//article[@class='analysis']//caption[.='Reports of the rally']/ancestor::details")


def test_a_long_table_is_folded(content: ReportContent) -> None:
    table = Table(
        title="Long", columns=(Column(name="a", label="A"),), rows=tuple((Cell(text="x"),) for _ in range(40))
    )
    long = Finding(id="long", kind="analysis", title="Long", text=(), tables=(table,), method=Method(name="long"))
    page = html.fromstring(render(content.model_copy(update={"analyses": {"resurgence": (long,)}})))
    assert page.xpath("//details[@class='long']/summary")[0].text_content().split() == ["Long", "(40", "rows)"]


def test_columns_without_any_value_are_left_out(content: ReportContent) -> None:
    columns = (Column(name="a", label="A"), Column(name="b", label="B", numeric=True), Column(name="c", label="C"))
    rows = ((Cell(text="x"), Cell(), Cell()), (Cell(), Cell(), Cell(cites=("pips",))))
    table = Table(title="Sparse", columns=columns, rows=rows)
    sparse = Finding(id="s", kind="analysis", title="S", text=(), tables=(table,), method=Method(name="s"))
    page = html.fromstring(render(content.model_copy(update={"analyses": {"resurgence": (sparse,)}})))
    (found,) = page.xpath("//table[caption='Sparse']")
    assert [cell.text_content().strip() for cell in found.xpath("./thead//th")] == ["A", "C"]
    assert [len(row) for row in found.xpath("./tbody/tr")] == [2, 2]


def _hostile(content: ReportContent, make_content: MakeContent) -> ReportContent:
    chapter = {"id": "x", "title": HOSTILE, "text": HOSTILE, "sections": [{"id": "resurgence", "title": HOSTILE}]}
    made = make_content(title=HOSTILE, authors=[HOSTILE], abstract=HOSTILE, questions=[HOSTILE], chapters=[chapter])
    statements = {
        key: statement.model_copy(update={"value": HOSTILE, "locator": HOSTILE, "origin": HOSTILE})
        for key, statement in content.statements.items()
    }
    (analysis,) = content.analyses["resurgence"]
    some = tuple(statements)[:2]
    evil = analysis.model_copy(
        update={"id": HOSTILE, "title": HOSTILE, "text": ((HOSTILE, Number(text=HOSTILE, statements=some)),)}
    )
    release = content.releases[0].model_copy(update={"url": "javascript:alert(1)", "title": HOSTILE})
    return made.model_copy(
        update={"statements": statements, "analyses": {"resurgence": (evil,)}, "releases": (release,), "headline": evil}
    )


def test_hostile_texts_stay_texts(content: ReportContent, make_content: MakeContent) -> None:
    text = render(_hostile(content, make_content))
    page = html.fromstring(text)
    assert len(page.xpath("//script")) == 2
    assert text.count("</script") == 2
    assert not page.xpath("//img | //@onerror")
    assert not [link for link in _links(page) if link.startswith("javascript:")]
    assert page.xpath("//h1")[0].text == HOSTILE
    ids = _ids(page)
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in _links(page) if link.startswith("#")} <= set(ids)


def test_a_right_to_left_study_is_set_so(make_content: MakeContent) -> None:
    page = html.fromstring(render(make_content(language="ur", title="طالبان کی حکومت")))
    root = page.getroottree().getroot()
    assert (root.get("lang"), root.get("dir")) == ("ur", "rtl")
    heading = page.xpath("//h1")[0]
    assert (heading.get("lang"), heading.get("dir")) == ("ur", "rtl")
    assert page.xpath("//body/@lang") == ["en"]


def test_values_in_arabic_script_are_isolated(page: Any) -> None:
    assert [bdi.text for bdi in page.xpath("//bdi") if "تحریک" in (bdi.text or "")]


def test_a_study_of_nothing_is_a_page(make_content: MakeContent) -> None:
    full = make_content(chapters=[], objectives=[], turning_points=[], abstract="", document="", area=["nowhere"])
    empty = ReportContent(config=full.config, evidence=Evidence(), bibliography=Bibliography())
    page = html.fromstring(render(empty))
    ids = _ids(page)
    assert {link[1:] for link in _links(page) if link.startswith("#")} <= set(ids)
    assert "The checks found no statements that contradict one another." in page.text_content()


def test_a_contradiction_without_statements_shows_its_own_table(content: ReportContent) -> None:
    table = Table(title="Sums", columns=(Column(name="a", label="A"),), rows=((Cell(text="1 + 1 = 3"),),))
    finding = Finding(
        id="sum",
        kind="sum",
        title="Sum",
        text=(),
        severity=Severity.WARNING,
        tables=(table,),
        method=Method(name="sum"),
    )
    page = html.fromstring(render(content.model_copy(update={"contradictions": (finding,)})))
    assert "1 + 1 = 3" in page.get_element_by_id("c-sum").text_content()


def test_a_contradiction_about_the_same_actor_alone_does_not_touch_a_finding(content: ReportContent) -> None:
    subjects = tuple({statement.subject for statement in content.statements.values()})
    names = tuple(s.id for s in content.statements.values() if s.property == "name")
    elsewhere = content.contradictions[0].model_copy(update={"subjects": subjects, "statements": names})
    page = html.fromstring(render(content.model_copy(update={"contradictions": (elsewhere,)})))
    assert not page.xpath("//aside[@class='touched'] | //*[@class='flag']")


def test_all_sources_are_counted_and_those_in_use(content: ReportContent, page: Any) -> None:
    assert "from 38 statements of 4 sources, as they" in " ".join(
        page.xpath("//p[@class='what']")[0].text_content().split()
    )
    kept = {key: found for key, found in content.statements.items() if found.source != "pips"}
    for analyses, used in (({}, ", 3 of them used"), ({"s": (_resting_on("pips"),)}, "")):
        less = html.fromstring(render(content.model_copy(update={"statements": kept, "analyses": analyses})))
        (facts,) = less.xpath("//dl[@class='facts']")
        assert f"of 4 sources{used}" in facts.text_content()
        assert used or "of them used" not in facts.text_content()


def _resting_on(source: str) -> Finding:
    """A finding of an analysis whose numbers are data of a source, without a statement."""
    method = Method(name="series-by-month")
    return Finding(id="f", kind="analysis", title="A series", text=(("A number",),), sources=(source,), method=method)


def test_the_studys_own_document_bears_no_remark(content: ReportContent) -> None:
    references = tuple(
        reference.model_copy(update={"remark": "cited in the document, not in its reference list"})
        for reference in content.bibliography.references
    )
    odd = content.model_copy(update={"bibliography": Bibliography(references=references)})
    page = html.fromstring(render(odd))
    assert not page.get_element_by_id("ref-thesis").xpath(".//strong")
    assert page.get_element_by_id("ref-pips").xpath(".//strong")


def test_the_brief_names_twelve_errors_at_most(content: ReportContent) -> None:
    error = content.contradictions[0]
    many = tuple(error.model_copy(update={"id": f"e{number}"}) for number in range(14))
    page = html.fromstring(render(content.model_copy(update={"contradictions": (*many, content.contradictions[1])})))
    assert len(page.xpath("//ul[@class='errors']/li")) == 12
    (link,) = page.xpath("//section[@id='brief']//a[@href='#contradictions']")
    assert link.text == "all 15 contradictions"


def test_a_finding_in_the_brief_shows_its_first_sentence(page: Any) -> None:
    (opening,) = page.xpath("//p[@class='opening']")
    assert opening.text_content() == "Attacks rose (Hussain, 2023a)."


def test_a_caption_that_repeats_its_heading_is_not_seen(page: Any) -> None:
    captions = {found.text: found.get("class") for found in page.xpath("//article[@class='analysis']//caption")}
    assert captions == {"Attacks by year": "unseen", "Reports of the rally": None}
    assert [found.get("class") for found in page.xpath("//figcaption")] == [None]


def _with_table(content: ReportContent, table: Table) -> Any:
    finding = Finding(id="t", kind="analysis", title="T", text=(), tables=(table,), method=Method(name="t"))
    return html.fromstring(render(content.model_copy(update={"analyses": {"resurgence": (finding,)}})))


@pytest.mark.parametrize(("rows", "is_printed"), [(15, True), (16, False)])
def test_what_is_folded_is_printed_where_it_is_short(content: ReportContent, rows: int, is_printed: bool) -> None:  # noqa: FBT001 - a parameter of a test
    table = Table(title="Folded", columns=(Column(name="a", label="A"),), rows=((Cell(text="x"),),) * rows)
    page = _with_table(content, table)
    (fold,) = page.xpath("//article[@id='a-t']/details")
    assert ("short" in fold.get("class").split()) is is_printed
    said = [found.text for found in page.xpath("//article[@id='a-t']/p[@class='unprinted']")]
    assert said == ([] if is_printed else [f"Not printed: Folded, {rows} rows; see the page."])


def test_sources_beside_a_text_get_a_column_of_their_own(content: ReportContent) -> None:
    columns = (Column(name="a", label="A"), Column(name="n", label="N", numeric=True))
    rows = ((Cell(text="x", cites=("pips",)), Cell(text="1")), (Cell(text="y"), Cell(text="more than 20 years")))
    page = _with_table(content, Table(title="Named", columns=columns, rows=rows))
    (table,) = page.xpath("//table[caption='Named']")
    assert [cell.text_content() for cell in table.xpath("./thead//th")] == ["A", "N", "Sources"]
    (first, second) = table.xpath("./tbody/tr")
    assert [cell.text_content() for cell in first] == ["x", "1", "Pak Institute for Peace Studies, 2023"]
    assert [cell.get("class") for cell in second] == [None, "n words", "by"]


def test_sources_of_several_columns_stay_where_they_are(content: ReportContent) -> None:
    columns = tuple(Column(name=name, label=name) for name in "abc")
    cell = Cell(text="x", cites=("pips",))
    page = _with_table(content, Table(title="Named", columns=columns, rows=((cell, cell, Cell(text="y")),)))
    (table,) = page.xpath("//table[caption='Named']")
    assert [found.text for found in table.xpath("./thead//th")] == ["a", "b", "c"]
    assert len(table.xpath(".//span[@class='by']")) == 2


def test_the_words_of_the_program_run_from_left_to_right(content: ReportContent, make_content: MakeContent) -> None:
    (analysis,) = content.analyses["resurgence"]
    named = analysis.model_copy(update={"title": "Killed, ملک", "text": (("Killed, ملک: 77",),)})
    made = make_content(language="ur", abstract="TTP کے حملے بڑھ گئے۔\n\nAn abstract in English.")
    page = html.fromstring(render(made.model_copy(update={"analyses": {"resurgence": (named,)}})))
    article = page.get_element_by_id("a-attacks-by-year")
    assert article.get("dir") == "ltr"
    assert [found.text for found in article.xpath("./h4/bdi | ./p[1]/bdi")] == ["ملک", "ملک"]
    urdu, english = page.xpath("//section[@id='brief']/p[position() <= 2]")
    assert (urdu.get("lang"), urdu.get("dir")) == ("ur", "rtl")
    assert (english.get("lang"), english.get("dir")) == (None, "ltr")


def test_a_study_in_another_language_says_that_the_program_speaks_english(make_content: MakeContent) -> None:
    page = html.fromstring(render(make_content(language="ps")))
    text = " ".join(page.xpath("//header")[0].text_content().split())
    assert "LanguagePashto" in text
    assert "The study is written in Pashto; the words of the program itself are English." in text


def test_an_english_study_says_nothing_about_it(page: Any) -> None:
    assert "words of the program" not in page.text_content()


def test_the_origins_of_coordinates_are_named_once(content: ReportContent) -> None:
    notes = ("Natural Earth, centroid of A", "Natural Earth, centroid of B", "coder (town)", "")
    places = [
        Place(record=f"p{n}", subject=f"p{n}", name="P", kind="city", lat=1.0, lon=1.0, note=note)
        for n, note in enumerate(notes)
    ]
    places.append(Place(record="q", subject="q", name="Q", kind="city", note="nowhere"))
    evidence = content.evidence.model_copy(update={"places": tuple(places)})
    text = html.fromstring(render(content.model_copy(update={"evidence": evidence}))).text_content()
    assert "as the study states their origin: Natural Earth; coder." in " ".join(text.split())
