"""What a connector's YAML says of its source: producer, licence, fields, lookups, counts of rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from marsad.errors import InputError
from marsad.model import COLUMNS, ColumnType, TableColumn, TableKind

__all__ = [
    "HEADING",
    "CountryScheme",
    "Definition",
    "FieldRule",
    "Format",
    "Melt",
    "PeriodUnit",
    "Reader",
    "Spec",
    "load_mapping",
    "read_spec",
]

HEADING = "(heading)"
"""Among the parts of a period: the heading of the column that a value stands in."""

Format = Literal["csv", "tsv", "json", "jsonl", "xlsx", "html", "parquet"]
"""How the records of a file are written."""

PeriodUnit = Literal["", "day", "month", "year"]
"""How long the periods of a table of figures are, where their texts do not tell."""

CountryScheme = Literal["iso3", "iso2", "name", "gw", "fips", "numeric"]
"""Which codes or names of countries a field holds."""

_MOST_BYTES = 2**20
_GIVEN = ("record", "dataset", "release", "row", "definition", "verbatim")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Definition(_Frozen):
    """What a source counts.

    Attributes:
        id: a short name, printed beside every count.
        text: in words: what is an event, whose deaths are counted, from whom it is known.
        victims: whose deaths and injuries are counted: everybody, or a class of people.
        within: identifiers of wider definitions that count these victims too.
    """

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    victims: str = "everybody"
    within: tuple[str, ...] = ()


class Reader(_Frozen):
    """How the file is written.

    Attributes:
        format: None where the name of the file tells.
        table: number of the sheet or HTML table, from 1, or the name of the sheet.
        heading: line of the headings, from 1.
        columns: names of the columns of a file without headings.
        encoding: of text files.
        unstated: values that mean "not stated" in every field.
        records: path of the list of records inside a JSON object, such as ``data``.
        quotes: whether a cell of text may stand in quotation marks.
        thousands: the mark between the thousands of numbers, such as ``,``; empty for none.
    """

    format: Format | None = None
    table: int | str = 1
    heading: int = Field(1, ge=1)
    columns: tuple[str, ...] = ()
    encoding: str = "utf-8-sig"
    unstated: tuple[str, ...] = ("",)
    records: str = ""
    quotes: bool = True
    thousands: str = Field("", max_length=1)

    @field_validator("encoding")
    @classmethod
    def _is_encoding(cls, value: str) -> str:
        try:
            b"a".decode(value, "ignore")
        except (LookupError, UnicodeError) as error:
            raise ValueError(f"{value!r} is no encoding of text; write it as utf-8 or cp1252") from error
        return value


class Melt(_Frozen):
    """Columns of a wide table that each hold a figure: a measure, an actor or a month in each.

    Attributes:
        fields: the columns.
        set: column of the common table -> what the figures of all these columns have there, such as ``measure``.
        heading: the column of the common table that takes the heading; empty for none.
        value: the column that takes the figure.
    """

    fields: tuple[str, ...] = Field(min_length=1)
    set: Mapping[str, str | int | float] = {}
    heading: str = ""
    value: Literal["low", "best", "high"] = "best"

    @model_validator(mode="before")
    @classmethod
    def _one_field(cls, values: Any) -> Any:
        """``fields: Total`` is short for ``fields: [Total]``."""
        if isinstance(values, dict) and isinstance(values.get("fields"), str):
            return values | {"fields": (values["fields"],)}
        return values


class FieldRule(_Frozen):
    """From where a column of the common table takes its value, and how.

    Attributes:
        field: the source's field, or several names that it had in different versions: the first that is there counts.
        optional: whether a file may lack it.
        lookup: name of the table of lookups that translates its values; what is not in it is reported, and stays null.
        keep: whether a value that the lookup lacks is kept as it is.
        country: which codes or names of countries it holds, where it holds them.
        format: of a date that is not ISO 8601, as for ``strptime``.
        separator: between the parts of a list.
        unstated: values of this field that mean "not stated", besides those of the reader.
        code: whether it holds identifiers or codes, of which ``12.0`` is ``12``.
    """

    field: str | tuple[str, ...]
    optional: bool = False
    lookup: str = ""
    keep: bool = False
    country: CountryScheme | None = None
    format: str | tuple[str, ...] = ()
    separator: str = ";"
    unstated: tuple[str, ...] = ()
    code: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the field may have."""
        return (self.field,) if isinstance(self.field, str) else self.field

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that a date may have."""
        return (self.format,) if isinstance(self.format, str) else self.format


class Spec(_Frozen):
    """One source of data, as its YAML describes it.

    Attributes:
        name: what the source is called on the command line.
        aliases: other names for it.
        title, producer, url, licence, citation: of the dataset.
        may_redistribute: whether an export may contain its rows.
        table: which common table its records belong in.
        definition: what it counts.
        reader: how its files are written.
        fields: column of the common table -> where its value comes from.
        constants: column -> a value that all records have.
        totals: column -> the columns whose sum it is where all of them are stated and it is not.
        melt: columns of a wide table of figures that each become a row of their own.
        period: fields whose texts together name the period of a figure; ``(heading)`` is that of a melted column.
        period_unit: of the period, where a table gives a day of it, as spreadsheets do for months.
        ignored: fields that are known and only kept verbatim.
        used: fields that the connector's module reads itself.
        lookups: tables that translate values.
        expected_rows: version -> how many records its file has.
        hxl: whether the second row of a CSV file may hold HXL tags.
        credentials: names of the secrets that a fetch needs.
        options: what a fetch may be asked for -> what it means.
        rate: requests a minute that the service allows; None where it says nothing.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    aliases: tuple[str, ...] = ()
    title: str = Field(min_length=1)
    producer: str = Field(min_length=1)
    url: str = ""
    licence: str = Field(min_length=1)
    citation: str = Field(min_length=1)
    may_redistribute: bool
    table: TableKind
    definition: Definition
    reader: Reader = Reader()
    fields: Mapping[str, FieldRule] = {}
    constants: Mapping[str, str | int | float] = {}
    totals: Mapping[str, tuple[str, ...]] = {}
    melt: tuple[Melt, ...] = ()
    period: tuple[str, ...] = ()
    period_unit: PeriodUnit = ""
    ignored: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    lookups: Mapping[str, Mapping[str, str | int | float | None]] = {}
    expected_rows: Mapping[str, int] = {}
    hxl: bool = False
    credentials: tuple[str, ...] = ()
    options: Mapping[str, str] = {}
    rate: float | None = Field(None, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, values: Any) -> Any:
        """``column: Field`` is short for ``column: {field: Field}``; lookups have text as keys."""
        if not isinstance(values, dict):
            return values
        made = dict(values)
        if isinstance(fields := made.get("fields"), dict):
            made["fields"] = {
                name: {"field": rule} if isinstance(rule, str | list) else rule for name, rule in fields.items()
            }
        if isinstance(period := made.get("period"), str):
            made["period"] = (period,)
        if isinstance(lookups := made.get("lookups"), dict):
            made["lookups"] = {
                name: {str(key): value for key, value in table.items()} if isinstance(table, dict) else table
                for name, table in lookups.items()
            }
        if isinstance(counts := made.get("expected_rows"), dict):
            made["expected_rows"] = {str(version): count for version, count in counts.items()}
        return made

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Every column exists, and so does every lookup."""
        if (self.melt or self.period) and self.table is not TableKind.FIGURES:
            raise ValueError("melt and period are for tables of figures: say `table: figures`")
        known = {column.name for column in self.columns}
        melted = (name for melt in self.melt for name in (*melt.set, *([melt.heading] if melt.heading else ())))
        totalled = (name for column, parts in self.totals.items() for name in (column, *parts))
        for name in (*self.fields, *self.constants, *totalled, *melted):
            if name not in known:
                raise ValueError(
                    f"there is no column {name!r} in the table of {self.table}: {', '.join(sorted(known))}"
                )
        for name, rule in self.fields.items():
            if rule.lookup and rule.lookup not in self.lookups:
                raise ValueError(f"fields.{name}: there is no lookup {rule.lookup!r}")
        return self

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """The columns of its table that a record may fill."""
        return tuple(column for column in COLUMNS[self.table] if column.name not in _GIVEN)

    @property
    def types(self) -> dict[str, ColumnType]:
        """The type of each column."""
        return {column.name: column.type for column in self.columns}

    def with_mapping(self, mapping: Mapping[str, Any], *, file: str) -> Spec:
        """This source with what a person's mapping says in its place.

        Args:
            mapping: keys of a connector's YAML; fields, constants, lookups and reader are added to what is there.
            file: name of the mapping, for errors.

        Raises:
            InputError: a key or value that no mapping can have.
        """
        values = self.model_dump(exclude_defaults=True) | {"name": self.name}
        for key, value in mapping.items():
            merged = key in ("constants", "fields", "lookups", "reader") and isinstance(value, dict)
            values[key] = {**values.get(key, {}), **value} if merged else value
        return _validated(values, file)


def load_mapping(path: Path) -> dict[str, Any]:
    """What a mapping in YAML says; raises ``InputError`` where it is no mapping."""
    import yaml  # noqa: PLC0415 - only where a mapping is read

    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}. Name a YAML file that says which field is which column") from error
    if len(content) > _MOST_BYTES:
        raise InputError(f"{path}: a mapping of {len(content):,} bytes; none is larger than {_MOST_BYTES:,}")
    return _mapping(content, str(path), yaml)


def _mapping(content: bytes, name: str, yaml: Any) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise InputError(f"{name}: a YAML alias (*name). Write it out")
        found = yaml.safe_load(text)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise InputError(f"{name}: not YAML in UTF-8: {error}. Mend it at that place") from error
    if not isinstance(found, dict):
        raise InputError(f"{name}: a mapping is a list of `key: value`. Begin with `fields:`")
    return {str(key): value for key, value in found.items()}


def read_spec(name: str, text: str) -> Spec:
    """The description of a source from the text of its YAML."""
    import yaml  # noqa: PLC0415 - only where a connector is used

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _validated(yaml.load(text, Loader=loader), name)  # noqa: S506 - both are safe


def _validated(values: Any, name: str) -> Spec:
    try:
        return Spec.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in found['loc']) or 'the mapping'}: {found['msg']}"
            for found in error.errors()[:5]
        )
        raise InputError(f"{name}: {faults}") from error
