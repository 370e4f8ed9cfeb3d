"""Citations, references and what joins them: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marsad.model import Date

__all__ = ["Citation", "Link", "Name", "Reference"]


@dataclass(frozen=True, slots=True)
class Name:
    """A person, or an organisation, which has no given name.

    Attributes:
        family: family name with its particles, or the whole name of an organisation, as printed.
        given: given names or initials, as printed.
        is_organisation: whether it is no person.
    """

    family: str
    given: str = ""
    is_organisation: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """One work cited in one place of the text.

    Attributes:
        start, end: its place: from the first name to the year and its locator.
        names: the names as written, without initials; empty for a numeric citation.
        initials: of the first name, as written.
        others: whether ``et al.`` stands behind the names.
        year: the year; None for ``n.d.``, ``in press`` and numeric citations.
        suffix: the letter behind the year.
        status: ``n.d.``, ``in press``, ``forthcoming``, ``undated`` (names in a bracket alone), or empty.
        date: the full date where one is written, with its own precision.
        locator: pages or the like, as written.
        number: of a numeric citation.
        style: ``author-year`` or ``numeric``.
        is_narrative: whether the names stand in the sentence and only the year in brackets.
        is_title: whether the name is a title in quotation marks.
        has_comma: whether a comma stands between names and year.
        group_start, group_end: the whole bracket, and the names before it where they are outside.
        is_second_hand: whether it is cited from another work, which alone need be listed (``as cited in``).
        is_certain: whether it is a citation by its form alone; an uncertain one is kept only if a listed work fits it.
    """

    start: int
    end: int
    names: tuple[str, ...] = ()
    initials: str = ""
    others: bool = False
    year: int | None = None
    suffix: str = ""
    status: str = ""
    date: Date | None = None
    locator: str = ""
    number: int | None = None
    style: str = "author-year"
    is_narrative: bool = False
    is_title: bool = False
    has_comma: bool = True
    group_start: int = 0
    group_end: int = 0
    is_second_hand: bool = False
    is_certain: bool = True

    @property
    def label(self) -> str:
        """The citation in its plainest form, ``Khan & Ali, 2021a``."""
        if self.number is not None:
            return f"[{self.number}]"
        joined = " & ".join([", ".join(self.names[:-1]), self.names[-1]] if len(self.names) > 1 else self.names)
        names = f"{joined} et al." if self.others else joined
        year = f"{self.year}{self.suffix}" if self.year is not None else self.status
        return f"{names}, {year}" if year and year != "undated" else names


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a reference list.

    Attributes:
        start, end: its place in the document; both 0 for an entry of a bibliography file.
        text: the entry as plain text on one line.
        key: citation key, ``khan2021a``; two entries of one work share it.
        number: its number in a numbered list.
        names: authors, or editors where there is no author.
        others: whether ``et al.`` stands behind the names.
        year: year of publication.
        suffix: the letter behind it, as printed.
        status: ``n.d.``, ``in press``, ``forthcoming``, or empty.
        date: date of publication with its own precision.
        title: its title, empty where none was found.
        csl: the entry as CSL-JSON.
        faults: what is wrong with the entry, in words; ``merged`` and ``unparsed`` stand for themselves.
        block_start, block_end: the block that it shares with another entry where it is merged.
    """

    start: int
    end: int
    text: str
    key: str = ""
    number: int | None = None
    names: tuple[Name, ...] = ()
    others: bool = False
    year: int | None = None
    suffix: str = ""
    status: str = ""
    date: Date | None = None
    title: str = ""
    csl: Mapping[str, Any] = field(default_factory=dict, compare=False)
    faults: tuple[str, ...] = ()
    block_start: int = 0
    block_end: int = 0

    @property
    def is_listed(self) -> bool:
        """Whether it stands in the document."""
        return self.end > self.start

    @property
    def label(self) -> str:
        """Names and year, ``Khan & Ali, 2021a``; the first words of its title where it has no names."""
        names = [name.family for name in self.names]
        shown = f"{names[0]} et al." if len(names) > 2 or (names and self.others) else " & ".join(names)
        if not names:
            words = self.title.split()
            shown = "“" + " ".join(words[:6]) + ("…" if len(words) > 6 else "") + "”"
        year = f"{self.year}{self.suffix}" if self.year is not None else self.status or "no date"
        return f"{shown}, {year}"


@dataclass(frozen=True, slots=True)
class Link:
    """A citation and the works that it may mean.

    Attributes:
        citation: the citation.
        references: one entry for each work that fits; empty where none does.
        how: why they fit: ``names and year``, or the variant through which they do.
        is_variant: whether they fit only through a variant of the name.
        near: an entry that comes near where none fits.
        near_why: why it is near.
    """

    citation: Citation
    references: tuple[Reference, ...] = ()
    how: str = ""
    is_variant: bool = False
    near: Reference | None = None
    near_why: str = ""

    @property
    def key(self) -> str:
        """The key of the one work that is meant; empty where there is none or more than one."""
        return self.references[0].key if len(self.references) == 1 else ""
