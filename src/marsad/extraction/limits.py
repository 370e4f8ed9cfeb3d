"""How many of the proposals are read and compared, and what a person should know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from marsad.documents.limits import MOST_ALIKE, MOST_FIGURES, MOST_INCIDENTS
from marsad.extraction.proposal import Proposal
from marsad.model import Kind

__all__ = ["limits_reached", "worth_comparing"]

_SCOPES = {
    Kind.EVENT: (("kind", "place", "date"),),
    Kind.FIGURE: (("measure", "area", "period"), ("measure", "value")),
}
"""The properties that proposals must share to be compared with one another, for each kind."""


def worth_comparing(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """The proposals without those of which there are more alike than are compared, in the same order."""
    counts = Counter[tuple[str, ...]]()
    kept: list[Proposal] = []
    for proposal in proposals:
        scopes = [_scope(proposal, names) for names in _SCOPES.get(proposal.kind, ())]
        counts.update(scopes)
        if all(counts[scope] <= MOST_ALIKE for scope in scopes):
            kept.append(proposal)
    return tuple(kept)


def _scope(proposal: Proposal, names: Sequence[str]) -> tuple[str, ...]:
    return (proposal.kind, *(f"{name}={value}" for name in names for value in proposal.values(name)))


def limits_reached(proposals: Sequence[Proposal]) -> Iterator[str]:
    """Yield a sentence for each kind of proposal of which a document has more than are read."""
    counts = Counter(proposal.kind for proposal in proposals)
    for kind, most, name in ((Kind.EVENT, MOST_INCIDENTS, "incidents"), (Kind.FIGURE, MOST_FIGURES, "figures")):
        if counts[kind] >= most:
            yield f"The text has very many {name}; only the first {most:,} were read."
