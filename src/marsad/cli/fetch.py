"""`marsad fetch`: bring releases of datasets into a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from marsad.cli.output import Json, download_bar, print_json, print_notices, print_table, screen
from marsad.errors import InputError
from marsad.model import plural

__all__ = ["EXAMPLES", "fetch"]

EXAMPLES = """
[bold]Examples[/]

marsad fetch --list   (every connector, what it brings, and what it needs)

marsad fetch ucdp-ged --study my-study --version 25.1 -q country=770,700 --source ucdpged2025

marsad fetch --study my-study   (all that data.yaml names and this machine lacks)

marsad fetch --study my-study --update   (what the producers give now; data.lock follows)

Secrets come from the environment (MARSAD_UCDP_TOKEN, MARSAD_ACLED_USERNAME, ...) or the system keyring.
"""
"""What `marsad fetch --help` shows below the options."""


def fetch(  # noqa: PLR0913 - each is an option of the command
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The connector; none for what data.yaml names.")] = "",
    *,
    study: Annotated[Path, typer.Option("--study", "-s", metavar="STUDY", help="The study folder.")] = Path(),
    version: Annotated[str, typer.Option("--version", help="The producer's name of the version.")] = "",
    query: Annotated[
        list[str] | None, typer.Option("--query", "-q", metavar="KEY=VALUE", help="What to fetch; may be repeated.")
    ] = None,
    release: Annotated[str, typer.Option("--id", help="What the study calls the release.")] = "",
    source: Annotated[str, typer.Option("--source", metavar="KEY", help="Citation key of the dataset.")] = "",
    update: Annotated[bool, typer.Option("--update", help="Take what the producers give now.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the connectors and stop.")] = False,
    json: Json = False,
) -> int:
    """Fetch a release of a dataset into a study: named in data.yaml, pinned in data.lock by hash, kept in the cache.

    A build reads only the cache. What was interrupted is gone on with.
    """
    if listed:
        _list(json=json)
        return 0
    from marsad.study import DataRelease  # noqa: PLC0415 - only where something is fetched
    from marsad.workbench import fetch_release, fetch_study  # noqa: PLC0415 - the same

    with download_bar(shown=not json) as report:
        if not name:
            if query or version or release or source:
                raise InputError("--query, --version, --id and --source describe a new release: name its connector too")
            found = fetch_study(study, update=update, report=report)
        else:
            values = {
                "id": release or _identifier(name, version),
                "connector": name,
                "version": version,
                "source": source or name.replace("-", ""),
                "query": _pairs(query if query is not None else []),
            }
            try:
                wanted = DataRelease.model_validate(values)
            except ValueError as error:
                raise InputError(
                    f"--id {values['id']!r}: an identifier has lower-case letters, digits and hyphens, such as ged-25-1"
                ) from error
            found = (fetch_release(study, wanted, report=report),)
    made = [_as_json(item) for item in found]
    if json:
        print_json(made)
    else:
        _print(made)
    return 0


def _identifier(name: str, version: str) -> str:
    text = f"{name}-{version}" if version else name
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower()).strip("-")


def _pairs(texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key:
            raise InputError(f"--query {text!r}: write KEY=VALUE, such as country=770")
        found[key] = value
    return found


def _as_json(item: Any) -> dict[str, Any]:
    state = "unchanged" if not item.fetched else "changed" if item.is_changed else "fetched"
    return {**item.pin.model_dump(), "path": str(item.path), "state": state, "notes": list(item.notes)}


def _print(made: list[dict[str, Any]]) -> None:
    if not made:
        screen().print("Nothing to fetch: data.yaml names no release without a file.")
        return
    rows = (
        [item["id"], item["version"], f"{item['bytes']:,}", item["sha256"][:12], item["retrieved_at"], item["state"]]
        for item in made
    )
    columns = [
        ("release", False),
        ("version", False),
        ("bytes", True),
        ("sha256", False),
        ("retrieved", False),
        ("", False),
    ]
    print_table(plural(len(made), "release"), columns, rows)
    print_notices(f"{item['id']}: {note}" for item in made for note in item["notes"])


def _list(*, json: bool) -> None:
    from marsad.connectors import connector, connector_names  # noqa: PLC0415 - only for the list

    found = [connector(name) for name in connector_names()]
    if json:
        print_json([item.spec.model_dump(mode="json", exclude={"fields", "lookups", "ignored"}) for item in found])
        return
    rows = (
        [
            item.spec.name,
            item.spec.title,
            item.spec.table.value,
            "fetch, file" if item.fetch is not None else "file",
            ", ".join(item.spec.credentials),
            item.spec.licence,
        ]
        for item in found
    )
    columns = [(head, False) for head in ("name", "dataset", "table", "how", "needs", "licence")]
    print_table(f"{len(found)} connectors", columns, rows)
