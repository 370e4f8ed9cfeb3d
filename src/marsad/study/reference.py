"""The reference of the study folder, generated from the data dictionary and the models of the YAML files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from marsad.model import Reliability
from marsad.study.bibliography import FIELDS
from marsad.study.config import Sidecar, StudyConfig, StudyFinding, StudyOption
from marsad.study.csl import TYPES
from marsad.study.dictionary import Field, Table, dictionary
from marsad.study.files import RESERVED
from marsad.study.releases import RELEASE_MEASURES, DataConfig, DataLock
from marsad.study.series import SERIES_FIELDS

__all__ = ["reference_markdown"]

_INTRODUCTION = """\
# The study folder

A study is a folder of plain text. Files marked *required* must be there; any other may be missing and then counts as
empty. `marsad check FOLDER` reads them all and reports every fault with file, line, column and remedy
(of a file with more than 200 the first 200).

| file | what it holds |
| --- | --- |
{files}

`build/` holds what the machine derived and may be deleted at any time. Hidden files, `README*` and `LICENSE*` are left
alone. {reserved} are names kept for later versions, which this version does not read.

## What holds for all files

- UTF-8 without a byte order mark (BOM), lines ending with LF, no control characters, and none that turn the direction
  of the text around them (U+202A to U+202E, U+2066 to U+2069).
- Regular files inside the folder. A link that leads out of it is not followed.
- CSV: separated by commas, a header row with all columns, no line break inside a cell; several values in one cell are
  separated by `;` without blanks. An empty cell means that the source does not say.
- YAML: plain values only, without anchors, aliases or tags.

## Types of cells

| type | what it admits |
| --- | --- |
| id | lower-case letters, digits and hyphens; begins with a letter or digit |
| text | any text on one line |
| edtf | a date or interval (EDTF, ISO 8601-2), no more precise than the source: `2022`, `2022-04`, `2022-04-16`, \
`2022-07~` (about), `199X`, `2021-08/2024-06`, `2021-08/..` (open) |
| quantity | a number with the qualifier of the source: `100`, `>=50`, `>60`, `<10`, `~34`, `20..25`, `dozens`, \
`hundreds`, `thousands`; no separators of thousands, at most 15 digits; whole where the unit is persons or count |
| number | a decimal number with a point |
| term, terms | a word, or several words, of a vocabulary |
| ref, refs | the id, or several ids, of rows of another table |
| cite | a citation key of `sources.bib` |
| locator | a place in a document: `sec 2.4 para 3`, `page 12`, `page 12-13`, `row 7`, `table 2` |

## Titles of events and actions

The report calls an event or action by its `title`: the first one among its reports. Where none has one, its identifier
is read as words: `ttp-talks-khar-april-2022` becomes *TTP talks Khar April 2022*. Months, identifiers of actors and
places, and what names and aliases write with a capital are written so; everything else stays small.

## Analyses

A section of `study.yaml` names analyses and gives them parameters. `docs/analyses.md` in Marsad's own folder describes
each with what it takes and what it shows; `marsad show --analyses` lists them.
"""
_FILES = (
    ("study.yaml", "title, authors, questions, period, area, turning points, chapters (required)"),
    ("sources.bib", "every source (required)"),
    ("findings.yaml", "what the study found"),
    ("options.yaml", "policy options"),
    ("series/NAME.csv, series/NAME.yaml", "a series by month or year, and where it comes from"),
    ("data.yaml", "the releases of datasets that the study uses"),
    ("data.lock", "which files they are, by hash; written by `marsad fetch`"),
    ("releases/", "releases that may be kept, and mappings that say which of their fields is which column"),
    ("documents/", "texts that may be kept; their names and hashes are noted"),
)
_SERIES_NOTE = """\
A count of a register by month needs no file of its own where the register is a release of `data.yaml` (see there).
Otherwise `marsad measure TABLE --by month -o FILE.csv` and `marsad forecast panel TABLE -o FILE.csv` count the events
of a table of `marsad import`; keep the month and the one column that you mean, under the headings `period` and `value`.
The panel has its months without a record as zero; the measures leave them out, so that they have to be put in.
`sha256sum series/NAME.csv` gives the hash for the sidecar; after a change of the file `marsad check` names the new one.
"""
_DATA_NOTE = """
```yaml
releases:
  - id: awsd
    connector: awsd
    source: awsd2026               # a key of sources.bib
    file: security_incidents.csv   # in releases/; without it the release is fetched
    retrieved_at: "2026-11-22"
border: {{name: The border, between: [MLI, NER]}}
```

A release of events gives two monthly series for each area of the study in which it has a record: of the release `awsd`
and the area `mali` {measures}. Analyses, findings and `marsad forecast` take them by
these names like those of `series/`, and `series-by-month` and `series-by-year` without a name take them all. They count
the records that are dated to a month or closer, and the best estimate of deaths. A month between the first and the last
record in the areas of the study in which there is no record counts as zero: of a sample, or of a register that did not
look there all the time, that is too low.

