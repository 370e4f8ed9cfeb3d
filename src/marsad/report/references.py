"""The references of a report: the sources of a study in the style of the American Psychological Association."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from marsad.citations.apa import render_apa
from marsad.citations.from_csl import date_parts
from marsad.citations.remarks import times
from marsad.model import Source
from marsad.model.statement import Frozen

__all__ = ["Bibliography", "Reference", "bibliography"]

_PARTS_KNOWN = {"day": 3, "month": 2, "season": 1, "year": 1}


class Reference(Frozen):
    """One entry of the reference list.

    Attributes:
        key: citation key.
        in_text: the citation without its brackets, ``Hussain, 2023b``.
        entry: the entry as HTML that is safe to print as it is.
        remark: what is odd about it in the reference list of the study's document; empty where nothing is.
    """

    key: str
    in_text: str
    entry: str
    remark: str = ""


class Bibliography(Frozen):
    """The references in the order of the list: by names, year (undated first), date and title."""

    references: tuple[Reference, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Reference]:
        """References by citation key."""
        return {reference.key: reference for reference in self.references}

    def in_text(self, key: str) -> str:
        """The citation without its brackets; the key itself where there is no such source."""
        found = self.by_key.get(key)
        return found.in_text if found else key


def bibliography(sources: Mapping[str, Source]) -> Bibliography:
    """Citations and entries of these sources. It never fails: what citeproc cannot print is printed plainly."""
    remarks = {source.key: _remark(source) for source in sources.values()}
    return Bibliography(
        references=tuple(
            Reference(key=each.key, in_text=each.in_text, entry=each.entry, remark=remarks[each.key])
            for each in render_apa(_entry(source) for source in sources.values())
        )
    )


def _entry(source: Source) -> dict[str, Any]:
    """A source as CSL-JSON, its own title and date standing in for missing ones."""
    title = source.csl.get("title")
    issued = source.csl.get("issued")
    return {
        **source.csl,
        "id": source.key,
        "title": title if title and isinstance(title, str) else source.title,
        "issued": issued if date_parts(issued) else {"date-parts": [_date(source)]},
    }


def _date(source: Source) -> list[int]:
    """Year, month and day of publication as far as known; empty where there is none."""
    if source.issued is None or source.issued.earliest is None:
        return []
    first = source.issued.earliest
    return [first.year, first.month, first.day][: _PARTS_KNOWN.get(source.issued.precision, 0)]


def _remark(source: Source) -> str:
    if source.listed == 0:
        return "cited in the document, not in its reference list"
    if source.listed is not None and source.listed > 1:
        return f"stands {times(source.listed)} in the document's reference list"
    return ""
