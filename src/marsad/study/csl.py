"""From the fields of a BibLaTeX entry to CSL-JSON (Citation Style Language 1.0.2): types, fields, names, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from marsad.errors import ParseError
from marsad.model import MONTH_NAMES, Date

__all__ = ["MAX_BRACES", "TYPES", "decode", "issued", "names", "plain", "to_csl"]

MAX_BRACES = 200
"""Most braces that a field may open."""

TYPES = {
    "article": "article-journal",
    "artwork": "graphic",
    "audio": "song",
    "book": "book",
    "booklet": "pamphlet",
    "collection": "book",
    "dataset": "dataset",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "inreference": "entry-encyclopedia",
    "jurisdiction": "legal_case",
    "legislation": "legislation",
    "letter": "personal_communication",
    "manual": "book",
    "mastersthesis": "thesis",
    "misc": "document",
    "mvbook": "book",
    "mvcollection": "book",
    "online": "webpage",
    "patent": "patent",
    "periodical": "periodical",
    "phdthesis": "thesis",
    "proceedings": "book",
    "report": "report",
    "software": "software",
    "standard": "standard",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "video": "motion_picture",
    "electronic": "webpage",
    "www": "webpage",
    "conference": "paper-conference",
}
"""BibLaTeX entry type -> CSL type."""

_SUBTYPES = {"newspaper": "article-newspaper", "magazine": "article-magazine"}

_FIELDS = {
    "journaltitle": "container-title",
    "journal": "container-title",
    "booktitle": "container-title",
    "maintitle": "container-title",
    "publisher": "publisher",
    "institution": "publisher",
    "school": "publisher",
    "organization": "publisher",
    "location": "publisher-place",
    "address": "publisher-place",
    "volume": "volume",
    "issue": "issue",
    "edition": "edition",
    "pages": "page",
    "series": "collection-title",
    "chapter": "chapter-number",
    "type": "genre",
    "version": "version",
    "eventtitle": "event-title",
    "abstract": "abstract",
    "langid": "language",
    "language": "language",
    "isbn": "ISBN",
    "issn": "ISSN",
    "doi": "DOI",
    "url": "URL",
}
_NAMES = {"author": "author", "editor": "editor", "translator": "translator"}
_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}
_VERBATIM = frozenset({"doi", "url", "isbn", "issn"})
_LATEX = re.compile(r"[\\{}~$%]|--|``|''")
_UNESCAPED = re.compile(r"(?<!\\)([%$&#])")
_RANGE = re.compile(r"(?<=\w)\s*(?:-{1,3}|–|—)\s*(?=\w)")
_MONTHS = {name[:3].casefold(): f"{number:02d}" for number, name in enumerate(MONTH_NAMES, start=1)}


def to_csl(key: str, entry_type: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """CSL-JSON of an entry of a known type.

    Args:
        key: citation key.
        entry_type: a key of ``TYPES``.
        fields: raw BibTeX values without their outer braces, by name in small letters.

    Raises:
        ParseError: a name or a date is not in its grammar.
    """
    kind = _SUBTYPES.get(fields.get("entrysubtype", "").lower(), TYPES[entry_type])
    csl: dict[str, Any] = {"id": key, "type": kind}
    for name, variable in _NAMES.items():
        if name in fields:
            csl[variable] = names(fields[name])
    csl["title"] = ": ".join(decode(fields[name]) for name in ("title", "subtitle") if fields.get(name))
    for name, variable in _FIELDS.items():
        value = _value(name, fields.get(name, ""))
        if value:
            csl.setdefault(variable, value)
    if "number" in fields:
        csl.setdefault("issue" if kind.startswith("article") else "number", decode(fields["number"]))
    if entry_type in _GENRES:
        csl.setdefault("genre", _GENRES[entry_type])
    for variable, date in (("issued", issued(fields)), ("accessed", _date(fields.get("urldate", "")))):
        if date is not None:
            csl[variable] = _csl_date(date)
    return csl


def _value(name: str, raw: str) -> str:
    if name in _VERBATIM:
        return plain(raw)
    return _RANGE.sub("–", decode(raw)) if name == "pages" else decode(raw)


def plain(raw: str) -> str:
    """An address or number that LaTeX does not set as text, without what protects its characters."""
    return re.sub(r"^\\url\{(.*)\}$", r"\1", raw.strip()).replace("\\_", "_").replace("\\%", "%").replace("\\&", "&")


@lru_cache(maxsize=10_000)
def decode(raw: str) -> str:
    """LaTeX as plain text on one line: accents, dashes and quotes decoded, braces taken away; ``%``, ``$``, ``&`` kept.

    Raises:
        ParseError: there are more braces than any reference needs.
    """
    text = " ".join(raw.split())
    if not _LATEX.search(text):
        return text
    if text.count("{") > MAX_BRACES:
        raise ParseError(f"the field has more than {MAX_BRACES} braces")
    return " ".join(str(_decoder().latex_to_text(_UNESCAPED.sub(r"\\\1", text))).split())


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import (  # noqa: PLC0415 - slow to import
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )

    context = get_default_latex_context_db()
    context.add_context_category("marsad", prepend=True, macros=[MacroTextSpec("url", simplify_repl="%s")])
    return LatexNodes2Text(latex_context=context, math_mode="verbatim")


def names(raw: str) -> list[dict[str, str]]:
    """People and organisations of a name field as CSL names; a name wholly in braces is an organisation's.

    Raises:
        ParseError: a name cannot be split into its parts.
    """
    from bibtexparser.middlewares.names import (  # noqa: PLC0415 - slow to import
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    found = []
    for name in split_multiple_persons_names(" ".join(raw.split())):
        if name.startswith("{") and name.endswith("}") and "}" not in name[1:-1].replace("\\}", ""):
            found.append({"literal": decode(name)})
        elif name == "others":
            found.append({"literal": "et al."})
        else:
            try:
                found.append(_name(parse_single_name_into_parts(name)))
            except InvalidNameError as error:
                raise ParseError(f"{name!r} is no name: {error.reason}") from error
    return found


def _name(parts: Any) -> dict[str, str]:
    """A split name as CSL has it; parts that are missing are left out."""
    named = {"family": parts.last, "given": parts.first, "non-dropping-particle": parts.von, "suffix": parts.jr}
    return {variable: decode(" ".join(words)) for variable, words in named.items() if words}


def issued(fields: Mapping[str, str]) -> Date | None:
    """When it was published: ``date`` in EDTF, or ``year`` with ``month`` and ``day``; None where it bears no date.

    Raises:
        ParseError: there is no such date.
    """
    if fields.get("date"):
        return _date(fields["date"])
    if not fields.get("year"):
        return None
    parts = [fields["year"].strip()]
    if fields.get("month"):
        month = fields["month"].strip().lower()
        parts.append(_MONTHS.get(month[:3], month.zfill(2)))
        if fields.get("day"):
            parts.append(fields["day"].strip().zfill(2))
    return Date.parse("-".join(parts))


def _date(raw: str) -> Date | None:
    return Date.parse(raw.strip()) if raw.strip() else None


def _csl_date(date: Date) -> dict[str, Any]:
    """A date as CSL has it: date-parts as far as the date is precise; its text where CSL has no parts for it."""
    ends = [end for end in date.text.split("/") if end not in ("", "..")]
    parts = [re.sub(r"[~?%]", "", end).replace("-XX", "") for end in ends]
    if len(ends) != date.text.count("/") + 1 or any("X" in part for part in parts):
        return {"literal": date.text}
    numbers = [[int(number) for number in part.split("-")] for part in parts]
    if any(len(part) > 1 and part[1] > 12 for part in numbers):
        return {"literal": date.text}
    csl: dict[str, Any] = {"date-parts": numbers}
    if re.search(r"[~?%]", date.text):
        csl["circa"] = True
    return csl
