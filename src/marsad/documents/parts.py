"""What the readers of all formats hand over: the parts of a document in order, before its structure is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from marsad.documents.document import BlockKind

__all__ = ["Part", "Reading"]


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph, heading, item, row … as a format has it.

    Attributes:
        text: one line of canonical characters; page breaks and hyphens at line ends are still marked in it.
        kind: what the format says it is; None where it only says that it is a paragraph.
        level: of a heading or item, its depth from 1 where the format says it; otherwise 0.
        label: number or mark that stands before it and is part of the text; of a bullet, that was before it.
        page: index of the page on which it begins, from 0.
        open: whether the format says that it goes on with the next part, on the next page.
        whole: whether the format vouches that the part is a whole paragraph; otherwise a page break may have cut it.
    """

    text: str
    kind: BlockKind | None = None
    level: int = 0
    label: str = ""
    page: int = 0
    open: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All parts of one file.

    Attributes:
        parts: in order; notes stand at the end.
        page_labels: the printed label of each page, empty where none is; no entries for a format without pages.
        title: title that the file itself states; empty where none.
        notices: what a reader should know.
    """

    parts: list[Part]
    page_labels: list[str] = field(default_factory=list)
    title: str = ""
    notices: list[str] = field(default_factory=list)
