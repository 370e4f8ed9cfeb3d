"""What the ledger holds: documents, what was proposed in them, and what people decided about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from marsad.model.statement import Frozen

__all__ = ["Decision", "Entry", "FiledDocument", "FiledProposal", "Review"]


class Decision(StrEnum):
    """What a person decides about a proposal."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"
    REOPENED = "reopened"


class FiledDocument(Frozen):
    """A document of the study: the citation key of its source, the hash of its bytes, who put it there and when."""

    source: str
    sha256: str
    name: str
    media_type: str
    author: str
    at: str


class FiledProposal(Frozen):
    """A proposal as the machine made it; ``content`` is the whole of it as JSON."""

    id: str
    source: str
    kind: str
    coder: str
    content: dict[str, Any]
    at: str = ""


class Review(Frozen):
    """A person's word on a proposal; ``content`` is the edited version where it was edited."""

    proposal: str
    decision: Decision
    author: str = Field(min_length=1)
    at: str = ""
    note: str = ""
    content: dict[str, Any] | None = None


class Entry(Frozen):
    """A proposal with its reviews, the oldest first."""

    proposal: FiledProposal
    reviews: tuple[Review, ...] = ()

    @property
    def decision(self) -> Decision | None:
        """The decision that counts; None while nobody has decided, or once it was reopened."""
        last = self.reviews[-1].decision if self.reviews else None
        return None if last is Decision.REOPENED else last

    @property
    def content(self) -> dict[str, Any]:
        """The version that counts: the edited one where it was edited, otherwise the machine's."""
        last = self.reviews[-1] if self.reviews else None
        return last.content if last and last.content is not None else self.proposal.content
