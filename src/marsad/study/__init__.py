"""The study folder: its layout, its data dictionary, reading and checking it, beginning a new one."""

from marsad.study.changing import change_study, keys_in, with_entry, with_release, with_rows, without_rows
from marsad.study.config import (
    AnalysisRequest,
    AttributeName,
    Chapter,
    FindingPoint,
    Grounds,
    RelationName,
    Section,
    Sidecar,
    StudyConfig,
    StudyFinding,
    StudyOption,
)
from marsad.study.dictionary import Dictionary, Field, Table, dictionary
from marsad.study.files import LEDGER
from marsad.study.loading import load_study
from marsad.study.nodes import YamlPath
from marsad.study.prose import paragraphs
from marsad.study.reference import reference_markdown
from marsad.study.releases import (
    DATA_FILE,
    LOCK_FILE,
    RELEASE_MEASURES,
    RELEASES_FOLDER,
    BorderLine,
    DataConfig,
    DataLock,
    DataRelease,
    Pin,
    WithdrawnList,
)
from marsad.study.requests import CheckAnalysis, Problem
from marsad.study.skeleton import new_study
from marsad.study.study import Study

__all__ = [
    "DATA_FILE",
    "LEDGER",
    "LOCK_FILE",
    "RELEASES_FOLDER",
    "RELEASE_MEASURES",
    "AnalysisRequest",
    "AttributeName",
    "BorderLine",
    "Chapter",
    "CheckAnalysis",
    "DataConfig",
    "DataLock",
    "DataRelease",
    "Dictionary",
    "Field",
    "FindingPoint",
    "Grounds",
    "Pin",
    "Problem",
    "RelationName",
    "Section",
    "Sidecar",
    "Study",
    "StudyConfig",
    "StudyFinding",
    "StudyOption",
    "Table",
    "WithdrawnList",
    "YamlPath",
    "change_study",
    "dictionary",
    "keys_in",
    "load_study",
    "new_study",
    "paragraphs",
    "reference_markdown",
    "with_entry",
    "with_release",
    "with_rows",
    "without_rows",
]
