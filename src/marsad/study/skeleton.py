"""Beginning a study: a commented folder with a small worked example that has no fault."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

from marsad.errors import InputError, InternalError
from marsad.study.dictionary import dictionary
from marsad.study.faults import Faults
from marsad.study.nodes import read_yaml
from marsad.study.reference import reference_markdown

__all__ = ["new_study"]

_SERIES = "deaths-monthly"
_README = """\
# {title}

A study for Marsad. What stands here is a made-up example that shows each file; replace it by your own evidence.

1. Describe the study in `study.yaml` and its sources in `sources.bib`.
2. Code one row for each report: what the source says, as it says it, with its place in the document.
3. `marsad check .` reports every fault; `marsad build .` writes the report to `build/report.html`. Where `marsad` is
   not installed as a command, run it from Marsad's own folder: `./run marsad check PATH`, with the path of this folder.

{reference}"""


def new_study(path: Path | str, *, title: str) -> list[Path]:
    """Write a new study folder, all of it or nothing.

    Args:
        path: the folder; it must be missing or empty.
        title: title of the study.

    Returns:
        The files that were written, in order of names.

    Raises:
        InputError: the folder is not empty, cannot be written, or the title is no text on one line.
    """
    target = Path(path).absolute()
    if not title.strip() or not title.isprintable():
        raise InputError("the title must be a text on one line")
    if os.path.lexists(target) and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{path} is not an empty folder; give a new one")
    contents = _contents(target.name, title.strip())
    try:
        _write(target, contents)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
    return [target / name for name in sorted(contents)]


def _write(target: Path, contents: dict[str, str]) -> None:
    """Build the folder beside its place, then move it there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, text in contents.items():
            file = building / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        # mkdtemp makes it private; a new folder follows the umask.
        mask = os.umask(0)
        os.umask(mask)
        building.chmod(0o777 & ~mask)
        _move(building, target)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _move(building: Path, target: Path) -> None:
    """At once where the place is free; file by file into an empty folder, which may be a mount or where one stands."""
    if not target.is_dir():
        building.rename(target)
        return
    # Without study.yaml a folder is no study: it comes last, lest a broken move look finished.
    for child in sorted(building.iterdir(), key=lambda path: path.name == "study.yaml"):
        child.rename(target / child.name)
    building.rmdir()


def _contents(folder: str, title: str) -> dict[str, str]:
    """Relative path -> text of every file."""
    values = _template("series.csv")
    digest = hashlib.sha256(values.encode()).hexdigest()
    words = {"id": _slug(folder), "title": json.dumps(title, ensure_ascii=False), "sha256": digest}
    contents = {name: _filled(_template(name), words) for name in ("study.yaml", "findings.yaml", "options.yaml")}
    contents["sources.bib"] = _template("sources.bib")
    contents[f"series/{_SERIES}.yaml"] = _filled(_template("series.yaml"), words)
    contents[f"series/{_SERIES}.csv"] = values
    contents |= _tables()
    reference = re.sub(r"^#", "##", reference_markdown(), flags=re.MULTILINE)
    contents["README.md"] = _README.format(title=title, reference=reference)
    contents["documents/.gitkeep"] = ""
    contents[".gitignore"] = "build/\n"
    return contents


def _tables() -> dict[str, str]:
    """The CSV files with the header of the dictionary and the rows of the example."""
    rows = _yaml("rows.yaml")
    found = {}
    for name, table in dictionary().tables.items():
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, table.columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[name])
        found[table.file] = buffer.getvalue()
    return found


def _template(name: str) -> str:
    return resources.files("marsad.study").joinpath("template", name).read_text(encoding="utf-8")


def _yaml(name: str) -> Any:
    faults = Faults()
    file = read_yaml(name, _template(name), faults)
    if file is None:
        raise InternalError(f"the template is broken: {faults.faults}")
    return file.value


def _filled(text: str, words: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: words[match[1]], text)


def _slug(name: str) -> str:
    """An identifier made of the name of the folder."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:100] or "study"
