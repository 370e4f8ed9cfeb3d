"""The texts and answer keys of MUC-4, as they were published.

A key is a list of templates. A line of a template is a slot and one fill; further fills of the slot stand on indented
lines. A fill is ``"STRING" / "OTHER WORDS FOR IT"``, ``VALUE / OTHER VALUE: "STRING"``, a date or a place; ``?`` before
it makes it optional, ``-`` stands for none and ``*`` for a slot that does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SLOTS", "Fill", "Story", "Template", "read_keys", "read_stories"]

SLOTS = {
    2: "date",
    3: "location",
    4: "type",
    5: "stage",
    9: "perpetrator",
    10: "organisation",
    12: "object",
    13: "object_type",
    18: "name",
    19: "description",
    20: "victim_type",
    21: "number",
    23: "effect",
}
"""The slots that the scoring looks at, by their number in the key."""

_SLOT_LINE = re.compile(r"(\d{1,2})\.\s+[A-Z]+(?: TGT)?:[A-Z ]*?(?:\s{2,}|\s*$)(.*)")
_HEADER = re.compile(r"(?:DEV|TST\d)-MUC[34]-\d{4}")
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[/:?]|[^"/:?\s][^"/:?]*')
_SIGNS = frozenset("/?:")
_STRINGS = frozenset({"perpetrator", "organisation", "object", "name"})


@dataclass(frozen=True, slots=True)
class Fill:
    """One fill of a slot.

    Attributes:
        values: the values that are right; any of them.
        refs: the words that it is about, any of them; empty for a fill that is about the incident.
        optional: whether it need not be given.
    """

    values: tuple[str, ...]
    refs: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What a key or a system says of one incident of a story; a slot that it does not fill is not in ``slots``."""

    story: str
    slots: dict[str, tuple[Fill, ...]]
    optional: bool = False

    def fills(self, slot: str) -> tuple[Fill, ...]:
        """The fills of a slot."""
        return self.slots.get(slot, ())


@dataclass(frozen=True, slots=True)
class Story:
    """One news story: its name (``DEV-MUC3-0001``) and what stands below its first line."""

    name: str
    text: str


def read_stories(path: Path) -> tuple[Story, ...]:
    """The stories of a file."""
    text = path.read_text(encoding="latin-1").replace("\r\n", "\n")
    starts = list(re.finditer(rf"^{_HEADER.pattern}.*$", text, re.MULTILINE))
    ends = [found.start() for found in starts[1:]] + [len(text)]
    return tuple(
        Story(_HEADER.match(found[0])[0], text[found.end() : end].strip())  # type: ignore[index]
        for found, end in zip(starts, ends, strict=True)
    )


def read_keys(path: Path) -> dict[str, tuple[Template, ...]]:
    """The templates of a file by story; a story about nothing relevant has none."""
    found: dict[str, list[Template]] = {}
    for slots in _raw_templates(path.read_text(encoding="latin-1").replace("\r\n", "\n")):
        name = _HEADER.search(slots[0][0])
        if name is None:
            continue
        templates = found.setdefault(name[0], [])
        number = slots.get(1, ["*"])[0]
        if number.strip().startswith("*"):
            continue
        filled = {slot: _fills(slot, slots.get(index, [])) for index, slot in SLOTS.items()}
        templates.append(
            Template(name[0], {slot: fills for slot, fills in filled.items() if fills}, "OPTIONAL" in number)
        )
    return {name: tuple(templates) for name, templates in found.items()}


def _raw_templates(text: str) -> Iterator[dict[int, list[str]]]:
    """The lines of each template by the number of their slot."""
    current: dict[int, list[str]] = {}
    slot = -1
    for line in text.split("\n"):
        if line.lstrip().startswith(";"):
            continue
        if begun := _SLOT_LINE.match(line):
            slot = int(begun[1])
            if slot == 0:
                if current:
                    yield current
                current = {}
            current.setdefault(slot, []).append(begun[2])
        elif line.startswith(" ") and line.strip() and slot > 0:
            current[slot].append(line)
    if current:
        yield current


def _fills(slot: str, lines: list[str]) -> tuple[Fill, ...]:
    return tuple(fill for line in lines if (fill := _fill(slot, line.strip())))


def _fill(slot: str, line: str) -> Fill | None:
    if line in ("", "-", "*"):
        return None
    if slot in ("date", "location"):
        values = tuple(_alternatives(line.lstrip("? ")))
        kept = tuple(value for value in values if value not in ("", "-", "*"))
        return Fill(kept, optional=line.startswith("?") or len(kept) < len(values)) if kept else None
    tokens = _TOKEN.findall(line)
    before = tokens[: tokens.index(":")] if ":" in tokens else tokens
    after = tokens[tokens.index(":") + 1 :] if ":" in tokens else []
    values = tuple(_bare(part) for part in before if part not in _SIGNS and part.strip() not in ("-", "*"))
    refs = tuple(_bare(part) for part in after if part not in _SIGNS)
    if not values:
        return None
    optional = "?" in before or any(part.strip() == "-" for part in before)
    if slot in _STRINGS:
        return Fill((*values, *refs), optional=optional)
    return Fill(values, refs or (values if slot == "description" else ()), optional)


def _alternatives(text: str) -> Iterator[str]:
    """What stands between slashes that are not in brackets, without brackets around the whole of it."""
    depth, part = 0, ""
    for sign in text + "/":
        if sign == "/" and depth <= 0:
            yield part.strip().removeprefix("(").removesuffix(")") if part.strip().startswith("(") else part.strip()
            depth, part = 0, ""
        else:
            depth += (sign == "(") - (sign == ")")
            part += sign


def _bare(token: str) -> str:
    return token.strip().strip('"').replace('\\"', '"').strip()
