"""Bibliography files: BibTeX/BibLaTeX and CSL-JSON, in and out."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marsad.errors import InputError, ParseError
from marsad.study.csl import MAX_BRACES, TYPES, to_csl

__all__ = ["BibliographyFile", "parse_bibtex", "parse_csl", "read_bibliography", "write_bibtex", "write_csl"]

_LARGEST = 50_000_000
_MOST_NOTICES = 50
_DEEPEST = 40
_TYPES_OUT = {
    "article-journal": "article", "article-newspaper": "article", "article-magazine": "article", "article": "article",
    "book": "book", "chapter": "incollection", "report": "report", "thesis": "thesis", "webpage": "online",
    "paper-conference": "inproceedings", "dataset": "dataset", "software": "software", "manuscript": "unpublished",
    "post-weblog": "online", "entry-encyclopedia": "inreference", "legislation": "legislation",
    "legal_case": "jurisdiction", "periodical": "periodical", "standard": "standard", "patent": "patent",
}  # fmt: skip
_SUBTYPES = {"article-newspaper": "newspaper", "article-magazine": "magazine"}
_FIELDS_OUT = {
    "title": "title", "volume": "volume", "issue": "number", "number": "number", "page": "pages", "edition": "edition",
    "publisher-place": "location", "collection-title": "series", "genre": "type", "abstract": "abstract",
    "ISBN": "isbn",
    "ISSN": "issn", "DOI": "doi", "URL": "url", "language": "langid", "chapter-number": "chapter", "version": "version",
    "event-title": "eventtitle", "note": "note",
}  # fmt: skip
_BARE = frozenset({"DOI", "URL", "ISBN", "ISSN"})
_CONTAINERS = {"incollection": "booktitle", "inproceedings": "booktitle", "inreference": "booktitle"}
_PUBLISHERS = {"report": "institution", "thesis": "institution", "online": "organization"}
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_ESCAPED = re.compile(r"[\\{}%$&#_~^]")
_NO_KEY = re.compile(r"[^A-Za-z0-9_:.+/-]+")


@dataclass(frozen=True, slots=True)
class BibliographyFile:
    """What a bibliography file holds.

    Attributes:
        entries: CSL-JSON, each with its key as ``id``.
        notices: what could not be read, in sentences.
    """

    entries: tuple[dict[str, Any], ...]
    notices: tuple[str, ...] = ()


def read_bibliography(path: Path) -> BibliographyFile:
    """Read a .bib file, or a .json file of CSL-JSON. A broken entry costs itself and a notice, nothing else.

    Raises:
        InputError: the file cannot be read at all.
    """
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path} is a folder, pipe or device, no file; name a .bib or .json file")
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path}: the bibliography is larger than {_LARGEST // 1_000_000} MB. Split it")
        text = path.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\0", " ")
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    try:
        return parse_csl(text) if path.suffix.lower() == ".json" else parse_bibtex(text)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def parse_bibtex(text: str) -> BibliographyFile:
    """CSL-JSON of BibTeX or BibLaTeX; an unknown type of entry counts as ``misc``."""
    from bibtexparser import entrypoint  # noqa: PLC0415 - slow to import

    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
    entries: dict[str, dict[str, Any]] = {}
    notices: list[str] = []
    for block in entrypoint.parse_string(text).blocks:
        entry: Any = getattr(block, "ignore_error_block", None) or block
        if not hasattr(entry, "entry_type"):
            if getattr(block, "error", None) is not None:
                notices.append(f"The entry in line {(block.start_line or 0) + 1} is broken and was not read.")
            continue
        key = str(entry.key or "").strip()
        if not key or key in entries:
            notices.append(
                f"The entry in line {(entry.start_line or 0) + 1} has {'a key that stands twice' if key else 'no key'}."
            )
            continue
        fields = {str(field.key).lower(): str(field.value) for field in entry.fields}
        csl, notice = _entry(key, str(entry.entry_type).lower(), fields)
        entries[key] = csl
        notices += [notice] if notice else []
    return BibliographyFile(tuple(entries.values()), tuple(notices[:_MOST_NOTICES]))


def _entry(key: str, kind: str, fields: dict[str, str]) -> tuple[dict[str, Any], str]:
    """One entry; what cannot be read in it is left out."""
    notices: list[str] = []
    large = [name for name, value in fields.items() if value.count("{") > MAX_BRACES]
    notices += [f"the field {name} has too many braces" for name in large]
    fields = {name: value for name, value in fields.items() if name not in large}
    while True:
        try:
            csl = to_csl(key, kind if kind in TYPES else "misc", fields)
        except ParseError as error:
            bad = _culprit(kind, fields)
            notices.append(f"{bad}: {error}")
            fields = {name: value for name, value in fields.items() if name != bad}
        else:
            return csl, f"{key}: {'; '.join(notices)}." if notices else ""


def _culprit(kind: str, fields: dict[str, str]) -> str:
    """The field that cannot be read; the last one where it takes several together."""
    for name, value in fields.items():
        try:
            to_csl("x", kind if kind in TYPES else "misc", {name: value})
        except ParseError:
            return name
    return "month" if "month" in fields and "year" in fields else next(reversed(fields))


def parse_csl(text: str) -> BibliographyFile:
    """The entries of CSL-JSON: a list, one entry, or an object with ``items``.

    Raises:
        InputError: the text is no JSON, or holds no entries.
    """
    try:
        data = json.loads(text)
        if "\\ud" in text.lower():  # half of a pair of surrogates is no character
            data = json.loads(json.dumps(data, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"the bibliography is no JSON: {error}") from error
    if isinstance(data, dict):
        data = data.get("items", [data])
    if not isinstance(data, list):
        raise InputError("the bibliography is no list of CSL-JSON entries")
    entries: dict[str, dict[str, Any]] = {}
    notices = []
    for number, item in enumerate(data, start=1):
        key = str(item.get("id") or item.get("citation-key") or "") if isinstance(item, dict) else ""
        if not isinstance(item, dict) or not key or key in entries or not _is_shallow(item):
            reason = (
                "is no entry"
                if not isinstance(item, dict)
                else "has a key that stands twice"
                if key in entries
                else "has no id"
            )
            notices.append(f"Item {number} {reason} and was not read.")
            continue
        entries[key] = {**item, "id": key, "type": str(item.get("type") or "document")}
    return BibliographyFile(tuple(entries.values()), tuple(notices[:_MOST_NOTICES]))


def _is_shallow(value: Any, depth: int = 0) -> bool:
    if depth > _DEEPEST:
        return False
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(_is_shallow(part, depth + 1) for part in parts)


def write_csl(entries: Iterable[Mapping[str, Any]]) -> str:
    """CSL-JSON text of the entries."""
    return json.dumps([dict(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n"


def write_bibtex(entries: Iterable[Mapping[str, Any]]) -> str:
    """BibLaTeX of CSL-JSON entries: what ``read_bibliography`` reads back to the same entries."""
    return "\n".join(_bibtex(entry) for entry in entries)


def _bibtex(entry: Mapping[str, Any]) -> str:
    kind = str(entry.get("type", "document"))
    name = _TYPES_OUT.get(kind, "misc")
    roles = ("author", "editor", "translator")
    fields = [(role, people) for role in roles if (people := _people(entry.get(role)))]
    fields += [
        (field, text.replace("{", "%7B").replace("}", "%7D") if variable in _BARE else _escaped(text))
        for variable, field in _FIELDS_OUT.items()
        if (text := _line(entry.get(variable)))
    ]
    if container := _line(entry.get("container-title")):
        fields.append((_CONTAINERS.get(name, "journaltitle"), _escaped(container)))
    if publisher := _line(entry.get("publisher")):
        fields.append((_PUBLISHERS.get(name, "publisher"), _escaped(publisher)))
    for variable, field in (("issued", "date"), ("accessed", "urldate")):
        if date := _date(entry.get(variable)):
            fields.append((field, date))
    if kind in _SUBTYPES:
        fields.append(("entrysubtype", _SUBTYPES[kind]))
    key = _NO_KEY.sub("-", str(entry.get("id", ""))).strip("-") or "entry"
    body = "".join(f"  {field} = {{{value}}},\n" for field, value in dict(fields).items())
    return f"@{name}{{{key},\n{body}}}\n"


def _line(value: Any) -> str:
    """A value as one line of text whose braces pair; empty where there is none."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text)


def _people(names: Any) -> str:
    found = []
    for person in names if isinstance(names, Sequence) and not isinstance(names, str) else ():
        if not isinstance(person, Mapping):
            continue
        literal = _line(person.get("literal"))
        family, given = _line(person.get("family")), _line(person.get("given"))
        particle = _line(person.get("non-dropping-particle"))
        if literal == "et al.":
            found.append("others")
        elif literal or not family or not given:
            found.append(f"{{{_escaped(literal or family or given)}}}")
        else:
            last = f"{_escaped(particle)} {{{_escaped(family)}}}" if particle else f"{{{_escaped(family)}}}"
            found.append(f"{last}, {_escaped(given)}")
    return " and ".join(name for name in found if name != "{}")


def _date(value: Any) -> str:
    """EDTF of a CSL date."""
    if not isinstance(value, Mapping):
        return ""
    if isinstance(value.get("literal"), str):
        return _line(value["literal"])
    try:
        ends = [[int(part) for part in end[:3]] for end in value["date-parts"] if end]
    except (KeyError, TypeError, ValueError):
        return ""
    mark = "~" if value.get("circa") else ""
    return "/".join("-".join([f"{end[0]:04d}", *(f"{part:02d}" for part in end[1:])]) + mark for end in ends[:2])
