"""The page of an audit: the document with marks in place, the findings beside it, in a browser without a network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, sync_playwright

from marsad.claims.audit import Audit, Outcome, Verdict, audit_document
from marsad.documents import Document, read_text
from marsad.model import Finding, Method, Severity
from marsad.report.audited import render_audit

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TEXT = """1. Introduction

On 12 May 2021 a car bomb outside a barracks in Cali, Colombia, killed nine soldiers (Rojas, 2019).

A line with <script>alert(1)</script> in it.

1.1. The record

The car bomb outside the barracks in Cali on 14 May 2021 killed nine soldiers. یہ سرحد بہت لمبی ہے۔

References

Mora, P. (2018). Borders. Norma.
"""


class _Text(HTMLParser):
    """The words of an element and its marks, as a browser would have them."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.skipped = 0
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "article"
        given = dict(attrs)
        if (given.get("class") or "").split(" ")[0] in ("ref", "page") or self.skipped:
            self.skipped += 1

    def handle_endtag(self, tag: str) -> None:
        self.skipped = max(self.skipped - 1, 0)
        self.inside = self.inside and tag != "article"

    def handle_data(self, data: str) -> None:
        if self.inside and not self.skipped:
            self.words += data


def _marked(document: Document, spans: list[tuple[int, int]]) -> Audit:
    """An audit with a finding for each span."""
    findings = tuple(
        Finding(
            id=f"f{number}",
            kind="k",
            title="A <title>",
            text=(("Something & more.",),),
            severity=list(Severity)[number % 3],
            quotes=(document.quote(start, end),),
            method=Method(name="k", reference="a rule"),
        )
        for number, (start, end) in enumerate(spans)
    )
    verdict = Verdict(check="Citations", outcome=Outcome.UNCHECKED, text="No list.")
    return Audit(findings=findings, verdicts=(verdict,), proposals=(), counts={"words": 3})


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=6))
def test_marks_that_overlap_in_any_way_leave_the_text_as_it_is(pairs: list[tuple[int, int]]) -> None:
    document = read_text(TEXT)
    spans = [(min(pair), min(max(pair), len(document.text))) for pair in pairs if min(pair) < len(document.text)]
    page = render_audit(document, _marked(document, spans))
    parser = _Text()
    parser.feed(page)
    assert "".join(parser.words.split()) == "".join(document.text.split())
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(ids)


def test_what_the_document_says_is_never_markup() -> None:
    document = read_text(TEXT)
    page = render_audit(document, audit_document(document))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src &#39;none&#39;" in page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audit") / "audit.html"
    document = read_text(TEXT, name="text.txt")
    path.write_text(render_audit(document, audit_document(document)), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.goto(file.as_uri())
    yield opened
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_asked_of_a_host(browser: Browser, file: Path, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [f"{entry['id']}: {node['html'][:200]}" for entry in found for node in entry["nodes"]] == []
    assert [url for url in asked if not url.startswith("file:")] == []
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 1600])
def test_no_width_makes_the_page_scroll_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_the_keyboard_leads_from_a_mark_to_its_finding_and_back(page: Page) -> None:
    mark = page.locator("main a.ref").first
    mark.focus()
    page.keyboard.press("Enter")
    number = mark.inner_text()
    assert page.url.endswith(f"#f{number}")
    page.locator(f"#f{number} .quotes a").first.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith(f"#q{number}-1")
    assert page.locator(f"#q{number}-1").is_visible()


@pytest.mark.browser
def test_a_severity_that_is_switched_off_goes_from_list_and_text(page: Page) -> None:
    assert page.locator(".group.error").is_visible()
    page.locator("#show-error").uncheck()
    assert not page.locator(".group.error").is_visible()
    assert page.locator("main a.ref.error:visible").count() == 0


@pytest.mark.browser
def test_words_from_right_to_left_run_so(page: Page) -> None:
    assert page.locator("main :text('یہ سرحد')").count() > 0


@pytest.mark.browser
def test_a_note_in_the_text_does_not_look_like_a_footnote(browser: Browser, tmp_path: Path) -> None:
    document = read_text(TEXT)
    spans = [(40, 60), (70, 80), (90, 100)]
    path = tmp_path / "audit.html"
    path.write_text(render_audit(document, _marked(document, spans)), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    look = "found => [getComputedStyle(found).paddingBlockStart, getComputedStyle(found).borderBlockStartWidth]"
    assert page.locator("mark.note").first.evaluate(look) == page.locator("mark.error").first.evaluate(look)
    page.close()
