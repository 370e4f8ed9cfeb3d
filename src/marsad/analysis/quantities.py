"""Reported figures by the quantity that they are of, and who reported them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from marsad.analysis.printing import cell, in_order, table
from marsad.model import (
    Agreement,
    Cell,
    Date,
    Evidence,
    Figure,
    Table,
    date_text,
    names,
    place_names,
    quantity_text,
    short_name,
    source_name,
    targets_text,
    word,
)

__all__ = ["Definitions", "Quantified", "by_quantity", "reporter_name", "reporter_names", "reporter_of"]


@dataclass(frozen=True, slots=True)
class Quantified:
    """All reports of one quantity: same measure, unit, area, period, actor, target and base of comparison.

    Periods are the same where they have the same first and last day: ``2022`` and ``2022-01/2022-12``.
    """

    figures: tuple[Figure, ...]

    @property
    def first(self) -> Figure:
        """The first report; measure, unit, area, period, actor and target are those of all."""
        return self.figures[0]

    @property
    def period(self) -> Date | None:
        """Its period, as its reports write it most shortly."""
        periods = [figure.period for figure in self.figures if figure.period]
        return min(periods, key=lambda period: (len(period.text), period.text), default=None)

    def about(self, evidence: Evidence) -> str:
        """What is measured, by whom and of whom: ``attacks by TTP``, ``killed, police``."""
        figure = self.first
        text = word(figure.measure)
        text += f" ({word(figure.unit)})" if figure.unit in ("percent", "percent_change", "share") else ""
        text += f", against {date_text(figure.compared_to, short=True)}" if figure.compared_to else ""
        text += f", of {targets_text(figure.target)}" if figure.target else ""
        return text + (f", by {names(evidence, figure.actor, short=True)}" if figure.actor else "")

    def area(self, evidence: Evidence) -> str:
        """The names of the places."""
        return place_names(evidence, self.first.area, short=True)

    def row_name(self, evidence: Evidence) -> str:
        """All of it in one text."""
        parts = [self.about(evidence), self.area(evidence), date_text(self.period, short=True)]
        return "; ".join(part for part in parts if part)

    @property
    def wholes(self) -> tuple[Figure, ...]:
        """The figures that are no part of another one of them."""
        subjects = {figure.subject for figure in self.figures}
        return tuple(figure for figure in self.figures if figure.whole not in subjects)

    @property
    def differs(self) -> bool:
        """Whether two of its values, no parts of one another, could not both be right if they counted the same."""
        return _conflict(self.wholes)

    @property
    def differs_alike(self) -> bool:
        """Whether two such values come with one definition."""
        groups: dict[str, list[Figure]] = {}
        for figure in self.wholes:
            groups.setdefault(figure.definition, []).append(figure)
        return any(map(_conflict, groups.values()))

    @property
    def reporters(self) -> tuple[str, ...]:
        """Who reported a value, each once."""
        return tuple(dict.fromkeys(reporter_of(figure) for figure in self.figures))


def _conflict(figures: Iterable[Figure]) -> bool:
    values = dict.fromkeys(figure.value for figure in figures)
    return any(a.compare(b) is Agreement.CONFLICTING for a, b in combinations(values, 2))


def reporter_of(figure: Figure) -> str:
    """The actor that counted or claimed it; the key of the source where none is named."""
    return figure.reported_by or figure.source


def by_quantity(figures: Iterable[Figure], evidence: Evidence) -> list[Quantified]:
    """Figures by quantity, ordered by measure, area, period, actor and target; those of one by date of their source."""
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for figure in figures:
        groups.setdefault(_key(figure), []).append(figure)
    return [Quantified(tuple(in_order(groups[key], evidence))) for key in sorted(groups)]


def _key(figure: Figure) -> tuple[object, ...]:
    area, actor, target = (tuple(sorted(set(named))) for named in (figure.area, figure.actor, figure.target))
    return (figure.measure, area, _bounds(figure.period), actor, target, figure.unit, _bounds(figure.compared_to))


def _bounds(period: Date | None) -> tuple[bool, str, str]:
    """First and last day of a period as texts that sort; what has no period comes last."""
    if period is None:
        return (True, "", "")
    first, last = period.earliest, period.latest
    return (False, first.isoformat() if first else "", last.isoformat() if last else "9999-99-99")


class Definitions:
    """Numbers the definitions of figures in order of use, for the list under the table."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._used: dict[str, list[Figure]] = {}

    def value(self, figure: Figure) -> str:
        """A value as reported with the number of its definition: ``262 [3]``."""
        number = self._numbers.setdefault(figure.definition, len(self._numbers) + 1)
        self._used.setdefault(figure.definition, []).append(figure)
        return f"{quantity_text(figure.value, figure.unit, short=True)} [{number}]"

    def value_cell(self, figures: Iterable[Figure], evidence: Evidence, *, named: bool = False) -> Cell:
        """The values of several figures, each once; with the name of the reporter where ``named``."""
        chosen = list(figures)
        texts = []
        for figure in chosen:
            who = reporter_name(evidence, reporter_of(figure))
            texts.append(self.value(figure) + (f" ({who})" if named else ""))
        ids = [found for figure in chosen for found in figure.ids_of("value")]
        return cell("; ".join(dict.fromkeys(texts)), ids, [figure.source for figure in chosen if figure.source])

    def table(self) -> Table:
        """The definitions with their numbers and the sources that use them."""
        rows = []
        for text, number in self._numbers.items():
            used = self._used[text]
            ids = [found for figure in used for found in figure.ids_of("definition")]
            rows.append([cell(f"[{number}]"), cell(text, ids, [figure.source for figure in used if figure.source])])
        return table("Definitions: what was counted", ["Number", "What was counted"], rows)


def reporter_name(evidence: Evidence, reporter: str) -> str:
    """An actor's acronym or name, or a source's author and year."""
    return short_name(evidence, reporter) if reporter in evidence.actor_by_id else source_name(evidence, reporter)


def reporter_names(evidence: Evidence, reporters: Iterable[str]) -> dict[str, str]:
    """Names of reporters, with the key behind those that two of them share (two articles of one author and year)."""
    found = {reporter: reporter_name(evidence, reporter) for reporter in reporters}
    twice = {name for name, times in Counter(found.values()).items() if times > 1}
    return {reporter: f"{name} ({reporter})" if name in twice else name for reporter, name in found.items()}
