"""The page in Chromium: accessibility, keyboard, narrow screens, print, and silence towards the network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from marsad.model import Cell, Column, Number, Table
from marsad.report import ReportContent, render
from marsad.workbench import Workbench, build

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MakeContent = Callable[..., ReportContent]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def report(content: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(content), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    opened.goto(report.as_uri())
    yield opened
    context.close()


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{entry['id']}: {node['html'][:200]}" for entry in found for node in entry["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, report: Path, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert _violations(page) == []
    page.locator("a.m").first.click()
    assert page.locator("dialog").is_visible()
    assert _violations(page) == []
    context.close()


def test_the_report_of_the_shipped_study(browser: Browser, case_copy: Path) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(build(Workbench(case_copy)).report.as_uri())
    assert _violations(page) == []
    assert [url for url in asked if not url.startswith("file:")] == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_mark_works_by_keyboard(page: Page) -> None:
    page.locator("#brief-t").click()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.m')"):
            break
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label == "evidence for 54 to >60: 2 statements"
    page.keyboard.press("Enter")
    dialog = page.locator("dialog")
    assert dialog.is_visible()
    text = dialog.inner_text()
    assert "killed: >60 persons" in text
    assert "killed: 54 persons" in text
    assert "section 1, paragraph 3" in text
    assert "events.csv:3" in text
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == label


def test_the_dialog_closes_by_its_button_and_beside_it(page: Page) -> None:
    mark, dialog = page.locator("a.m").first, page.locator("dialog")
    mark.click()
    box = page.locator("#dialog-close").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    page.locator("#dialog-close").click()
    assert not dialog.is_visible()
    mark.click()
    page.mouse.click(5, 5)
    assert not dialog.is_visible()


def test_a_source_in_the_dialog_leads_to_the_reference(page: Page) -> None:
    page.locator("a.m").first.click()
    page.locator("#dialog-body a", has_text="Hussain, 2023b").first.click()
    assert not page.locator("dialog").is_visible()
    assert page.evaluate("location.hash") == "#ref-rally"


def test_many_statements_are_cut_with_a_link_to_all(
    browser: Browser, content: ReportContent, tmp_path: Path, make_content: MakeContent
) -> None:
    statement = next(iter(content.statements.values()))
    copies = [statement.model_copy(update={"value": f"value {number}"}) for number in range(80)]
    statements = {f"x{number:03}": copy for number, copy in enumerate(copies)}
    (analysis,) = content.analyses["resurgence"]
    text = (("All ", Number(text="80", statements=tuple(statements))),)
    many = make_content().model_copy(
        update={
            "statements": statements,
            "headline": analysis.model_copy(update={"text": text, "tables": (), "charts": ()}),
        }
    )
    path = tmp_path / "many.html"
    path.write_text(render(many), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.locator("#brief a.m").first.click()
    assert page.locator("#dialog-body li").count() == 50
    page.locator("#dialog-body a", has_text="All 80 statements").click()
    assert page.locator("#e1").is_visible()
    page.close()


def test_an_anchor_in_the_folded_appendix_opens_it(page: Page, report: Path) -> None:
    assert not page.locator("#e2").is_visible()
    page.goto(f"{report.as_uri()}#e2")
    assert page.locator("#e2").is_visible()


def test_without_scripts_a_mark_leads_to_the_appendix(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    page.locator("a.m").first.click()
    assert page.url.endswith("#e2")
    assert not page.locator("dialog").is_visible()
    context.close()


def test_it_is_silent(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.locator("a.m").first.click()
    page.wait_for_timeout(200)
    assert said == []
    assert asked == [report.as_uri()]
    page.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_scrolls_sideways(browser: Browser, report: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("a.m").first.click()
    box = page.locator("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.close()


def test_a_right_to_left_page_is_laid_out_so(browser: Browser, tmp_path: Path, make_content: MakeContent) -> None:
    path = tmp_path / "rtl.html"
    path.write_text(render(make_content(language="ur", title="طالبان کی حکومت")), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    nav, main = page.locator("nav").bounding_box(), page.locator("main").bounding_box()
    assert nav is not None
    assert main is not None
    assert nav["x"] > main["x"]
    assert _violations(page) == []
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_print_leaves_out_the_appendix_and_says_so(page: Page) -> None:
    page.emulate_media(media="print")
    assert not page.locator("#evidence").is_visible()
    assert page.locator(".printed").is_visible()
    assert page.locator("#contradictions table").first.is_visible()
    assert page.locator("ol.references").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_print_opens_what_is_short(page: Page) -> None:
    table = page.locator("details.data table").first
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()
    assert not page.locator("details.data summary").first.is_visible()
    assert page.locator(".unprinted").count() == 1
    assert page.locator(".unprinted").is_visible()


def test_tables_use_the_width_beside_the_text(browser: Browser, content: ReportContent, tmp_path: Path) -> None:
    (analysis,) = content.analyses["resurgence"]
    columns = tuple(Column(name=f"c{number}", label=f"A column {number}") for number in range(8))
    rows = ((Cell(text="some words that want room"),) * 8,)
    wide = analysis.model_copy(update={"tables": (Table(title="Wide", columns=columns, rows=rows),), "charts": ()})
    path = tmp_path / "wide.html"
    path.write_text(render(content.model_copy(update={"analyses": {"resurgence": (wide,)}})), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    table, text = page.locator(".analysis table").bounding_box(), page.locator(".analysis p").first.bounding_box()
    assert table is not None
    assert text is not None
    assert table["width"] > text["width"] * 1.2
    page.set_viewport_size({"width": 390, "height": 700})
    assert page.evaluate("(e => e.scrollWidth > e.clientWidth)(document.querySelector('.analysis .scroll'))")
    page.close()


@pytest.mark.parametrize("anchor", ["options", "sources"])
def test_a_jump_shows_the_section_at_once(page: Page, anchor: str) -> None:
    page.locator(f".contents a[href='#{anchor}']").click()
    assert page.evaluate(f"document.getElementById('{anchor}').getBoundingClientRect().top") < 900
