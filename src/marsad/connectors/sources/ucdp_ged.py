"""The UCDP Georeferenced Event Dataset: from its API or as the published file."""

from __future__ import annotations

from marsad.connectors.connector import Connector
from marsad.connectors.registry import shipped_spec
from marsad.connectors.ucdp import event_rows, fetcher

__all__ = ["CONNECTOR"]

CONNECTOR = Connector(shipped_spec("ucdp-ged"), rows=event_rows, fetch=fetcher("ucdp-ged", "ged/ged{bare}-csv.zip"))
"""Events of organised violence since 1989, a version every year."""
