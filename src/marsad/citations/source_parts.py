"""What stands behind the title of an entry: journal, volume, pages, publisher, address."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["source_parts"]

_URL = re.compile(r"https?://[^\s<>\"]+|www\.[^\s<>\"]+")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/[^\s<>\"]+)", re.IGNORECASE)
_VOLUME = re.compile(
    r"(?:,|\s|^)\s*(?:vol(?:ume)?\.?[\s:]*)?(?P<volume>\d{1,4}|[IVXLC]{1,7})\s?\(\s?(?P<issue>[\w–/-]{1,12})\)"
)
_LABELLED = re.compile(
    r"\bvol(?:ume)?\.?[\s:]*(?P<volume>\d{1,4})(?:,?\s*(?:no|issue|iss|nr)\.?[\s:]*(?P<issue>\d{1,4}(?:[–/-]\d{1,4})?))?",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"[.,]\s*(?P<volume>\d{1,3}|[IVXLC]{1,7}),\s*(?:(?P<issue>\d{1,3}),\s*)?(?P<pages>\d{1,5}[-–]\d{1,5})\b"
)
_SEMICOLON = re.compile(
    r"(?:;|\b\d{4};)\s*(?P<volume>\d{1,4})(?:\((?P<issue>[^()]{1,9})\))?:\s*(?P<pages>e?\d{1,6}(?:[-–]e?\d{1,6})?)"
)
_PAGES = re.compile(
    r"\bpp?\.?\s*(?P<a>e?\d{1,6}(?:\s?[-–]\s?\d{1,6})?)|(?<=[,:)])\s*(?P<b>\d{1,5}\s?[-–]\s?\d{1,5}|e\d{3,9})\b",
    re.IGNORECASE,
)
_THESIS = re.compile(r"\b(?:thesis|dissertation)\b", re.IGNORECASE)
_REPORT = re.compile(
    r"\b(?:report|policy brief|working paper|institute|ministry|commission|agency|service)\b", re.IGNORECASE
)
_IN = re.compile(r"(?:^|[.,]\s*)In:?\s+(?P<book>.{3,200})", re.DOTALL)
_PRESS = re.compile(
    r"\b(?:press|publish\w*|verlag|routledge|springer|sage|palgrave|macmillan|pearson|wiley|elsevier|brill|books)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(r"(?P<head>[^.;(]{2,120}?)(?=\s*(?:,\s*(?:vol|no|\d|[IVXLC]+\b)|[.;(]|$))", re.IGNORECASE)
_EDITION = re.compile(r"^\W*\d{1,2}(?:st|nd|rd|th)\sed(?:n|ition)?\b\.?", re.IGNORECASE)
_ACCESS = re.compile(r"\b(?:retrieved|accessed|available|viewed)\b[^.]{0,80}", re.IGNORECASE)


def source_parts(text: str, *, has_day: bool = False) -> dict[str, Any]:
    """CSL-JSON fields of the part of an entry that stands behind its title.

    Args:
        text: that part.
        has_day: whether the entry is dated to the day, as articles of newspapers are.
    """
    found: dict[str, Any] = {}
    if doi := _DOI.search(text):
        found["DOI"] = doi[1].rstrip(".,;)>")
    if url := _URL.search(text):
        found["URL"] = url[0].rstrip(".,;)>")
    bare = _URL.sub(" ", _DOI.sub(" ", text))
    for pattern in (_VOLUME, _LABELLED, _SEMICOLON, _PAIR):
        if match := pattern.search(bare):
            found |= {name: value for name, value in match.groupdict().items() if value and name != "pages"}
            if match.groupdict().get("pages"):
                found["page"] = match["pages"].replace("-", "–")
            break
    if "page" not in found and (pages := _PAGES.search(bare)):
        found["page"] = re.sub(r"\s?[-–]\s?", "–", pages["a"] or pages["b"])
    found["type"] = _type(bare, found, has_day=has_day)
    head = _head(bare)
    if head:
        found["publisher" if found["type"] in ("book", "report", "thesis") else "container-title"] = head
    return found


def _type(text: str, found: dict[str, Any], *, has_day: bool) -> str:
    is_press = _PRESS.search(text) is not None
    kinds = (
        ("thesis", _THESIS.search(text) is not None),
        ("chapter", _IN.search(text) is not None),
        ("article-journal", "volume" in found and not is_press),
        ("book", is_press),
        ("article-newspaper", has_day),
        ("report", _REPORT.search(text) is not None),
        ("webpage", "URL" in found),
    )
    return next((kind for kind, fits in kinds if fits), "document")


def _head(text: str) -> str:
    chapter = _IN.search(text)
    begin = chapter.start("book") if chapter else 0
    match = _HEAD.match(_ACCESS.sub(" ", text[begin:]).lstrip(' .,;:"”'))
    return re.sub(r"\s\d+$", "", match["head"].strip(" ,.:;<>")) if match else ""
