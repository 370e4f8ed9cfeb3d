"""Proposals: what a machine reads in a text, before a person has looked at it."""

from __future__ import annotations

from functools import cached_property

from marsad.model import Kind, content_hash
from marsad.model.statement import Frozen

__all__ = ["Proposal", "Slot"]


class Slot(Frozen):
    """One property of a proposal, the words that it was read from, and the rule that read them.

    Attributes:
        name: property, as in the study folder's tables (``date``, ``place``, ``killed`` …).
        value: canonical text of the value, as in a statement.
        start, end: the words in the canonical text; equal where it follows from the absence of words.
        text: these words, verbatim.
        rule: why these words give this value, for people.
    """

    name: str
    value: str
    start: int
    end: int
    text: str
    rule: str


class Proposal(Frozen):
    """A record that a machine proposes.

    Attributes:
        kind: event or figure.
        start, end: the quote in the canonical text.
        text: the quote, verbatim.
        slots: its properties; a property may have several (two places).
        coder: who proposes: ``rules`` or the name of a model.
        event: of an event, identifier shared by all mentions in the document of what is taken for one event.
        page, section: where the quote stands, as in ``Quote``.
        cited: citation keys of the sources that the text names for it.
    """

    kind: Kind
    start: int
    end: int
    text: str
    slots: tuple[Slot, ...]
    coder: str = "rules"
    event: str = ""
    page: int | None = None
    section: str = ""
    cited: tuple[str, ...] = ()

    @cached_property
    def id(self) -> str:
        """The same proposal at the same place has the same identifier."""
        slots = (f"{slot.name}={slot.value}@{slot.start}-{slot.end}" for slot in self.slots)
        return content_hash(self.kind, self.coder, str(self.start), self.text, *slots)

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a property, in order."""
        return tuple(slot.value for slot in self.slots if slot.name == name)

    def value(self, name: str) -> str:
        """The first value of a property; empty where it has none."""
        return next(iter(self.values(name)), "")
