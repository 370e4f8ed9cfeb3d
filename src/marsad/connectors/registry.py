"""Which connectors there are: each is one YAML and one module in `sources`."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.resources import files

from marsad.connectors.connector import Connector
from marsad.connectors.spec import Spec, read_spec
from marsad.documents.shipped import shipped_text
from marsad.errors import NotFoundError

__all__ = ["connector", "connector_names", "shipped_spec"]

_PACKAGE = "marsad.connectors.sources"


@cache
def connector_names() -> tuple[str, ...]:
    """The names of all connectors, in alphabetical order."""
    found = (entry.name for entry in files(_PACKAGE).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


@cache
def shipped_spec(name: str) -> Spec:
    """The description of a source that ships with the program."""
    return read_spec(f"{name}.yaml", shipped_text(_PACKAGE, f"{name}.yaml"))


def connector(name: str) -> Connector:
    """The connector of that name or alias, whatever its case and marks; raises ``NotFoundError``."""
    wanted = _key(name)
    for known in connector_names():
        if _key(known) == wanted:
            return _loaded(known)
    for known in connector_names():
        if wanted in {_key(alias) for alias in shipped_spec(known).aliases}:
            return _loaded(known)
    raise NotFoundError(
        f"there is no connector {name!r}; there are {', '.join(connector_names())}. "
        "For any other table use `generic` with a mapping"
    )


def _loaded(name: str) -> Connector:
    found = import_module(f"{_PACKAGE}.{name.replace('-', '_')}").CONNECTOR
    assert isinstance(found, Connector)  # noqa: S101 - for the type checker
    return found


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
