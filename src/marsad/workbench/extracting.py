"""What a document says, as proposals: read by rules, as JSON or as a table."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marsad.documents import Document
from marsad.extraction import Gazetteer, Proposal, extract_figures, extract_incidents, group_events
from marsad.model import Date, Evidence
from marsad.workbench.csv_text import Table

__all__ = ["ModelServer", "extract", "gazetteer_of", "proposal_table"]

_LEADING = ("id", "kind", "event")
_TRAILING = ("quote", "start", "end", "page", "section", "coder", "rules")


def gazetteer_of(evidence: Evidence | None) -> Gazetteer:
    """The general gazetteer, with the names of a study on top where there is one."""
    general = Gazetteer.general()
    return general if evidence is None else general.with_evidence(evidence)


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A language model behind an OpenAI-compatible address, such as ``http://127.0.0.1:8080/v1``."""

    url: str
    name: str


def extract(
    document: Document,
    *,
    evidence: Evidence | None = None,
    reference: Date | None = None,
    model: ModelServer | None = None,
) -> tuple[Proposal, ...]:
    """The incidents and figures that a document reports, in the order of the text.

    Args:
        document: the document.
        evidence: a study whose names of places and actors are known too.
        reference: when the text was written; without it ``two months ago`` has no date.
        model: who reads instead of the rules; what it does not quote word for word is left out.
    """
    gazetteer = gazetteer_of(evidence)
    if model:
        from marsad.extraction.llm import KEY_VARIABLE, Endpoint, extract_with_llm  # noqa: PLC0415 - an extra

        endpoint = Endpoint(base_url=model.url, model=model.name, key=os.environ.get(KEY_VARIABLE, ""))
        return extract_with_llm(document, endpoint=endpoint, gazetteer=gazetteer, reference=reference).proposals
    incidents = extract_incidents(document, gazetteer=gazetteer, reference=reference)
    found = [
        *group_events(document, incidents, gazetteer=gazetteer),
        *extract_figures(document, gazetteer=gazetteer, reference=reference),
    ]
    return tuple(sorted(found, key=lambda proposal: (proposal.start, proposal.end, proposal.id)))


def proposal_table(proposals: Sequence[Proposal]) -> Table:
    """Proposals as a table: a row for each, a column for each property, and the words and rule behind each value."""
    names = list(dict.fromkeys(slot.name for proposal in proposals for slot in proposal.slots if slot.name != "kind"))
    columns = (*_LEADING, *(name for name in names if name not in _LEADING), *_TRAILING)
    return Table("proposals", columns, tuple(_row(proposal) for proposal in proposals))


def _row(proposal: Proposal) -> dict[str, Any]:
    cells = {name: ";".join(proposal.values(name)) for name in dict.fromkeys(slot.name for slot in proposal.slots)}
    rules = (f"{slot.name}: {slot.rule}" + (f" ({slot.text!r})" if slot.text else "") for slot in proposal.slots)
    return {
        **cells,
        "id": proposal.id,
        "kind": cells.get("kind", proposal.kind.value),
        "event": proposal.event,
        "quote": proposal.text,
        "start": str(proposal.start),
        "end": str(proposal.end),
        "page": "" if proposal.page is None else str(proposal.page),
        "section": proposal.section,
        "coder": proposal.coder,
        "rules": "; ".join(rules),
    }
