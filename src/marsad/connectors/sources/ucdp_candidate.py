"""The UCDP Candidate Events Dataset: monthly, in GED's columns; also in a reduced shape that others hand on."""

from __future__ import annotations

from marsad.connectors.connector import Connector
from marsad.connectors.registry import shipped_spec
from marsad.connectors.ucdp import event_rows, fetcher

__all__ = ["CONNECTOR"]

CONNECTOR = Connector(
    shipped_spec("ucdp-candidate"),
    rows=event_rows,
    fetch=fetcher("ucdp-candidate", "candidateged/GEDEvent_v{dots}.csv"),
)
"""Events of organised violence of the last months, not yet vetted."""
