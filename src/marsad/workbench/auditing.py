"""The audit of a file, alone or beside a study and a bibliography."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from marsad.citations import BibliographyFile, read_bibliography
from marsad.claims.audit import Audit, Progress, audit_document
from marsad.documents import Document, opening, read_document
from marsad.model import Date, plain
from marsad.workbench.extracting import gazetteer_of
from marsad.workbench.session import Workbench

__all__ = ["Audited", "audit_file", "audit_json"]


@dataclass(frozen=True, slots=True)
class Audited:
    """A document that was read and what the audit says of it."""

    document: Document
    audit: Audit


def audit_file(
    file: Path,
    *,
    study: Path | None = None,
    bibliography: Path | None = None,
    written: Date | None = None,
    progress: Progress | None = None,
) -> Audited:
    """Read a document and audit it.

    Args:
        file: PDF, DOCX, HTML, Markdown or text.
        study: a study folder; the document is also compared with its evidence.
        bibliography: BibTeX or CSL-JSON that takes part in the audit of the citations.
        written: when the document was written; without it ``two months ago`` is not checked.
        progress: called with the name of each step and the number of all.

    Raises:
        InputError: a file cannot be read, or the study has faults.
    """
    step = progress or _silent
    step("reading", 1)
    document = opening(read_document(file))
    filed = read_bibliography(bibliography) if bibliography else BibliographyFile(())
    said = tuple(f"{bibliography}: {notice}" for notice in filed.notices)
    document = replace(document, notices=(*document.notices, *said))
    evidence = Workbench(study).evidence if study else None
    audit = audit_document(
        document,
        gazetteer=gazetteer_of(evidence),
        bibliography=filed.entries,
        evidence=evidence,
        reference=written,
        progress=step,
    )
    return Audited(document, audit)


def _silent(_name: str, _total: int) -> None:
    pass


def audit_json(audited: Audited) -> dict[str, Any]:
    """An audit as JSON.

    Returns:
        ``document`` (name, hash, pages …), ``summary`` (findings by severity, what was read), ``findings`` (id, kind,
        severity, title, message, rule, quotes with text, start, end, page, section) and ``checks`` (outcome ``ok``,
        ``found`` or ``unchecked`` with the reason).
    """
    document, audit = audited.document, audited.audit
    return {
        "document": {
            "name": document.name,
            "title": document.title,
            "media_type": document.media_type,
            "sha256": document.sha256,
            "language": document.language,
            "direction": document.direction,
            "pages": document.pages[-1].number if document.pages else None,
            "characters": len(document.text) + document.beyond,
            "characters_looked_at": len(document.text),
            "notices": [*document.notices, *audit.limits],
        },
        "summary": {
            **{f"{severity}s": count for severity, count in audit.tally().items()},
            **audit.counts,
        },
        "findings": [
            {
                "id": finding.id,
                "kind": finding.kind,
                "severity": finding.severity.value if finding.severity else None,
                "title": finding.title,
                "message": " ".join(plain(passage) for passage in finding.text),
                "rule": finding.method.reference,
                "sources": list(finding.sources),
                "quotes": [quote.model_dump(mode="json") for quote in finding.quotes],
            }
            for finding in audit.findings
        ],
        "checks": [verdict.model_dump(mode="json") for verdict in audit.verdicts],
    }
