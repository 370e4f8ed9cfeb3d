"""A model's records against the text: what is found in it verbatim becomes a proposal, all else is rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue, ValidationError

from marsad.documents.folding import Folded, fold_print
from marsad.extraction.llm.prompt import Passage
from marsad.extraction.llm.schema import ReplyRecord, ReplySlot, faults_of, slots
from marsad.extraction.llm.values import Reader, RefusedError
from marsad.extraction.proposal import Proposal, Slot
from marsad.model import Kind
from marsad.model.statement import Frozen

__all__ = ["LlmRejection", "Verified", "verify"]


class LlmRejection(Frozen):
    """What a model proposed and the text does not bear out.

    Attributes:
        reason: why it is rejected, for people.
        start, end: the passage that was sent.
        kind, quote: of the record, as the model gave them; empty where the record could not be read.
        slot, value, words: of the slot, likewise; empty where the whole record is rejected.
    """

    reason: str
    start: int
    end: int
    kind: str = ""
    quote: str = ""
    slot: str = ""
    value: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of the records of one passage."""

    proposals: tuple[Proposal, ...]
    rejected: tuple[LlmRejection, ...]


def verify(records: Sequence[JsonValue], *, passage: Passage, reader: Reader, coder: str) -> Verified:
    """Hold the records of an answer against the passage that was sent.

    Args:
        records: as the model gave them.
        passage: what was sent.
        reader: the document, and what holds values against it.
        coder: who proposes.

    Returns:
        The proposals in the order of the answer. One that lies in the context alone is left to the passage before.
    """
    sent = _Sent(passage, reader)
    proposals: dict[str, Proposal] = {}
    rejected: list[LlmRejection] = []
    for each in records:
        try:
            record = ReplyRecord.model_validate(each)
        except ValidationError as error:
            rejected.append(_rejection(passage, f"not in the form that was asked for: {faults_of(error)}"))
            continue
        try:
            proposal = _proposal(record, sent, coder, rejected)
        except RefusedError as error:
            rejected.append(_rejection(passage, str(error), record))
            continue
        if proposal.id in proposals:
            rejected.append(_rejection(passage, "the answer has it twice", record))
        proposals.setdefault(proposal.id, proposal)
    return Verified(tuple(proposals.values()), tuple(rejected))


def _rejection(
    passage: Passage, reason: str, record: ReplyRecord | None = None, slot: ReplySlot | None = None
) -> LlmRejection:
    return LlmRejection(
        reason=reason,
        start=passage.core,
        end=passage.end,
        kind=record.kind if record else "",
        quote=record.quote if record else "",
        slot=slot.name if slot else "",
        value=str(slot.value) if slot else "",
        words=slot.words if slot else "",
    )


@dataclass(frozen=True)
class _Sent:
    """The passage that was sent, and what holds answers against it."""

    passage: Passage
    reader: Reader

    @cached_property
    def text(self) -> str:
        return self.reader.document.text[self.passage.start : self.passage.end]

    @cached_property
    def _folded(self) -> Folded:
        return fold_print(self.text)

    def places(self, words: str) -> Iterator[tuple[int, int]]:
        """Where words stand in the document, white space and typographic marks aside; never in the middle of a word."""
        needle = fold_print(words).text.strip()
        at = self._folded.text.find(needle) if needle else -1
        while at >= 0:
            start, end = self._folded.origin(at, at + len(needle))
            if not (self._cuts(start) or self._cuts(end)):
                yield self.passage.start + start, self.passage.start + end
            at = self._folded.text.find(needle, at + 1)

    def _cuts(self, at: int) -> bool:
        """Whether a place parts a number or a word of a script with capitals; others glue particles to their words."""
        if not 0 < at < len(self.text):
            return False
        before, after = self.text[at - 1], self.text[at]
        return (before.isdigit() and after.isdigit()) or (_has_case(before) and _has_case(after))


def _has_case(char: str) -> bool:
    return char.lower() != char.upper()


def _proposal(record: ReplyRecord, sent: _Sent, coder: str, rejected: list[LlmRejection]) -> Proposal:
    """The proposal of a record; raises ``RefusedError``. Slots that fail are added to those rejected."""
    kind = Kind(record.kind)
    places = list(sent.places(record.quote))
    if not places:
        raise RefusedError("the quote does not stand in the text verbatim")
    quote = next((place for place in places if place[1] > sent.passage.core), None)
    if quote is None:
        raise RefusedError("the quote stands in the context alone, which belongs to the passage before")
    found: list[Slot] = []
    for each in record.slots:
        try:
            found.append(_slot(each, kind, quote, sent, found))
        except RefusedError as error:
            rejected.append(_rejection(sent.passage, str(error), record, each))
    order = list(slots(kind))
    missing = [name for name in order if slots(kind)[name].required and name not in {slot.name for slot in found}]
    if missing:
        raise RefusedError(f"it has no {' or '.join(missing)} that stands")
    found.sort(key=lambda slot: (order.index(slot.name), slot.start, slot.value))
    shown = sent.reader.document.quote(*quote)
    return Proposal(
        kind=kind,
        start=quote[0],
        end=quote[1],
        text=shown.text,
        slots=tuple(found),
        coder=coder,
        page=shown.page,
        section=shown.section,
    )


def _slot(given: ReplySlot, kind: Kind, quote: tuple[int, int], sent: _Sent, others: Iterable[Slot]) -> Slot:
    """A slot whose words stand in the text and say its value; raises ``RefusedError``."""
    field = slots(kind).get(given.name)
    if field is None:
        raise RefusedError(f"{given.name[:40]!r} is no slot of a record of the kind {kind.value}")
    place = _nearest(sent.places(given.words), quote)
    if place is None:
        raise RefusedError("the words do not stand in the text verbatim")
    if field.required and not (quote[0] <= place[0] and place[1] <= quote[1]):
        raise RefusedError("the words of a required slot stand outside of the quote")
    checked = sent.reader.check(field, str(given.value).strip(), *place)
    known = [slot.value for slot in others if slot.name == field.name]
    if checked.value in known:
        raise RefusedError("the answer has this value twice")
    if known and not field.is_list:
        raise RefusedError(f"there can be only one {field.name}, and it is {known[0]!r} already")
    start, end = place
    return Slot(
        name=field.name,
        value=checked.value,
        start=start,
        end=end,
        text=sent.reader.document.text[start:end],
        rule=checked.rule,
    )


def _nearest(places: Iterable[tuple[int, int]], quote: tuple[int, int]) -> tuple[int, int] | None:
    """Of several places the first within the quote, else the one nearest to it."""

    def distance(place: tuple[int, int]) -> tuple[int, int]:
        return max(0, quote[0] - place[0], place[1] - quote[1]), place[0]

    return min(places, key=distance, default=None)
