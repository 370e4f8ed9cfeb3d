"""The public Python API: ``Workbench`` reads a study, ``build`` writes what follows from it."""

from marsad.workbench.build import Built, Progress, build
from marsad.workbench.graph import StepResult
from marsad.workbench.session import Call, Workbench
from marsad.workbench.tables import TABLES, Table, evidence_table, to_csv

__all__ = [
    "TABLES",
    "Built",
    "Call",
    "Progress",
    "StepResult",
    "Table",
    "Workbench",
    "build",
    "evidence_table",
    "to_csv",
]