`marsad table STUDY awsd` lists the records that are counted, each with its row in the file. `marsad judge STUDY` lists
the pairs of an event of the study and a record of a register that a person has to decide on, and files what you say of
them in `ledger.sqlite`, which the next build respects.
"""
_ATTRIBUTE = re.compile(r"^    (\w+(?:, \w+)*): (.*(?:\n      .*)*)", re.MULTILINE)


def reference_markdown() -> str:
    """All files, columns, keys and vocabularies of a study folder in Markdown."""
    known = dictionary()
    tables = tuple((table.file, table.row) for table in known.tables.values())
    files = "\n".join(f"| `{name}` | {what} |" for name, what in (*_FILES[:2], *tables, *_FILES[2:]))
    reserved = ", ".join(f"`{name}`" for name in RESERVED)
    parts = [_INTRODUCTION.format(files=files, reserved=reserved)]
    parts += [_table(table) for table in known.tables.values()]
    parts += [_yaml("study.yaml", StudyConfig, many=False), _bibliography()]
    parts += [_yaml("findings.yaml", StudyFinding, many=True), _yaml("options.yaml", StudyOption, many=True)]
    parts += [_series(), _data(), _yaml("data.lock", DataLock, many=False)]
    parts += [_vocabularies(known.vocabularies)]
    return "\n".join(parts)


def _table(table: Table) -> str:
    key = f" `{table.key}` names the row and is unique." if table.key else ""
    return f"## {table.file}\n\nOne row: {table.row}.{key}\n\n{_columns(table.fields)}"


def _columns(fields: tuple[Field, ...]) -> str:
    lines = ["| column | type | required | unit | what it says |", "| --- | --- | --- | --- | --- |"]
    for field in fields:
        unit = f"as `{field.unit_column}`" if field.unit_column else field.unit
        required = "yes" if field.required else ""
        lines.append(f"| `{field.name}` | {_type(field)} | {required} | {unit} | {_escaped(field.description)} |")
    return "\n".join(lines) + "\n"


def _type(field: Field) -> str:
    kind = f"{field.type}, list" if field.many else field.type
    if field.vocabulary:
        return f"{kind} of [{field.vocabulary}](#{field.vocabulary})"
    groups = (field.table,) if field.table else field.names
    kind += f" of {' or '.join(groups)}" if groups else ""
    bounds = [f"at least {field.min:g}"] if field.min is not None else []
    bounds += [f"at most {field.max:g}"] if field.max is not None else []
    return ", ".join([kind, *bounds])


def _yaml(file: str, model: type[BaseModel], *, many: bool) -> str:
    """The keys of a YAML file; those of mappings within it follow, each under the key that holds it."""
    what = "A list; each item is a mapping with these keys." if many else "A mapping with these keys."
    lines = [
        f"## {file}\n",
        what,
        "Texts are paragraphs separated by a blank line; `[@key, sec 3]` in them cites a source.\n",
    ]
    lines += ["| key | required | what it says |", "| --- | --- | --- |", *_keys(model, "")]
    return "\n".join(lines) + "\n"


def _keys(model: type[BaseModel], prefix: str) -> Iterator[str]:
    described = _attributes(model)
    for name, field in model.model_fields.items():
        inner = _model_within(field.annotation)
        required = "yes" if field.is_required() else ""
        yield f"| `{prefix}{name}` | {required} | {_escaped(described[name])} |"
        if inner is not None:
            mark = "[]" if get_origin(field.annotation) is tuple else ""
            yield from _keys(inner, f"{prefix}{name}{mark}.")


def _attributes(model: type[BaseModel]) -> dict[str, str]:
    """What the docstring of a model says of each of its attributes."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(_dedented(model.__doc__ or "")):
        for name in match[1].split(", "):
            found[name] = " ".join(match[2].split()).rstrip(".").replace("``", "`")
    return found


def _dedented(docstring: str) -> str:
    """The attributes of a docstring at an indentation of four, as written in the source."""
    lines = docstring.expandtabs().split("\n")
    return "\n".join(line[4:] if line.startswith("        ") else line for line in lines)


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation holds, itself or in a tuple."""
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def _bibliography() -> str:
    lines = ["## sources.bib\n", "BibLaTeX. Beside the usual fields these have a meaning of their own:\n"]
    lines += ["| field | what it says |", "| --- | --- |"]
    lines += [f"| `{name}` | {_escaped(what)} |" for name, what in FIELDS.items()]
    lines += ["", f"Types of entries: {', '.join(f'`@{name}`' for name in sorted(TYPES))}.", ""]
    lines += ["| reliability | meaning (Admiralty scale) |", "| --- | --- |"]
    lines += [f"| `{grade}` | {grade.meaning} |" for grade in Reliability]
    return "\n".join(lines) + "\n"


def _series() -> str:
    head = "## series/NAME.csv\n\nOne row: one period.\n\n" + _columns(SERIES_FIELDS)
    return "\n".join([head, _SERIES_NOTE, _yaml("series/NAME.yaml", Sidecar, many=False)])


def _data() -> str:
    measures = " and ".join(f"`awsd:mali:{measure}`" for measure in RELEASE_MEASURES)
    return _yaml("data.yaml", DataConfig, many=False) + _DATA_NOTE.format(measures=measures)


def _vocabularies(vocabularies: dict[str, dict[str, str]]) -> str:
    parts = ["## Vocabularies\n"]
    for name, words in vocabularies.items():
        parts += [f"### {name}\n", "| word | meaning |", "| --- | --- |"]
        parts += [f"| `{word}` | {_escaped(meaning)} |" for word, meaning in words.items()]
        parts.append("")
    return "\n".join(parts)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
