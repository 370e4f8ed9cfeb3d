"""Reading ``series/``: CSV files of periods and values, each with a YAML file that says where it comes from."""

from __future__ import annotations

import re

from marsad.errors import ParseError
from marsad.model import Date, Kind, Series, SeriesPoint
from marsad.study.bibliography import WEB_REMEDY, is_web_address
from marsad.study.config import Sidecar
from marsad.study.dictionary import Dictionary, Field, Table
from marsad.study.faults import At, Faults, shown
from marsad.study.files import UNREADABLE, Folder
from marsad.study.nodes import YamlFile, read_yaml
from marsad.study.references import References
from marsad.study.tables import Row, read_rows
from marsad.study.validation import validate
from marsad.study.writing import ids_in

__all__ = ["SERIES_FIELDS", "SERIES_FOLDER", "SeriesReader"]

SERIES_FOLDER = "series"
"""The folder of the study in which series stand, each a CSV file with its sidecar."""

SERIES_FIELDS = (
    Field(
        name="period",
        type="edtf",
        required=True,
        description="the period; all of one length, each once, in order of time",
    ),
    Field(
        name="value",
        type="number",
        min=0,
        description="the value in the unit of the sidecar; empty where the producer has none",
    ),
)
"""The columns of a series."""

_VALUE = re.compile(r"[0-9]+(\.[0-9]+)?")
_HASH = re.compile(r"[0-9a-f]{64}")
_MAX_DIGITS = 30


class SeriesReader:
    """Reads the series of one study; notes a fault for all that is wrong with them."""

    def __init__(self, folder: Folder, dictionary: Dictionary, faults: Faults) -> None:
        self._folder = folder
        self._dictionary = dictionary
        self._faults = faults
        self._has_unread = False
        self.files: list[YamlFile] = []
        self.series: list[Series] = []

    @property
    def names(self) -> frozenset[str] | None:
        """The ids of the series; None where a file that gives one could not be read."""
        return None if self._has_unread else ids_in([file.value for file in self.files])

    def read(self) -> None:
        """Read all of them."""
        before = self._faults.count
        names = self._folder.children(SERIES_FOLDER, (".csv", ".yaml"))
        self._has_unread = self._folder.is_misnamed(SERIES_FOLDER) or self._faults.count > before
        for stem in sorted({name.rpartition(".")[0] for name in names}):
            if not self._is_pair(stem, names):
                self._has_unread = True
                continue
            text = self._folder.text(f"{stem}.csv")
            points = self._points(f"{stem}.csv", text) if text is not None else ()
            sidecar = self._sidecar(f"{stem}.yaml", f"{stem}.csv")
            if sidecar is not None:
                self.series.append(_series(sidecar, points))

    def check_words(self, references: References) -> None:
        """Check the words of the vocabularies in the sidecars, those of faulty ones too."""
        for file in self.files:
            for name in ("measure", "unit"):
                word = _text(file, name)
                if word:
                    references.check_word(name, self._dictionary.vocabularies[name], word, file.at((name,)))

    def _is_pair(self, stem: str, names: list[str]) -> bool:
        for here, there, what in ((".csv", ".yaml", "says where it comes from"), (".yaml", ".csv", "holds its values")):
            if stem + there not in names:
                self._faults.add(
                    At(stem + here), f"the file {stem}{there} that {what} is missing", "Add it, or take this one away"
                )
                return False
        return True

    def _sidecar(self, name: str, csv: str) -> Sidecar | None:
        text = self._folder.text(name)
        file = read_yaml(name, text, self._faults) if text is not None else None
        if file is None:
            self._has_unread = True
            return None
        self._check_sidecar(file, csv)
        self.files.append(file)
        sidecar: Sidecar | None = validate(Sidecar, file, self._faults)
        return sidecar

    def _check_sidecar(self, file: YamlFile, csv: str) -> None:
        """What a sidecar says of other files; the form of its values is checked elsewhere."""
        name, digest, url = (_text(file, key) for key in ("id", "sha256", "url"))
        first = next((other for other in self.files if name and _text(other, "id") == name), None)
        if first is not None:
            message = f"the series {shown(name)} stands here a second time; first in {first.name}"
            self._faults.add(file.at(("id",)), message, "Give it another id")
        found = self._folder.files.get(csv)
        if found is not None and _HASH.fullmatch(digest) and digest != found:
            self._faults.add(
                file.at(("sha256",)),
                f"{csv} has another SHA-256: {found}",
                "If the change of the file is meant, write this hash (and the new version and day)",
            )
        if url and not is_web_address(url):
            self._faults.warn(file.at(("url",)), f"{shown(url)} is no address on the web", WEB_REMEDY)

    def _points(self, name: str, text: str) -> tuple[SeriesPoint, ...]:
        # A series is no table of statements: kind and subject stand only for the form of a table.
        table = Table(name=name, file=name, row="one period", kind=Kind.FIGURE, subject="period", fields=SERIES_FIELDS)
        rows = read_rows(table, text, self._faults)
        points: list[SeriesPoint] = []
        for row in rows.rows:
            point = self._point(row) if row.sound and len(row.cells) == len(SERIES_FIELDS) else None
            if self._faults.is_cut(name):
                break
            if point is not None:
                self._order(points, point, row)
                points.append(point)
        return tuple(points)

    def _point(self, row: Row) -> SeriesPoint | None:
        period, value = row.cells["period"].text, row.cells["value"].text
        if UNREADABLE in period + value:
            return None
        if value and (not _VALUE.fullmatch(value) or len(value) > _MAX_DIGITS):
            self._faults.add(
                row.at("value"), f"{shown(value)} is no number of 0 or more", "Write digits, or leave the cell empty"
            )
            return None
        try:
            date = Date.parse(period[:100])
        except ParseError as error:
            self._faults.add(row.at("period"), str(error), "Write a period such as 2022 or 2022-04")
            return None
        if date.is_interval or date.text[-1] in "~?%" or "X" in date.text:
            self._faults.add(row.at("period"), f"{shown(period)} is no plain period", "Write a period such as 2022-04")
            return None
        return SeriesPoint(period=date, value=float(value) if value else None)

    def _order(self, before: list[SeriesPoint], point: SeriesPoint, row: Row) -> None:
        if not before:
            return
        last, date = before[-1].period, point.period
        if date.precision != before[0].period.precision:
            message = f"{date.text} is a {date.precision} where the first period is a {before[0].period.precision}"
            self._faults.add(row.at("period"), message, "Write periods of one length")
        elif not last.is_before(date):
            self._faults.add(
                row.at("period"),
                f"{date.text} does not come after {last.text}",
                "Put periods in order of time, each once",
            )


def _text(file: YamlFile, key: str) -> str:
    """What a sidecar has under a key; empty where that is missing, no text, or cannot be read."""
    value = file.value.get(key) if isinstance(file.value, dict) else None
    return value if isinstance(value, str) and UNREADABLE not in value else ""


def _series(sidecar: Sidecar, points: tuple[SeriesPoint, ...]) -> Series:
    return Series(
        release=sidecar.release,
        source=sidecar.source,
        measure=sidecar.measure,
        unit=sidecar.unit,
        area=sidecar.area,
        definition=sidecar.definition,
        points=points,
    )
