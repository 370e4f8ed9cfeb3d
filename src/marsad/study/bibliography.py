"""Reading ``sources.bib``: BibLaTeX entries with the fields ``kind`` and ``reliability`` of a study."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from marsad.errors import ParseError
from marsad.model import Reliability, Source, SourceKind
from marsad.study.csl import MAX_BRACES, TYPES, decode, issued, names, plain, to_csl
from marsad.study.faults import At, Faults, meant, shown

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry

__all__ = ["FIELDS", "WEB_REMEDY", "is_web_address", "read_sources"]

FIELDS = {
    "title": "its title (required)",
    "author": "names, joined by `and`; an organisation in a second pair of braces: `{{Human Rights Watch}}`",
    "date": "when it was published (EDTF); or `year` with `month`; leave it out where it bears none",
    "kind": "`primary` or `secondary` (required)",
    "reliability": "`A` to `F` on the Admiralty scale (required)",
    "listed": "how often it stands in the reference list of the study's document; leave out if not recorded",
    "citedas": "how the document cites it in the text, each form once, separated by `;`",
    "note": "remark of the coder; it is not printed in the reference",
}
"""The fields with a meaning of their own in a study, and what they hold."""

WEB_REMEDY = "Write the whole address: https://..."
"""How to mend an address on the web."""

_WEB = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(\.\d+)*/\S+")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:.+/-]*")
_NO_KEY = re.compile(r"@\w+\s*[{(]\s*\w+\s*=")
_BLOCK = re.compile(r"^[ \t]*@\w+", re.MULTILINE)


def is_web_address(text: str) -> bool:
    """Whether a text is an address that begins with http:// or https://."""
    return _WEB.fullmatch(text) is not None


def read_sources(file: str, text: str, faults: Faults) -> tuple[dict[str, Source], frozenset[str] | None]:
    """The sources by key, and every key that could be made out, even of a faulty entry.

    The keys are None where a block is so broken that its key is lost.
    """
    from bibtexparser import entrypoint  # noqa: PLC0415 - slow to import

    # The library warns of each broken block on standard error; they are faults here.
    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
    reader = _Reader(file, text.split("\n"), faults)
    library = entrypoint.parse_string(text)
    sources = dict(reader.sources(library.blocks))
    return sources, None if reader.has_lost_keys else frozenset(reader.keys)


