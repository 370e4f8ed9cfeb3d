"""A source's records as arrays: what the comparison of names and words, the choice of the rule and the output need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.evidence.engine.tables import dictionary_of, filled, no_values, numpy_column, taken
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
    *("record", "dataset", "source_id", "date_start", "date_end", "latitude", "longitude", "radius_km"),
    *("place_precision", "country", "admin1", "admin1_reported", "place", "deaths_low", "deaths_best", "deaths_high"),
    *("injured", "abducted", "arrested", "events", "side_a", "side_b", "kind", "violence_type", "plover", "text"),
    *("date_precision", "admin1_code", "admin2", "admin2_code", "definition"),
)
_KINDS = {column.name: _TYPES[column.type] for column in COLUMNS[TableKind.EVENTS]}
_FEW = frozenset(name for name in _READ if _KINDS[name] == "string") - {"record", "source_id", "text"}
_INSTEAD = {"area": ("admin1", "admin1_reported"), "id": ("source_id", "record")}
_NOWHERE = frozenset({"country", "region"})
_RADII = {"point": 1.0, "near": 25.0, "linear": 25.0, "admin2": 50.0, "admin1": 150.0}
_WIDE_KM = 500.0


@dataclass(frozen=True)
class Side:
    """One source.

    Attributes:
        path: the Parquet file.
        arrow: its records in order of record, dataset and row: those columns of the common table that are read here and
            that hold anything.
    """

    path: Path
    arrow: Any
    _made: dict[str, NDArray[Any]] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    def numbers(self, name: str) -> NDArray[Any]:
        """A column of numbers, float64 with NaN for what is missing, those of ``extent`` and of counts included.

        The counts are ``deaths_least`` and ``deaths_most`` (of the estimates that there are) and ``taken`` (abducted
        and arrested); ``located`` is of truths.
        """
        if name not in self._made:
            make = _COMPUTED.get(name)
            self._made[name] = self.raw(name) if make is None else make(self)
        return self._made[name]

    def column(self, name: str) -> Any:
        """A column as Arrow, of texts perhaps a dictionary.

        Two are made of others: ``area`` is the first-level area, as coded or otherwise as reported, and ``id`` the
        source's own identifier or otherwise the record.
        """
        if name in _INSTEAD:
            first, second = _INSTEAD[name]
            return filled(self.column(first), self.column(second)) if self.says(first) else self.column(second)
        return self.arrow.column(name) if name in self.arrow.column_names else no_values(_KINDS[name], len(self))

    def take(self, name: str, numbers: NDArray[np.int64]) -> Any:
        """A column of some records, as Arrow."""
        if name in _INSTEAD:
            first, second = _INSTEAD[name]
            return filled(self.take(first, numbers), self.take(second, numbers))
        if name not in self.arrow.column_names:
            return no_values(_KINDS[name], len(numbers))
        return taken(self.arrow.column(name), numbers)

    def texts(self, name: str) -> list[str | None]:
        """A column of texts."""
        found: list[str | None] = self.column(name).to_pylist()
        return found

    def says(self, name: str) -> bool:
        """Whether any record has a value in a column."""
        return len(self) > 0 and any(one in self.arrow.column_names for one in _INSTEAD.get(name, (name,)))

    def codes(self, *names: str) -> tuple[NDArray[np.int64], list[tuple[str | None, ...]]]:
        """The combinations of several text columns: the number of each record's, and the combinations."""
        return coded([self.column(name) for name in names])

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

    def raw(self, name: str) -> NDArray[np.float64]:
        """A column of numbers or dates as it was read, float64 with NaN; one without values takes no memory."""
        if name not in self.arrow.column_names:
            return np.broadcast_to(np.float64(np.nan), len(self))
        return numpy_column(self.arrow.column(name)).astype(np.float64, copy=False)


def _day(side: Side, choose: Callable[[Any, Any], Any]) -> NDArray[np.float64]:
    days: NDArray[np.float64] = choose(side.raw("date_start"), side.raw("date_end"))
    return days


def _radius(side: Side) -> NDArray[np.float64]:
    precision, precisions = side.codes("place_precision")
    stated = np.array([_RADII.get(name or "", 0.0) for (name,) in precisions])[precision]
    radius = side.raw("radius_km")
    return np.where(np.isnan(radius), stated, radius).clip(min=0.0)


def _located(side: Side) -> NDArray[np.bool_]:
    precision, precisions = side.codes("place_precision")
    nowhere = np.array([name in _NOWHERE for (name,) in precisions], dtype=bool)[precision]
    inside = (np.abs(side.numbers("latitude")) <= 90.0) & (np.abs(side.numbers("longitude")) <= 180.0)
    located: NDArray[np.bool_] = inside & ~nowhere & (side.numbers("radius") <= _WIDE_KM)
    return located


def _deaths(side: Side, choose: Callable[[Any, Any], Any]) -> NDArray[np.float64]:
    low, best, high = (side.raw(f"deaths_{name}") for name in ("low", "best", "high"))
    deaths: NDArray[np.float64] = choose(choose(low, best), high)
    return deaths


def _taken(side: Side) -> NDArray[np.float64]:
    one, other = side.raw("abducted"), side.raw("arrested")
    if not side.says("abducted") and not side.says("arrested"):
        return one
    return np.where(np.isnan(one) & np.isnan(other), np.nan, np.nan_to_num(one) + np.nan_to_num(other))


_COMPUTED: Mapping[str, Callable[[Side], NDArray[Any]]] = {
    "begun": lambda side: _day(side, np.fmin),
    "ended": lambda side: _day(side, np.fmax),
    "radius": _radius,
    "located": _located,
    "deaths_least": lambda side: _deaths(side, np.fmin),
    "deaths_most": lambda side: _deaths(side, np.fmax),
    "taken": _taken,
}


def coded(columns: Sequence[Any]) -> tuple[NDArray[np.int64], list[tuple[str | None, ...]]]:
    """The combinations of equally long Arrow columns of texts: the number of each row's, and the combinations."""
    total = np.zeros(len(columns[0]), dtype=np.int64)
    vocabularies = []
    for column in columns:
        encoded = dictionary_of(column)
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


def read_side(engine: Engine, path: Path) -> Side:
    """Read one event table.

    Args:
        engine: what reads it.
        path: a Parquet file or folder in the common schema; columns that are missing count as empty.

    Raises:
        InputError: the table has no column ``record``, or a date column is no date.
    """
    types = {name: _KINDS[name] for name in _READ}
    default = {"dataset": path.stem}
    table = engine.read(path, types, order_by=("record", "dataset", "row"), coded=_FEW, default=default)
    if "record" not in table.column_names:
        raise InputError(f"{path}: no column record; make the table with `marsad import`")
    if table.column("record").null_count:
        raise InputError(f"{path}: rows without a record; make the table with `marsad import`")
    return Side(path, table)
