"""Connectors: one YAML and one short module for each source of data, over one transport.

What reads files and asks services is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from marsad.connectors.registry import connector, connector_names

if TYPE_CHECKING:
    from marsad.connectors.audit import Quarantined, Remark, RowAudit
    from marsad.connectors.connector import Connector, Fetch, FetchContext, Fetched
    from marsad.connectors.fitting import fitted
    from marsad.connectors.mapping import Row, record_id, verbatim_json
    from marsad.connectors.records import BadValue, Record
    from marsad.connectors.reference import connectors_markdown
    from marsad.connectors.spec import Definition, FieldRule, Reader, Spec, load_mapping

__all__ = [
    "BadValue",
    "Connector",
    "Definition",
    "Fetch",
    "FetchContext",
    "Fetched",
    "FieldRule",
    "Quarantined",
    "Reader",
    "Record",
    "Remark",
    "Row",
    "RowAudit",
    "Spec",
    "connector",
    "connector_names",
    "connectors_markdown",
    "fitted",
    "load_mapping",
    "record_id",
    "verbatim_json",
]

_LATER = {
    "BadValue": "records",
    "Connector": "connector",
    "Definition": "spec",
    "Fetch": "connector",
    "FetchContext": "connector",
    "Fetched": "connector",
    "FieldRule": "spec",
    "Quarantined": "audit",
    "Reader": "spec",
    "Record": "records",
    "Remark": "audit",
    "Row": "mapping",
    "RowAudit": "audit",
    "Spec": "spec",
    "connectors_markdown": "reference",
    "fitted": "fitting",
    "load_mapping": "spec",
    "record_id": "mapping",
    "verbatim_json": "mapping",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
