"""The reference list of a document, entry by entry."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from string import ascii_lowercase

from marsad.citations.entries import parse_entry
from marsad.citations.lists import list_blocks, raw_entries
from marsad.citations.model import Reference
from marsad.citations.names import compact
from marsad.citations.words import words
from marsad.documents import Document

__all__ = ["find_references", "same_work", "with_keys"]

_MOST = 50


def find_references(document: Document) -> tuple[Reference, ...]:
    """Every entry of a document's reference lists, in order, with its parts and its key."""
    found: list[Reference] = []
    for blocks in list_blocks(document):
        for raw in raw_entries(document, blocks):
            text = document.text[raw.start : raw.end]
            entry = parse_entry(text, raw.start, raw.end)
            faults = ("merged", *entry.faults) if raw.is_merged else entry.faults
            found.append(replace(entry, faults=faults, block_start=raw.block_start, block_end=raw.block_end))
    return with_keys(_spelled_out(found))


def _spelled_out(entries: Sequence[Reference]) -> list[Reference]:
    """Entries whose dash for the same author (``———. 2020.``) is replaced by the names of the entry before."""
    found: list[Reference] = []
    for entry in entries:
        if found and not entry.names and re.match(r"[-–—_]{2,}", entry.text):
            found.append(
                replace(entry, names=found[-1].names, csl={**entry.csl, "author": found[-1].csl.get("author", [])})
            )
        else:
            found.append(entry)
    return found


def with_keys(entries: Iterable[Reference]) -> tuple[Reference, ...]:
    """The entries with their keys: first family name and year, and a letter where several works share them.

    Printed suffixes are kept; two entries of one work have one key.
    """
    entries = list(entries)
    groups: dict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(entries):
        if not entry.key:
            groups[_stem(entry)].append(at)
    for stem, places in groups.items():
        works: list[list[int]] = []
        for at in places:
            twin = next((work for work in works[-_MOST:] if same_work(entries[work[0]], entries[at])), None)
            if twin is None:
                works.append([at])
            else:
                twin.append(at)
        taken = {entries[work[0]].suffix for work in works}
        free = (letters for letters in _letters() if letters not in taken)
        for work in works:
            letter = entries[work[0]].suffix or (next(free) if len(works) > 1 else "")
            for at in work:
                entries[at] = replace(entries[at], key=f"{stem}{letter}")
    return tuple(entries)


def _letters() -> Iterable[str]:
    yield from ascii_lowercase
    yield from (first + second for first in ascii_lowercase for second in ascii_lowercase)
    number = 0
    while True:
        number += 1
        yield f"-{number}"


def _stem(entry: Reference) -> str:
    year = str(entry.year) if entry.year is not None else "nd"
    if entry.names:
        family = entry.names[0].family
        name = (
            compact(family) if len(family.split()) < 4 else "".join(compact(word)[:12] for word in family.split()[:3])
        )
    else:
        skip = words("connectors") | {"a", "an"}
        name = next(
            (compact(word) for word in entry.title.split() if compact(word) and word.casefold() not in skip), ""
        )
    return f"{name or 'entry'}{year}"


def same_work(one: Reference, other: Reference) -> bool:
    """Whether two entries are of one work: the same first author, the same title, and years that do not differ."""
    if one.year != other.year or (one.suffix and other.suffix and one.suffix != other.suffix):
        return False
    if one.date and other.date and one.date.is_day and other.date.is_day and one.date != other.date:
        return False
    if not one.names and not other.names and one.date and other.date and not one.date.overlaps(other.date):
        return False
    if [compact(name.family) for name in one.names[:1]] != [compact(name.family) for name in other.names[:1]]:
        return False
    left, right = compact(one.title), compact(other.title)
    return bool(left) and (
        left == right or (len(left) > 25 and len(right) > 25 and (left.startswith(right) or right.startswith(left)))
    )