class _Reader:
    """Turns blocks into sources and notes what is wrong with them."""

    def __init__(self, file: str, lines: list[str], faults: Faults) -> None:
        self._file = file
        self._lines = lines
        self._faults = faults
        self.keys: dict[str, int] = {}
        self.has_lost_keys = False

    def sources(self, blocks: list[Block]) -> Iterator[tuple[str, Source]]:
        """Each entry that has no fault, by key."""
        was_broken = False
        for block in blocks:
            broken = getattr(block, "error", None) is not None
            entry: Any = getattr(block, "ignore_error_block", None) or block
            if hasattr(entry, "entry_type"):
                yield from self._entry(entry, block)
            elif broken:
                self._broken(block)
            elif type(block).__name__ == "ImplicitComment":
                self._comment(block, is_remnant=was_broken)
            was_broken = broken

    def _broken(self, block: Block) -> None:
        line = (block.start_line or 0) + 1
        raw = block.raw or ""
        key = re.match(r"@\w+\s*[{(]\s*([^\s,={}]+)\s*(?:,|$)", raw, re.MULTILINE)
        if key and not _NO_KEY.match(raw):
            self.keys.setdefault(key[1], line)
        if _NO_KEY.match(raw):
            self._no_key(line)
            return
        self.has_lost_keys = self.has_lost_keys or key is None
        reason = str(getattr(getattr(block, "error", None), "abort_reason", "")).strip().rstrip(".")
        name = f" {key[1]}" if key else ""
        self._faults.add(
            self._at(line, "@"),
            f"the entry{name} is broken: {reason or 'it cannot be read'}",
            "Close each brace and put a comma after each field",
        )

    def _comment(self, block: Block, *, is_remnant: bool) -> None:
        """Text outside of entries: an entry that lacks its braces, a comment, or what is left of a broken entry."""
        line = (block.start_line or 0) + 1
        text = str(getattr(block, "comment", ""))
        entry = _BLOCK.search(text)
        if entry:
            self.has_lost_keys = True
            line += text.count("\n", 0, entry.start())
            self._faults.add(self._at(line, "@"), "the entry has no braces", "Write @type{key, field = {value}, ...}")
        elif not is_remnant and not text.startswith(("%", "#", "//")):
            self._faults.warn(self._at(line, ""), "text outside of entries is not read", "Begin comments with %")

    def _no_key(self, line: int) -> None:
        self._faults.add(
            self._at(line, "@"), "the entry has no citation key", "Write one after the brace: @article{hussain2023, ..."
        )

    def _entry(self, entry: Entry, block: Block) -> Iterator[tuple[str, Source]]:
        line = (entry.start_line or 0) + 1
        key = entry.key
        if not key:
            self._no_key(line)
            return
        if not _KEY.fullmatch(key):
            self._faults.add(
                self._at(line, key),
                f"{shown(key)} is no citation key",
                "Use letters, digits and - _ : . + / without blanks",
            )
            return
        if key in self.keys:
            self._faults.add(
                self._at(line, key),
                f"the citation key {key!r} stands here a second time; first in line {self.keys[key]}",
                "Give this entry another key, or delete it",
            )
            return
        self.keys[key] = line
        twice = sorted(getattr(block, "duplicate_keys", ()))
        for name in twice:
            self._faults.add(self._at(line, key), f"the entry {key} has the field {name!r} twice", "Keep one of them")
        source = None if twice else self._source(entry, line)
        if source is not None:
            yield key, source

    def _source(self, entry: Entry, line: int) -> Source | None:
        fields = self._fields(entry)
        where = {field.key.lower(): self._at((field.start_line or 0) + 1, field.key) for field in entry.fields}
        at = self._at(line, entry.key)
        before = self._faults.count
        entry_type = entry.entry_type.lower()
        if entry_type not in TYPES:
            self._faults.add(at, f"@{entry_type} is no type of entry", meant(entry_type, TYPES, "take @misc"))
        for name in ("title", "kind", "reliability"):
            if not fields.get(name):
                self._faults.add(
                    where.get(name, at)._replace(field=name),
                    f"the entry {entry.key} has no {name}",
                    f"Add {name}: {FIELDS[name]}",
                )
        self._words(fields, where)
        self._values(fields, where)
        self._addresses(fields, where)
        if self._faults.count > before:
            return None
        return Source(
            key=entry.key,
            kind=SourceKind(fields["kind"]),
            reliability=Reliability(fields["reliability"]),
            issued=issued(fields),
            title=decode(fields["title"]),
            csl=to_csl(entry.key, entry_type, fields),
            listed=int(fields["listed"]) if fields.get("listed") else None,
            cited_as=tuple(part.strip() for part in decode(fields.get("citedas", "")).split(";") if part.strip()),
            note=decode(fields.get("note", "")),
        )

    def _fields(self, entry: Entry) -> dict[str, str]:
        """Raw values by name in small letters; notes macros that nobody defined."""
        found: dict[str, str] = {}
        for field in entry.fields:
            name, value = field.key.lower(), str(field.value)
            found[name] = value
            if field.enclosing == "no-enclosing" and name != "month":
                at = self._at((field.start_line or 0) + 1, field.key)
                self._faults.add(at, f"{shown(value)} is no defined @string", "Put the value into braces")
        return found

    def _words(self, fields: Mapping[str, str], where: Mapping[str, At]) -> None:
        for name, words in (("kind", list(SourceKind)), ("reliability", list(Reliability))):
            value = fields.get(name)
            if value and value not in list(words):
                known = [str(word) for word in words]
                self._faults.add(where[name], f"{shown(value)} is no {name}", f"Write one of {', '.join(known)}")

    def _values(self, fields: Mapping[str, str], where: Mapping[str, At]) -> None:
        """Notes a fault for each value that is not in its grammar."""
        listed = fields.get("listed")
        if listed and not (listed.isascii() and listed.isdigit() and len(listed) < 5):
            self._faults.add(where["listed"], f"{shown(listed)} is no count", "Write how often it is listed: 0, 1, 2")
        for name, value in fields.items():
            if value.count("{") > MAX_BRACES:
                remedy = "Take out the braces that it does not need"
                self._faults.add(where[name], f"the field has more than {MAX_BRACES} braces", remedy)
                continue
            try:
                if name in ("author", "editor", "translator"):
                    names(value)
                elif name in ("date", "urldate") and value:
                    issued({"date": value})
                else:
                    decode(value)
            except ParseError as error:
                self._faults.add(where[name], str(error), _REMEDIES.get(name, "Mend the field"))
        try:
            issued({name: value for name, value in fields.items() if name != "date"} if not fields.get("date") else {})
        except ParseError as error:
            self._faults.add(where["year"], str(error), _REMEDIES["date"])

    def _addresses(self, fields: Mapping[str, str], where: Mapping[str, At]) -> None:
        """Warns of addresses that lead nowhere."""
        url, doi = plain(fields.get("url", "")), plain(fields.get("doi", ""))
        if url and not is_web_address(url):
            self._faults.warn(where["url"], f"{shown(url)} is no address on the web", WEB_REMEDY)
        if doi and not _DOI.fullmatch(doi):
            self._faults.warn(where["doi"], f"{shown(doi)} is no DOI", "Write it as it is registered: 10.1000/182")

    def _at(self, line: int, words: str) -> At:
        """Place of some words in a line; its first character where they are not in it."""
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        name = words if words.isalpha() else ""
        return At(self._file, line, max(text.find(words), 0) + 1, name)


_REMEDIES = {
    "author": "Write names as 'Family, Given and Family, Given', and organisations in a second pair of braces",
    "date": "Write it as EDTF (2022, 2022-04, 2022-04-16), or leave the date out where the source bears none",
    "urldate": "Write it as EDTF: 2022-04-16",
}
_REMEDIES |= dict.fromkeys(("editor", "translator"), _REMEDIES["author"])
