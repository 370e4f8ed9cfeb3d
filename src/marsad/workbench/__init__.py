"""The public Python API: ``Workbench`` reads a study, ``build`` writes what follows, ``audit_file`` reads any file.

Each name is imported when it is first asked for: no command needs all of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad.workbench.adding import Added, NewSource, add_document
    from marsad.workbench.auditing import Audited, audit_file, audit_json
    from marsad.workbench.building import Built, Progress, build
    from marsad.workbench.csv_text import Table, to_csv
    from marsad.workbench.extracting import ModelServer, extract, proposal_table
    from marsad.workbench.fetching import FetchedRelease, fetch_release, fetch_study
    from marsad.workbench.graph import StepResult
    from marsad.workbench.importing import Imported, ImportOptions, import_file, read_connector
    from marsad.workbench.measuring import EngineChoice, Measured, measure
    from marsad.workbench.placing import Places
    from marsad.workbench.reviewing import ReviewQueue
    from marsad.workbench.searching import search_files, search_study
    from marsad.workbench.session import Call, Workbench
    from marsad.workbench.tables import TABLES, evidence_table

__all__ = [
    "TABLES",
    "Added",
    "Audited",
    "Built",
    "Call",
    "EngineChoice",
    "FetchedRelease",
    "ImportOptions",
    "Imported",
    "Measured",
    "ModelServer",
    "NewSource",
    "Places",
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
    "fetch_release",
    "fetch_study",
    "import_file",
    "measure",
    "proposal_table",
    "read_connector",
    "search_files",
    "search_study",
    "to_csv",
]

_LATER = {
    "TABLES": "tables",
    "Added": "adding",
    "Audited": "auditing",
    "Built": "building",
    "Call": "session",
    "EngineChoice": "measuring",
    "FetchedRelease": "fetching",
    "ImportOptions": "importing",
    "Imported": "importing",
    "Measured": "measuring",
    "ModelServer": "extracting",
    "NewSource": "adding",
    "Places": "placing",
    "Progress": "building",
    "ReviewQueue": "reviewing",
    "StepResult": "graph",
    "Table": "csv_text",
    "Workbench": "session",
    "add_document": "adding",
    "audit_file": "auditing",
    "audit_json": "auditing",
    "build": "building",
    "evidence_table": "tables",
    "extract": "extracting",
    "fetch_release": "fetching",
    "fetch_study": "fetching",
    "import_file": "importing",
    "measure": "measuring",
    "proposal_table": "extracting",
    "read_connector": "importing",
    "search_files": "searching",
    "search_study": "searching",
    "to_csv": "csv_text",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
