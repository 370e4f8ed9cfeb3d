"""Documents in a study: put there with their source, and what the machine reads in them filed in the ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from marsad.documents import Document, opening, read_document
from marsad.errors import NotFoundError
from marsad.evidence import FiledDocument, FiledProposal
from marsad.evidence.ledger import Ledger
from marsad.extraction import Proposal
from marsad.study import LEDGER, change_study, with_entry
from marsad.workbench.extracting import extract
from marsad.workbench.session import Workbench

__all__ = ["Added", "NewSource", "add_document"]

_FOLDER = "documents"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """What a person says of a source that the study has not yet.

    Attributes:
        title: its title.
        author: names joined by ``and``; an organisation in braces.
        date: when it was published, EDTF.
        kind: ``primary`` or ``secondary``.
        reliability: grade on the Admiralty scale, ``A`` to ``F``.
        publisher: who published it.
        url: its address on the web.
    """

    title: str
    author: str = ""
    date: str = ""
    kind: str = "secondary"
    reliability: str = "F"
    publisher: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a document that was put into a study."""

    document: Document
    source: str
    path: Path
    proposals: int
    new: int


def add_document(workbench: Workbench, file: Path, *, source: str, author: str, new: NewSource | None = None) -> Added:
    """Put a document into a study: its source, its file, and what the machine reads in it as proposals.

    Args:
        workbench: the study.
        file: the document.
        source: citation key of its source.
        author: who puts it there.
        new: the source, where the study does not have it yet.

    Raises:
        InputError: the file cannot be read, the study has faults, or the source is not known and not described.
    """
    document = opening(read_document(file))
    known = workbench.study.sources
    if source not in known and new is None:
        raise NotFoundError(
            f"the study has no source {source!r} in sources.bib; describe it with --title, --author and --date, "
            "or name one that it has"
        )
    kept = f"{_FOLDER}/{_file_name(source)}{file.suffix.lower()}"
    changes = {kept: file.read_bytes()}
    if source not in known and new is not None:
        changes["sources.bib"] = _with_source(workbench.path, source, new)
    change_study(workbench.path, changes)
    proposals = extract(document, evidence=workbench.evidence)
    filed = [_filed(document, proposal, source) for proposal in proposals]
    paper = FiledDocument(
        source=source, sha256=document.sha256, name=file.name, media_type=document.media_type, author=author, at=""
    )
    with Ledger(workbench.path / LEDGER) as ledger:
        count = ledger.file(paper, filed)
    return Added(document, source, workbench.path / kept, len(filed), count)


def _file_name(source: str) -> str:
    """A citation key as the name of a file."""
    return re.sub(r"[^\w.-]", "-", source)


def _with_source(study: Path, key: str, new: NewSource) -> bytes:
    fields = {
        "author": new.author,
        "title": new.title,
        "date": new.date,
        "publisher": new.publisher,
        "url": new.url,
        "kind": new.kind,
        "reliability": new.reliability,
    }
    path = study / "sources.bib"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return with_entry(text, "misc", key, fields).encode()


def _filed(document: Document, proposal: Proposal, source: str) -> FiledProposal:
    """A proposal for the ledger; its identifier holds the source, so that two documents may say the same."""
    content = proposal.model_dump(mode="json") | {"locator": str(document.locator_at(proposal.start))}
    return FiledProposal(
        id=f"{proposal.id}-{source}", source=source, kind=proposal.kind.value, coder=proposal.coder, content=content
    )
