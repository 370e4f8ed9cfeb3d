"""A source's records as arrays: what the comparison of names and words, the choice of the rule and the output need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.evidence.engine.tables import arrow_column, numpy_column
from marsad.model.tables import COLUMNS, ColumnType, TableKind
from marsad.reconcile.blocking import Extent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.evidence.engine import Engine

__all__ = ["Side", "coded", "read_side"]

_TYPES = {
    ColumnType.TEXT: "string",
    ColumnType.TEXTS: "array<string>",
    ColumnType.INTEGER: "int64",
    ColumnType.NUMBER: "float64",
    ColumnType.DATE: "date",
}
_READ = (
    *("record", "dataset", "row", "source_id", "date_start", "date_end", "latitude", "longitude", "radius_km"),
    *("place_precision", "country", "admin1", "admin1_reported", "place", "deaths_low", "deaths_best", "deaths_high"),
    *("injured", "abducted", "arrested", "events", "side_a", "side_b", "kind", "violence_type", "plover", "text"),
    *("date_precision", "admin1_code", "admin2", "admin2_code", "definition"),
)
_NOWHERE = frozenset({"country", "region"})
_RADII = {"point": 1.0, "near": 25.0, "linear": 25.0, "admin2": 50.0, "admin1": 150.0}
_WIDE_KM = 500.0


@dataclass(frozen=True)
class Side:
    """One source.

    Attributes:
        path: the Parquet file.
        arrow: its records in order of record, dataset and row, with the columns of the common table that are read here,
            ``area``: the first-level area, as coded or otherwise as reported, and ``id``: the source's own identifier
            or otherwise the record.
    """

    path: Path
    arrow: Any

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    def numbers(self, name: str) -> NDArray[Any]:
        """A column of numbers, float64 with NaN for what is missing, those of ``extent`` and of counts included.

        The counts are ``deaths_least`` and ``deaths_most`` (of the estimates that there are) and ``taken`` (abducted
        and arrested); ``located`` is of truths.
        """
        return self._numbers[name]

    def take(self, name: str, numbers: NDArray[np.int64]) -> Any:
        """A column of some records, as Arrow."""
        return self.arrow.column(name).take(arrow_column(numbers))

    def texts(self, name: str) -> list[str | None]:
        """A column of texts."""
        found: list[str | None] = self.arrow.column(name).to_pylist()
        return found

    def says(self, name: str) -> bool:
        """Whether any record has a value in a column."""
        column = self.arrow.column(name)
        return bool(column.null_count < len(column))

    def codes(self, *names: str) -> tuple[NDArray[np.int64], list[tuple[str | None, ...]]]:
        """The combinations of several text columns: the number of each record's, and the combinations."""
        return coded([self.arrow.column(name) for name in names])

    @property
    def begun(self) -> NDArray[np.float64]:
        """First day of each record since 1970-01-01, NaN without a date."""
        return self.numbers("begun")

    @property
    def ended(self) -> NDArray[np.float64]:
        """Last day of each record, likewise."""
        return self.numbers("ended")

    @property
    def located(self) -> NDArray[np.bool_]:
        """Whether each record has coordinates that place it: those of a whole country or region count as none."""
        return self.numbers("located")

    @cached_property
    def _countries(self) -> tuple[NDArray[np.int64], list[tuple[str | None, ...]]]:
        return self.codes("country")

    @property
    def countries(self) -> list[str]:
        """The countries that occur, the empty text for none."""
        return [name or "" for (name,) in self._countries[1]]

    @property
    def country(self) -> NDArray[np.int64]:
        """The place of each record's country in ``countries``."""
        return self._countries[0]

    @cached_property
    def extent(self) -> Extent:
        """When and where the records are."""
        return Extent(
            begun=self.begun,
            ended=self.ended,
            located=self.located,
            latitude=self.numbers("latitude"),
            longitude=self.numbers("longitude"),
            radius=self.numbers("radius"),
            country=self.country,
            countries=self.countries,
        )

    @cached_property
    def _numbers(self) -> dict[str, NDArray[Any]]:
        read = ("date_start", "date_end", "latitude", "longitude", "radius_km", "injured", "events")
        found = {name: self._column(name) for name in read}
        start, end = found.pop("date_start"), found.pop("date_end")
        deaths = [self._column(f"deaths_{name}") for name in ("low", "best", "high")]
        taken = [self._column(name) for name in ("abducted", "arrested")]
        precision, precisions = self.codes("place_precision")
        stated = np.array([_RADII.get(name or "", 0.0) for (name,) in precisions])[precision]
        nowhere = np.array([name in _NOWHERE for (name,) in precisions], dtype=bool)[precision]
        radius = found.pop("radius_km")
        radius = np.where(np.isnan(radius), stated, radius).clip(min=0.0)
        inside = (np.abs(found["latitude"]) <= 90.0) & (np.abs(found["longitude"]) <= 180.0)
        return found | {
            "begun": np.fmin(start, end),
            "ended": np.fmax(start, end),
            "radius": radius,
            "located": inside & ~nowhere & (radius <= _WIDE_KM),
            "deaths_least": np.fmin(np.fmin(deaths[0], deaths[1]), deaths[2]),
            "deaths_most": np.fmax(np.fmax(deaths[0], deaths[1]), deaths[2]),
            "taken": np.where(
                np.isnan(taken[0]) & np.isnan(taken[1]), np.nan, np.nan_to_num(taken[0]) + np.nan_to_num(taken[1])
            ),
        }

    def _column(self, name: str) -> NDArray[np.float64]:
        return numpy_column(self.arrow.column(name)).astype(np.float64)


