"""The reference of all connectors as Markdown, made from their descriptions."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.connectors.registry import connector, connector_names
from marsad.connectors.spec import Spec
from marsad.documents.shipped import shipped_text

__all__ = ["connectors_markdown"]


def connectors_markdown() -> str:
    """How connectors and mappings work, then each source: table, definition, licence, secrets and options."""
    entries = [line for name in connector_names() for line in _entry(name)]
    return "\n".join([shipped_text("marsad.connectors", "handbook.md").rstrip("\n") + "\n", *entries])


def _entry(name: str) -> Iterator[str]:
    """The lines about one source."""
    found = connector(name)
    spec = found.spec
    yield f"### {name}\n"
    yield f"{_sentence(spec.title)} {_sentence(' '.join(spec.definition.text.split()))}\n"
    yield "| | |\n| --- | --- |"
    for what, text in _facts(spec):
        if text:
            yield f"| {what} | {text} |"
    ways = ["`marsad fetch`"] if found.fetch is not None else []
    ways += ["`marsad import` with a mapping" if found.needs_mapping else "`marsad import`"]
    yield f"| by | {', '.join(ways)} |\n"
    if spec.options:
        yield "| option | meaning |\n| --- | --- |"
        for option, meaning in spec.options.items():
            yield f"| `{option}` | {_cell(meaning)} |"
        yield ""


def _facts(spec: Spec) -> Iterator[tuple[str, str]]:
    """What the table of a source says."""
    yield "also called", ", ".join(f"`{alias}`" for alias in spec.aliases)
    yield "producer", _cell(spec.producer)
    yield "address", f"<{spec.url}>" if spec.url else ""
    yield "table", f"`{spec.table}`"
    yield "definition", f"`{spec.definition.id}`"
    yield "victims", _cell(spec.definition.victims)
    yield "licence", _cell(spec.licence)
    yield "may redistribute", "yes" if spec.may_redistribute else "no"
    yield "cite as", _cell(spec.citation)
    yield "secrets", ", ".join(f"`{name}`" for name in spec.credentials)


def _sentence(text: str) -> str:
    begun = text[:1].upper() + text[1:]
    return begun if begun.endswith(".") else f"{begun}."


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
