"""The common tables that records of any dataset are brought into: the data dictionary of their columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["COLUMNS", "ColumnType", "TableColumn", "TableKind"]


class ColumnType(StrEnum):
    """The type of a column's values; every column may be null, which means that the source does not say."""

    TEXT = "text"
    TEXTS = "texts"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"


class TableKind(StrEnum):
    """Which common table a dataset's records belong in."""

    EVENTS = "events"
    FIGURES = "figures"
    ACTORS = "actors"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a common table.

    Attributes:
        name: its name.
        type: the type of its values.
        description: what they mean, with unit and vocabulary.
    """

    name: str
    type: ColumnType
    description: str


def _columns(*rows: tuple[str, ColumnType, str]) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(*row) for row in rows)


_T, _I, _N, _D = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.DATE

_ORIGIN = _columns(
    ("record", _T, "identifier of the record: a hash of the dataset and of everything the record says"),
    ("dataset", _T, "name of the connector that read it"),
    ("release", _T, "identifier of the release that it stands in"),
    ("row", _I, "its number in the file, from 1, headings not counted"),
    ("source_id", _T, "the source's own identifier; some sources use one twice"),
)
_AREA = _columns(
    ("country", _T, "ISO 3166-1 alpha-3 code"),
    ("country_reported", _T, "the country as the source writes it"),
    ("admin1", _T, "first-level area: the assigned name where it was assigned, otherwise the reported one"),
    ("admin2", _T, "second-level area, likewise"),
    ("admin1_code", _T, "code of the assigned first-level area"),
    ("admin2_code", _T, "code of the assigned second-level area"),
    ("admin1_reported", _T, "first-level area as the source writes it"),
    ("admin2_reported", _T, "second-level area as the source writes it"),
    ("admin_by", _T, "how the areas were found: source, coordinates, name"),
)
_VERBATIM = _columns(("verbatim", _T, "the whole record as the source has it, a JSON object"))

COLUMNS: dict[TableKind, tuple[TableColumn, ...]] = {
    TableKind.EVENTS: (
        *_ORIGIN,
        *_columns(
            ("date_start", _D, "first day on which it may have happened or begun"),
            ("date_end", _D, "last day, itself included"),
            ("date_precision", _T, "day, days (a few), week, month, year: how exactly the source knows the date"),
        ),
        *_AREA,
        *_columns(
            ("place", _T, "the place as the source writes it"),
            ("latitude", _N, "degrees, WGS 84"),
            ("longitude", _N, "degrees, WGS 84"),
            ("place_precision", _T, "point, near (some 25 km), linear, admin2, admin1, country, region"),
            ("radius_km", _N, "how far from the coordinates it may have happened, km, by the precision"),
            ("border", _T, "name of the border line that the distance is to"),
            ("border_km", _N, "distance to that border line, km"),
            ("kind", _T, "kind of event: battle, explosion, violence_against_civilians, protest, riot, development"),
            ("subkind", _T, "finer kind, of the same vocabulary where the source allows, otherwise its own word"),
            ("violence_type", _T, "UCDP type of organised violence: state_based, non_state, one_sided"),
            ("plover", _T, "PLOVER event type, such as ASSAULT"),
            ("side_a", _T, "the first side (attacker or government), as the source writes it"),
            ("side_b", _T, "the second side or the victims, as the source writes it"),
            ("side_a_id", _T, "the source's identifier of the first side"),
            ("side_b_id", _T, "the source's identifier of the second side"),
            ("deaths_low", _I, "killed on all sides, lowest estimate"),
            ("deaths_best", _I, "killed on all sides, best estimate, as the source's counting definition has it"),
            ("deaths_high", _I, "killed on all sides, highest estimate"),
            ("deaths_a", _I, "killed on the first side, best estimate"),
            ("deaths_b", _I, "killed on the second side, best estimate"),
            ("deaths_civilians", _I, "civilians killed, best estimate"),
            ("deaths_unknown", _I, "killed whose side is not known, best estimate"),
            ("injured", _I, "people injured, best estimate"),
            ("abducted", _I, "people kidnapped or abducted"),
            ("arrested", _I, "people arrested or detained"),
            ("definition", _T, "identifier of what the source counts as an event and as a victim"),
            ("events", _I, "how many events the record stands for; null where it is one"),
            ("text", _T, "the source's description"),
            ("sources", _T, "whom the source itself names as its sources"),
            ("url", _T, "address of the report"),
        ),
        *_VERBATIM,
    ),
    TableKind.FIGURES: (
        *_ORIGIN,
        *_columns(
            ("measure", _T, "what is counted"),
            ("unit", _T, "unit of the values"),
            ("definition", _T, "identifier of what the source counts"),
            ("period_start", _D, "first day of the period"),
            ("period_end", _D, "last day of the period, itself included"),
        ),
        *_AREA,
        *_columns(
            ("counterpart", _T, "the other country (of asylum, of return), ISO 3166-1 alpha-3"),
            ("actor", _T, "whom the figure is about"),
            ("low", _N, "lowest estimate"),
            ("best", _N, "best estimate"),
            ("high", _N, "highest estimate"),
        ),
        *_VERBATIM,
    ),
    TableKind.ACTORS: (
        *_ORIGIN,
        *_columns(
            ("name", _T, "name as the source has it"),
            ("aliases", ColumnType.TEXTS, "other names"),
            ("kind", _T, "what sort of actor"),
            ("country", _T, "ISO 3166-1 alpha-3 code of where it is based"),
            ("since", _D, "first day on which it existed under this name"),
            ("until", _D, "last day"),
            ("parent", _T, "the source's identifier of the actor that it came from or belongs to"),
        ),
        *_VERBATIM,
    ),
    TableKind.DOCUMENTS: (
        *_ORIGIN,
        *_columns(
            ("title", _T, "title"),
            ("date", _D, "day of publication"),
            ("language", _T, "ISO 639-1 code"),
            ("producers", ColumnType.TEXTS, "who published it"),
            ("countries", ColumnType.TEXTS, "countries that it is about, ISO 3166-1 alpha-3"),
            ("body", _T, "its text"),
            ("url", _T, "address"),
        ),
        *_VERBATIM,
    ),
}
"""The columns of each common table, in order."""
