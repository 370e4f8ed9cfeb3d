"""A study at work: what is read from its folder, what follows from it, and the build that writes it down."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter

from marsad.analysis import ANALYSES, Inputs, run_analysis
from marsad.claims import check_consistency
from marsad.errors import Fault, InputError, NotFoundError, StudyError
from marsad.evidence import Store, sha256_of, write_atomically, write_database, write_sources, write_statements
from marsad.model import Evidence, Finding, Severity
from marsad.study import AnalysisCall, Study, load_study, study_files
from marsad.workbench.code import code_version
from marsad.workbench.graph import Graph, Progress, StepResult, locked
from marsad.workbench.manifest import manifest
from marsad.workbench.pages import ReportParts, write_drawings, write_report

__all__ = ["Built", "Workbench"]

_FINDINGS: TypeAdapter[tuple[Finding, ...]] = TypeAdapter(tuple[Finding, ...])