def coded(columns: Sequence[Any]) -> tuple[NDArray[np.int64], list[tuple[str | None, ...]]]:
    """The combinations of equally long Arrow columns of texts: the number of each row's, and the combinations."""
    total = np.zeros(len(columns[0]), dtype=np.int64)
    vocabularies = []
    for column in columns:
        encoded = column.combine_chunks().dictionary_encode()
        words = [*encoded.dictionary.to_pylist(), None]
        number = np.nan_to_num(numpy_column(encoded.indices), nan=len(words) - 1).astype(np.int64)
        total = total * len(words) + number
        vocabularies.append(words)
    kept, codes = np.unique(total, return_inverse=True)
    combinations = []
    for code in kept.tolist():
        rest, parts = code, []
        for words in reversed(vocabularies):
            rest, number = divmod(rest, len(words))
            parts.append(words[number])
        combinations.append(tuple(reversed(parts)))
    return codes.astype(np.int64), combinations


def read_side(engine: Engine, name: str, path: Path) -> Side:
    """Read one event table.

    Args:
        engine: what runs the expressions.
        name: under which the engine shall know it.
        path: a Parquet file or folder in the common schema; columns that are missing count as empty.

    Raises:
        InputError: the table has no column ``record``, or a date column is no date.
    """
    import ibis  # noqa: PLC0415 - slow to import

    events = engine.scan(name, path)
    if "record" not in events.columns:
        raise InputError(f"{path}: no column record; make the table with `marsad import`")
    schema = events.schema()
    kinds = {column.name: ibis.dtype(_TYPES[column.type]) for column in COLUMNS[TableKind.EVENTS]}
    columns = {}
    for column in _READ:
        kind = kinds[column]
        is_there = column in schema
        columns[column] = (
            events[column]
            if is_there and schema[column] == kind
            else (events[column].cast(kind) if is_there else ibis.null(kind))
        )
    columns["dataset"] = ibis.coalesce(columns["dataset"], ibis.literal(path.stem))
    columns["area"] = ibis.coalesce(columns["admin1"], columns["admin1_reported"])
    del columns["admin1_reported"]
    columns["id"] = ibis.coalesce(columns["source_id"], columns["record"])
    order = [columns[name] for name in ("record", "dataset", "row")]
    return Side(path, engine.collect_arrow(events.order_by(order).select(**columns), order_by=None))
