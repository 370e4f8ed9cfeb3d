"""The YAML tables that ship with this package; without the package of documents, which takes long to import."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

__all__ = ["shipped_yaml"]


def shipped_yaml(name: str) -> Any:
    """What a YAML file of this package holds."""
    import yaml  # noqa: PLC0415 - only where a table is read

    text = files("marsad.reconcile").joinpath(name).read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe
