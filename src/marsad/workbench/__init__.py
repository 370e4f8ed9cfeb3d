"""The public Python API: ``Workbench`` reads a study, ``build`` writes what follows, ``audit_file`` reads any file.

What reads documents is imported when it is first asked for: a build needs none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from marsad.workbench.build import Built, Progress, build
from marsad.workbench.graph import StepResult
from marsad.workbench.session import Call, Workbench
from marsad.workbench.tables import TABLES, Table, evidence_table, to_csv

if TYPE_CHECKING:
    from marsad.workbench.adding import Added, NewSource, add_document
    from marsad.workbench.auditing import Audited, audit_file, audit_json
    from marsad.workbench.extracting import ModelServer, extract, proposal_table
    from marsad.workbench.reviewing import ReviewQueue
    from marsad.workbench.searching import search_files, search_study

__all__ = [
    "TABLES",
    "Added",
    "Audited",
    "Built",
    "Call",
    "ModelServer",
    "NewSource",
    "Progress",
    "ReviewQueue",
    "StepResult",
    "Table",
    "Workbench",
    "add_document",
    "audit_file",
    "audit_json",
    "build",
    "evidence_table",
    "extract",
    "proposal_table",
    "search_files",
    "search_study",
    "to_csv",
]

_LATER = {
    "Added": "adding",
    "Audited": "auditing",
    "ModelServer": "extracting",
    "NewSource": "adding",
    "ReviewQueue": "reviewing",
    "add_document": "adding",
    "audit_file": "auditing",
    "audit_json": "auditing",
    "extract": "extracting",
    "proposal_table": "extracting",
    "search_files": "searching",
    "search_study": "searching",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
