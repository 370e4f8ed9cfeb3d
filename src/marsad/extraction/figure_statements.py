"""Proposed figures as statements that may be compared with one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marsad.extraction.figure_context import CARRIED
from marsad.extraction.figure_words import figure_words
from marsad.extraction.proposal import Proposal, Slot
from marsad.extraction.words import tokenise
from marsad.model import Date, Kind, Quantity, Statement

__all__ = ["figure_statements"]

_COUNTED = frozenset(
    {"attacks", "incidents", "killed", "injured", "casualties", "fighters", "returned", "deported", "displaced"}
    | {"to_be_expelled", "refugees", "undocumented"}
)
_LASTING = frozenset({"length", "completion"})
_HARM = frozenset({"killed", "injured", "casualties"})
_LONG = 45
_TELLING = 1000
_TIMELESS = frozenset({"returned", "deported", "displaced", "to_be_expelled", "refugees", "undocumented"})
_ONCE = ("measure", "value", "unit", "period", "reported_by", "record_in", "compared_to")
_MANY = ("area", "actor", "target")


def figure_statements(proposals: Sequence[Proposal], source: str) -> tuple[Statement, ...]:
    """The statements of the proposed figures that say of what they are, so that others can contradict them.

    A figure without a period of its own, unless what it measures lasts, is left out, and so are words for numbers,
    shares and parts of which only the words are narrower than their whole: nothing can be held against them.
    Definitions that differ only in words that say nothing of the counting become one.

    Args:
        proposals: proposals; those of other kinds are passed over.
        source: the citation key of the document.

    Returns:
        Statements whose record and subject are the proposal's identifier. Their source is the publication that the text
        cites for the figure; none where it only names an organisation that counted; else the document itself.
    """
    figures = {proposal.id: proposal for proposal in proposals if proposal.kind is Kind.FIGURE}
    definitions: dict[tuple[str, ...], str] = {}
    found: list[Statement] = []
    for proposal in figures.values():
        if not _is_comparable(proposal) or _is_slice(proposal, figures.get(proposal.value("whole"))):
            continue
        key = _way(proposal)
        definition = definitions.setdefault(key, proposal.value("definition") if key[1:] else _plain_name(proposal))
        found += _statements(proposal, definition, source)
    return tuple(found)


def _is_comparable(proposal: Proposal) -> bool:
    """Whether it says for what it stands: a number, of a period of its own or of something that lasts."""
    measure, unit = proposal.value("measure"), proposal.value("unit")
    value = Quantity.parse(proposal.value("value"))
    if value.best is None and value.high is None:
        return False
    if measure in _LASTING:
        return bool(_own(proposal, "area"))
    if measure not in _COUNTED or unit not in {"count", "persons", "percent_change"}:
        return False
    if periods := _own(proposal, "period"):
        return _is_of_period(proposal, Date.parse(periods[0].value))
    is_many = value.low is not None and value.low >= _TELLING
    return is_many and measure in _TIMELESS and not any(slot.rule == CARRIED for slot in _own(proposal, "area"))


def _is_of_period(proposal: Proposal, period: Date) -> bool:
    """Whether it counts over a period: no day, and a toll only where acts, a counter or a long time are named."""
    if period.is_day:
        return False
    if (
        proposal.value("measure") not in _HARM
        or proposal.values("reported_by")
        or " in " in proposal.value("definition")
    ):
        return True
    return period.earliest is None or period.latest is None or (period.latest - period.earliest).days > _LONG


def _own(proposal: Proposal, name: str) -> list[Slot]:
    """The slots of a name that the sentence itself gives; of a place also what the paragraph gives."""
    slots = [slot for slot in proposal.slots if slot.name == name]
    return slots if name == "area" else [slot for slot in slots if slot.rule != CARRIED]


def _is_slice(proposal: Proposal, whole: Proposal | None) -> bool:
    """Whether only its words make it narrower than its whole."""
    if whole is None:
        return False
    return all(proposal.values(name) == whole.values(name) for name in (*_MANY, "measure", "period"))


def _way(proposal: Proposal) -> tuple[str, ...]:
    """How it was counted: the telling words of its definition, without names and nouns of its measure."""
    words = figure_words()
    names = {
        token.low
        for slot in proposal.slots
        if slot.name in {"actor", "area", "reported_by"}
        for token in (*tokenise(slot.text, 0, len(slot.text)), *tokenise(slot.value, 0, len(slot.value)))
    }
    definition = proposal.value("definition")
    telling = {
        token.low
        for token in tokenise(definition, 0, len(definition))
        if token.is_word
        and token.low not in words.plain
        and token.low not in names
        and token.low not in words.rise | words.fall
        and not (token.is_capital and token.start > 0)
        and not token.low[0].isdigit()
        and (proposal.value("measure") in _LASTING or words.nouns.get(token.low) != proposal.value("measure"))
    }
    return (proposal.value("measure"), *sorted(telling))


def _plain_name(proposal: Proposal) -> str:
    """The name of what is counted where its words tell nothing else."""
    measure = proposal.value("measure")
    return {"killed": "deaths", "injured": "injuries"}.get(measure, measure.replace("_", " "))


def _statements(proposal: Proposal, definition: str, source: str) -> Iterator[Statement]:
    teller = proposal.cited[0] if proposal.cited else "" if proposal.values("reported_by") else source
    cells = [(name, proposal.value(name)) for name in _ONCE]
    cells += [(name, value) for name in _MANY for value in dict.fromkeys(proposal.values(name))]
    cells.append(("definition", definition))
    carried = {slot.name for slot in proposal.slots if slot.rule == CARRIED and slot.name == "period"}
    for name, value in cells:
        if not value or name in carried:
            continue
        yield Statement(
            kind=Kind.FIGURE,
            subject=proposal.id,
            record=proposal.id,
            property=name,
            value=value,
            unit=proposal.value("unit") if name == "value" else "",
            source=teller,
            via="" if teller == source else source,
            locator=f"page {proposal.page}" if proposal.page else "",
            origin=f"offset {proposal.start}",
        )
