"""The levels of headings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from marsad.documents.document import BlockKind
from marsad.documents.parts import Part
from marsad.documents.patterns import depth_of_number, is_capitals, is_chapter

__all__ = ["levelled"]


def levelled(parts: list[Part]) -> list[Part]:
    """The parts with a level for every heading.

    The levels of the format are kept where they go down with the numbers of the headings; a heading to which the
    format gives none has then that of the headings with as many numbers, or else of the heading before it. Otherwise
    ``CHAPTER TWO`` is of level 1, the title right after it of level 2, ``2.1`` as deep as it has numbers (one deeper
    under chapters), an enumerated line one deeper than what is above it, and a heading without a number of level 1,
    or, in small letters under a chapter, as deep as that chapter's first sections.
    """
    headings = [part for part in parts if part.kind is BlockKind.HEADING]
    given = [part for part in headings if part.level]
    if len(given) == len(headings) and _agree(given):
        return parts
    title = any(is_chapter(one.text) and not two.level for one, two in pairwise(parts) if two.kind is BlockKind.HEADING)
    if given and not title and _agree(given):
        return _filled(parts, _by_depth(given))
    return _told(parts, chapters=any(is_chapter(part.text) for part in headings))


def _depth(part: Part) -> int | None:
    return 0 if is_chapter(part.text) else depth_of_number(part.text) or None


def _by_depth(headings: list[Part]) -> dict[int, set[int]]:
    """Of each depth of numbers the levels that the format gives."""
    levels: dict[int, set[int]] = {}
    for part in headings:
        if (depth := _depth(part)) is not None:
            levels.setdefault(depth, set()).add(part.level)
    return levels


def _agree(headings: list[Part]) -> bool:
    """Whether the format's levels go down with the numbers of the headings."""
    levels = _by_depth(headings)
    ordered = [levels[depth] for depth in sorted(levels)]
    return all(len(one) == 1 for one in ordered) and all(min(two) > max(one) for one, two in pairwise(ordered))


def _filled(parts: list[Part], levels: dict[int, set[int]]) -> list[Part]:
    done: list[Part] = []
    above = 1
    for part in parts:
        if part.kind is BlockKind.HEADING:
            known = levels.get(_depth(part) or -1, {above})
            above = part.level or min(known)
            done.append(replace(part, level=above))
        else:
            done.append(part)
    return done


@dataclass
class _Teller:
    """Tells levels one heading after the other.

    Attributes:
        chapters: whether the document has chapters, which are of level 1.
        above: the heading above.
        bare: the level of the last heading without a number.
        single: the level of headings with a single number.
        begun: whether a heading numbered 1 has been seen.
    """

    chapters: bool
    above: Part | None = None
    bare: int = 0
    single: int = 1
    begun: bool = False

    def tell(self, part: Part, *, after_chapter: bool) -> Part:
        """A heading with its level; whether it stands right after that of a chapter."""
        self.above = replace(part, level=2 if after_chapter else self._level(part))
        if not part.label:
            self.bare = self.above.level
        return self.above

    def _level(self, part: Part) -> int:
        if is_chapter(part.text):
            return 1
        depth = depth_of_number(part.text)
        if depth == 1:
            return self._of_single(part)
        if depth:
            return depth + self.chapters
        if part.label and self.above is not None:
            enumerated = bool(self.above.label) and not self.above.label.isdigit()
            return self.above.level if enumerated else self.above.level + 1
        if not self.chapters:
            return max(part.level, 1)
        return 1 if self.above is None or is_capitals(part.text) else 3

    def _of_single(self, part: Part) -> int:
        """One number: under chapters 2; otherwise 1, or, where the numbers begin anew, under the bare heading above."""
        if self.chapters:
            return 2
        if part.label == "1":
            self.single = self.bare + 1 if self.begun else 1
            self.begun = True
        return self.single


def _told(parts: list[Part], *, chapters: bool) -> list[Part]:
    teller = _Teller(chapters)
    done: list[Part] = []
    for part in parts:
        before = done[-1] if done else None
        after_chapter = before is not None and before is teller.above and is_chapter(before.text)
        heading = part.kind is BlockKind.HEADING
        done.append(teller.tell(part, after_chapter=after_chapter and not is_chapter(part.text)) if heading else part)
    return done
